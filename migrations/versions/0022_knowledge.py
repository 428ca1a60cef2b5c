"""Articles that answer what citizens ask."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ru", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True)),
        sa.Column("edited_by", sa.Uuid()),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("reviewed_by", sa.Uuid()),
        sa.Column("seeded", sa.Text()),
        sa.Column("helped", sa.Integer(), nullable=False),
        sa.Column("unhelped", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["staff.id"], name="fk_articles_edited_by"),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], name="fk_articles_reviewed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("slug", name="uq_articles_slug"),
    )
    op.create_table(
        "article_proposals",
        sa.Column("article", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ru", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_article_proposals_article"),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_article_proposals_by"),
        sa.PrimaryKeyConstraint("article", name="pk_article_proposals"),
    )
    op.create_table(
        "asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Uuid()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("article", sa.Uuid()),
        sa.Column("helped", sa.Boolean()),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_asked_account"),
        sa.ForeignKeyConstraint(["article"], ["articles.id"], name="fk_asked_article"),
        sa.PrimaryKeyConstraint("id", name="pk_asked"),
    )
    op.create_index("ix_asked_chat_at", "asked", ["chat", "at"])
    op.create_index("ix_asked_at", "asked", ["at"])


def downgrade() -> None:
    op.drop_table("asked")
    op.drop_table("article_proposals")
    op.drop_table("articles")
