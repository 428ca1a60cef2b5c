"""Attempts to send, written before the call; whether an earlier one may have arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNCERTAIN = sa.text("outcome = 'uncertain'")


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("notification", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification"],
            ["notifications.id"],
            name="fk_attempts_notification_notifications",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notification", "number", name="pk_attempts"),
    )
    op.create_index(
        "ix_attempts_uncertain", "attempts", ["outcome"], sqlite_where=UNCERTAIN, postgresql_where=UNCERTAIN
    )
    for name in ("doubtful", "wiped"):
        op.add_column("notifications", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("notifications") as table:
        table.drop_column("wiped")
        table.drop_column("doubtful")
    op.drop_index("ix_attempts_uncertain", "attempts")
    op.drop_table("attempts")
