"""One-time links to pages, and the sessions that they open."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "page_links",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_page_links_account"),
        sa.PrimaryKeyConstraint("hash", name="pk_page_links"),
    )
    op.create_index("ix_page_links_chat", "page_links", ["chat"])
    op.create_index("ix_page_links_expires_at", "page_links", ["expires_at"])
    op.create_table(
        "page_sessions",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_page_sessions_account"),
        sa.PrimaryKeyConstraint("hash", name="pk_page_sessions"),
    )
    op.create_index("ix_page_sessions_chat", "page_sessions", ["chat"])
    op.create_index("ix_page_sessions_until", "page_sessions", ["until"])


def downgrade() -> None:
    op.drop_table("page_sessions")
    op.drop_table("page_links")
