"""What each person wants to be told, where and when; what was set to be reminded of."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=True),
        sa.Column("quiet_to", sa.Text(), nullable=True),
        sa.Column("digest", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_subscriptions_account"),
        sa.PrimaryKeyConstraint("account", name="pk_subscriptions"),
    )
    op.create_table(
        "reminders",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("wall_at", sa.Text(), nullable=False),
        sa.Column("wall_zone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_reminders"),
    )


def downgrade() -> None:
    op.drop_table("reminders")
    op.drop_table("subscriptions")
