"""Visits handed over to specialists."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_name", sa.Text(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reader_hash", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("slot BETWEEN 1 AND 10", name="ck_handovers_slot"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_handovers_account"),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    for unique in ("token_hash", "code_name", "reader_hash"):
        op.create_index(f"uq_handovers_{unique}", "handovers", [unique], unique=True)
    op.create_index("uq_handovers_account_slot", "handovers", ["account", "slot"], unique=True)
    op.create_index("ix_handovers_account_made_at", "handovers", ["account", "made_at"])
    op.create_index("ix_handovers_made_at", "handovers", ["made_at"])
    op.create_index("ix_handovers_expires_at", "handovers", ["expires_at"])


def downgrade() -> None:
    op.drop_table("handovers")
