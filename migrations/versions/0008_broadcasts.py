"""Broadcasts: texts, segment, schedule, progress."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBERS = ("made", "left_out", "sent", "blocked", "failed", "skipped", "uncertain", "expired", "cancelled", "waiting")
NUMBERS += ("held", "judged", "judged_failed", "version")
OF_BROADCASTS = sa.text("broadcast IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("segment", sa.JSON(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
    )
    op.create_index("uq_broadcasts_key", "broadcasts", ["key"], unique=True)
    op.create_index("ix_broadcasts_visit_at", "broadcasts", ["visit_at"])
    op.create_index(
        "ix_notifications_broadcast_state",
        "notifications",
        ["broadcast", "state"],
        sqlite_where=OF_BROADCASTS,
        postgresql_where=OF_BROADCASTS,
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_broadcast_state", "notifications")
    op.drop_table("broadcasts")
