"""Words of requests under keyed hashes. Those that are there already are indexed by the worker, which has the keys."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UNSEARCHABLE = sa.text("NOT searchable")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("searchable", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_tickets_unsearchable", "tickets", ["id"], sqlite_where=UNSEARCHABLE, postgresql_where=UNSEARCHABLE
    )
    op.create_table(
        "ticket_words",
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name="fk_ticket_words_ticket"),
        sa.PrimaryKeyConstraint("word", "ticket", name="pk_ticket_words"),
    )
    op.create_index("ix_ticket_words_ticket", "ticket_words", ["ticket"])


def downgrade() -> None:
    op.drop_table("ticket_words")
    op.drop_index("ix_tickets_unsearchable", "tickets")
    op.drop_column("tickets", "searchable")
