"""The database itself refuses to change or remove audit lines and checkpoints.

Whoever owns the database can drop a trigger: the chain and its signed checkpoints show what was done afterwards.
The trigger stops mistakes, and a product that was taken over.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = {"audit_lines": "old.chain = new.chain AND old.seq = new.seq", "audit_checkpoints": "old.number = new.number"}
REFUSED = "audit lines are never changed"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
        )
        for table in TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION audit_stands()"
            )
        return
    for table, same in TABLES.items():
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
        # INSERT OR REPLACE removes the old row without waking a trigger of DELETE.
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608 - names of our own
            f"WHEN EXISTS (SELECT 1 FROM {table} AS old WHERE {same.replace('new.', 'NEW.')}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_stand ON {table}")
        op.execute("DROP FUNCTION audit_stands()")
        return
    for table in TABLES:
        for name in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER {table}_no_{name}")
