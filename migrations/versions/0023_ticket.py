"""Numbered requests, and what was said in them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_DRAFT = sa.text("state = 'draft'")
HAS_KEY = sa.text("key IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("left_s", sa.Integer(), nullable=True),
        sa.Column("first_answer_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("team", sa.Uuid(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("last_remark", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_tickets_account"),
        sa.ForeignKeyConstraint(["owner"], ["staff.id"], name="fk_tickets_owner"),
        sa.ForeignKeyConstraint(["merged_into"], ["tickets.id"], name="fk_tickets_merged_into"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
    )
    only_drafts = {"sqlite_where": IS_DRAFT, "postgresql_where": IS_DRAFT}
    op.create_index("uq_tickets_draft", "tickets", ["account"], unique=True, **only_drafts)
    op.create_index("uq_tickets_number", "tickets", ["number"], unique=True)
    op.create_index("ix_tickets_account_changed_at", "tickets", ["account", "changed_at"])
    op.create_index("ix_tickets_state_urgency_due_at", "tickets", ["state", "urgency", "due_at"])
    op.create_index("ix_tickets_merged_into", "tickets", ["merged_into"])
    op.create_table(
        "ticket_remarks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.Uuid(), nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name="fk_ticket_remarks_ticket"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_ticket_remarks_account"),
        sa.ForeignKeyConstraint(["author"], ["staff.id"], name="fk_ticket_remarks_author"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_remarks"),
    )
    only_keyed = {"sqlite_where": HAS_KEY, "postgresql_where": HAS_KEY}
    op.create_index("uq_ticket_remarks_number", "ticket_remarks", ["ticket", "number"], unique=True)
    op.create_index("uq_ticket_remarks_key", "ticket_remarks", ["ticket", "key"], unique=True, **only_keyed)
    op.create_table(
        "ticket_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remark", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("kek", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["remark"], ["ticket_remarks.id"], name="fk_ticket_files_remark"),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name="fk_ticket_files_ticket"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_ticket_files_account"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_files"),
    )
    op.create_index("uq_ticket_files_place", "ticket_files", ["remark", "place"], unique=True)
    op.create_index("ix_ticket_files_ticket", "ticket_files", ["ticket"])
    op.create_index("ix_ticket_files_kek", "ticket_files", ["kek"])
    op.create_table(
        "ticket_links",
        sa.Column("one", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["tickets.id"], name="fk_ticket_links_one"),
        sa.ForeignKeyConstraint(["other"], ["tickets.id"], name="fk_ticket_links_other"),
        sa.PrimaryKeyConstraint("one", "other", name="pk_ticket_links"),
    )
    op.create_index("ix_ticket_links_other", "ticket_links", ["other"])
    op.create_table(
        "ticket_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_ticket_numbers"),
    )


def downgrade() -> None:
    for table in ("ticket_numbers", "ticket_links", "ticket_files", "ticket_remarks", "tickets"):
        op.drop_table(table)
