"""Messages that are pinned to the top of their chat for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("state IN ('wanted', 'pinned')")


def upgrade() -> None:
    op.add_column("notifications", sa.Column("pinned_until", MOMENT, nullable=True))
    op.create_table(
        "pins",
        sa.Column("notification", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification"], ["notifications.id"], name="fk_pins_notification", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("notification", name="pk_pins"),
    )
    op.create_index("ix_pins_due", "pins", ["due_at"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index("ix_pins_subject", "pins", ["subject"])


def downgrade() -> None:
    op.drop_table("pins")
    with op.batch_alter_table("notifications") as notifications:
        notifications.drop_column("pinned_until")
