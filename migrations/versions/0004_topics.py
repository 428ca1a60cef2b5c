"""What a notification is about and waits for; where a chat's person lives, and the fence of its updates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNSENT = sa.text("state IN ('sending', 'waiting')")
ADDED = (
    ("topic", sa.Text()),
    ("subject", sa.Uuid()),
    ("wall_at", sa.Text()),
    ("wall_zone", sa.Text()),
    ("broadcast", sa.Uuid()),
)


def upgrade() -> None:
    with op.batch_alter_table("notifications") as table:
        for name, kind in ADDED:
            table.add_column(sa.Column(name, kind, nullable=True))
        for name in ("urgent", "in_digest"):
            table.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_notifications_subject", "notifications", ["subject"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )
    op.create_index("uq_notifications_broadcast_account", "notifications", ["broadcast", "account"], unique=True)
    with op.batch_alter_table("chats") as table:
        table.add_column(sa.Column("region", sa.Text(), nullable=True))
        table.add_column(sa.Column("fence", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("chats") as table:
        table.drop_column("fence")
        table.drop_column("region")
    op.drop_index("uq_notifications_broadcast_account", "notifications")
    op.drop_index("ix_notifications_subject", "notifications")
    with op.batch_alter_table("notifications") as table:
        for name in ("in_digest", "urgent", *(name for name, _ in reversed(ADDED))):
            table.drop_column(name)
