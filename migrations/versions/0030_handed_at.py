"""When secrets were handed over: those that were not replaced yet lapse as if they had been given now."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

STAFF = sa.table("staff", sa.column("handed", sa.Boolean()), sa.column("handed_at", sa.DateTime(timezone=True)))


def upgrade() -> None:
    op.add_column("staff", sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True))
    now = datetime.now(UTC)  # noqa: TID251 - a migration has no clock handed in
    op.execute(sa.update(STAFF).where(STAFF.c.handed.is_(sa.true())).values(handed_at=now))


def downgrade() -> None:
    op.drop_column("staff", "handed_at")
