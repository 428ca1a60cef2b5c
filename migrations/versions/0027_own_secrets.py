"""Secrets that were handed over, until their owner has taken their own; conversations found by their person."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Who is there already goes on as they are.
    op.add_column("staff", sa.Column("handed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("staff_sessions", sa.Column("offered", sa.LargeBinary(), nullable=True))
    op.create_index("ix_conversations_account_asked_at", "conversations", ["account", "asked_at"])


def downgrade() -> None:
    op.drop_index("ix_conversations_account_asked_at", "conversations")
    op.drop_column("staff_sessions", "offered")
    op.drop_column("staff", "handed")
