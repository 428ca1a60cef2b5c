"""The second factor, the sessions it opens, and identity checks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('asked', 'compared')")


def upgrade() -> None:
    op.create_table(
        "factors",
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_factors_account"),
        sa.PrimaryKeyConstraint("account", name="pk_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_recovery_codes_account"),
        sa.PrimaryKeyConstraint("account", "digest", name="pk_recovery_codes"),
    )
    op.create_table(
        "known_chats",
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_known_chats_account"),
        sa.PrimaryKeyConstraint("account", "chat", name="pk_known_chats"),
    )
    op.create_table(
        "unlocks",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_unlocks_account"),
        sa.PrimaryKeyConstraint("chat", name="pk_unlocks"),
    )
    op.create_index("ix_unlocks_until", "unlocks", ["until"])
    op.create_table(
        "medical_messages",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("chat", "message", name="pk_medical_messages"),
    )
    op.create_index("ix_medical_messages_try_at", "medical_messages", ["try_at"])
    op.create_table(
        "proofs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("factor", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared", sa.LargeBinary(), nullable=True),
        sa.Column("first", sa.Uuid(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (first IS NOT NULL AND second IS NOT NULL AND first <> second)",
            name="ck_proofs_two",
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_proofs_account"),
        sa.ForeignKeyConstraint(["first"], ["staff.id"], name="fk_proofs_first"),
        sa.ForeignKeyConstraint(["second"], ["staff.id"], name="fk_proofs_second"),
        sa.PrimaryKeyConstraint("id", name="pk_proofs"),
    )
    op.create_index("uq_proofs_open", "proofs", ["account"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_proofs_state_asked_at", "proofs", ["state", "asked_at"])
    op.create_index("ix_proofs_account_asked_at", "proofs", ["account", "asked_at"])


def downgrade() -> None:
    for table in ("proofs", "medical_messages", "unlocks", "known_chats", "recovery_codes", "factors"):
        op.drop_table(table)
