"""A program's address may be switched off, and for a day after a new secret the one before it signs as well."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hooks") as hooks:
        hooks.add_column(sa.Column("off", sa.Boolean(), nullable=False, server_default=sa.false()))
        hooks.add_column(sa.Column("former", sa.LargeBinary(), nullable=True))
        hooks.add_column(sa.Column("former_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("hooks") as hooks:
        hooks.alter_column("off", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("hooks") as hooks:
        for column in ("former_until", "former", "off"):
            hooks.drop_column(column)
