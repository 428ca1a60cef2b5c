"""The database: rows, and the Sql twins of the domain's collections. They encrypt, decrypt and settle races."""
