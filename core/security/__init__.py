"""Keys and what is done with them: the ring, envelopes, blind indexes, codes, passwords, the audit chain."""
