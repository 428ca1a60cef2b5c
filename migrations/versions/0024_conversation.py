"""Live conversations with operators, canned answers, and the stream of what happens at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN, TAKEN = sa.text("state <> 'ended'"), sa.text("state = 'taken'")
UNSENT = sa.text("state IN ('sending', 'waiting')")


def upgrade() -> None:
    _conversations()
    _lines()
    op.create_table(
        "desk_events",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("happening", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("ticket", sa.Uuid(), nullable=True),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("team", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_desk_events"),
    )
    op.create_index("ix_desk_events_at", "desk_events", ["at"])
    op.create_table(
        "desk_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_counter"),
    )
    op.create_table(
        "desk_settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_desk_settings"),
    )
    op.create_table(
        "canned",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shortcut", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("team", sa.Uuid(), nullable=True),
        sa.Column("group_of", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned"),
    )
    op.create_index("uq_canned_shortcut", "canned", ["group_of", "shortcut"], unique=True)
    op.add_column("chats", sa.Column("talk", sa.Uuid(), nullable=True))
    op.add_column("notifications", sa.Column("line", sa.Uuid(), nullable=True))
    op.create_index("ix_notifications_line", "notifications", ["line"], sqlite_where=UNSENT, postgresql_where=UNSENT)


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("citizen_line", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("team", sa.Uuid(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("first_taken_at", MOMENT, nullable=True),
        sa.Column("first_answer_at", MOMENT, nullable=True),
        sa.Column("waits_since", MOMENT, nullable=True),
        sa.Column("promised_at", MOMENT, nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("ticket", sa.Uuid(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["chat"], ["chats.id"], name="fk_conversations_chat"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_conversations_account"),
        sa.ForeignKeyConstraint(["owner"], ["staff.id"], name="fk_conversations_owner"),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index(
        "uq_conversations_chat", "conversations", ["chat"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(
        "ix_conversations_queue", "conversations", ["urgency", "asked_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_conversations_owner", "conversations", ["owner"], sqlite_where=TAKEN, postgresql_where=TAKEN)
    op.create_index("ix_conversations_chat_asked_at", "conversations", ["chat", "asked_at"])
    op.create_index("ix_conversations_ended_at", "conversations", ["ended_at"])
    op.create_index("ix_conversations_asked_at", "conversations", ["asked_at"])


def _lines() -> None:
    op.create_table(
        "lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.LargeBinary(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("kek", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("point", sa.LargeBinary(), nullable=True),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("delivery", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name="fk_lines_conversation"),
        sa.PrimaryKeyConstraint("id", name="pk_lines"),
    )
    op.create_index("uq_lines_number", "lines", ["conversation", "number"], unique=True)
    op.create_index("uq_lines_key", "lines", ["conversation", "key"], unique=True)
    op.create_index("ix_lines_message", "lines", ["conversation", "message"])
    op.create_index("ix_lines_kek", "lines", ["kek"])
    op.create_table(
        "line_versions",
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["line"], ["lines.id"], name="fk_line_versions_line"),
        sa.PrimaryKeyConstraint("line", "version", name="pk_line_versions"),
    )
    op.create_table(
        "line_words",
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["lines.id"], name="fk_line_words_line"),
        sa.PrimaryKeyConstraint("word", "line", name="pk_line_words"),
    )
    op.create_index("ix_line_words_line", "line_words", ["line"])
    op.create_table(
        "drafts",
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name="fk_drafts_conversation"),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name="fk_drafts_staff"),
        sa.PrimaryKeyConstraint("conversation", "staff", name="pk_drafts"),
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_line", "notifications")
    op.drop_column("notifications", "line")
    op.drop_column("chats", "talk")
    for table in (
        "canned",
        "desk_settings",
        "desk_counter",
        "desk_events",
        "drafts",
        "line_words",
        "line_versions",
        "lines",
        "conversations",
    ):
        op.drop_table(table)
