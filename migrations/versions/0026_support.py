"""Working hours, promises of an answer, and where programs are told of tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sla()
    _hooks()
    _calls()


def downgrade() -> None:
    op.drop_table("calls")
    op.drop_table("hook_tellings")
    op.drop_table("hooks")
    op.drop_table("promises")
    op.drop_table("sla_clocks")
    op.drop_table("sla_limits")
    op.drop_table("worktimes")


def _sla() -> None:
    op.create_table(
        "worktimes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worktimes"),
    )
    op.create_table(
        "sla_limits",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conversation_s", sa.Integer(), nullable=False),
        sa.Column("ticket_s", sa.Integer(), nullable=False),
        sa.Column("working_tickets", sa.Boolean(), nullable=False),
        sa.Column("warn_at", sa.JSON(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("team", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sla_limits"),
    )
    op.create_table(
        "sla_clocks",
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("work", "subject", "began_at", name="pk_sla_clocks"),
    )
    op.create_index("ix_sla_clocks_running", "sla_clocks", ["work", "stopped_at"])
    op.create_table(
        "promises",
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("chat", sa.BigInteger(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("work", "subject", "until", name="pk_promises"),
    )
    op.create_index("ix_promises_told_at", "promises", ["told_at"])


def _hooks() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_hooks_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_hooks"),
    )
    op.create_table(
        "hook_tellings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hook", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["hook"], ["hooks.id"], name="fk_hook_tellings_hook"),
        sa.PrimaryKeyConstraint("id", name="pk_hook_tellings"),
    )
    op.create_index("ix_hook_tellings_hook_id", "hook_tellings", ["hook", "id"])
    op.create_index("ix_hook_tellings_settled_at", "hook_tellings", ["settled_at"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_hook_tellings_due_at", "hook_tellings", ["due_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_calls"),
    )
    op.create_index("ix_calls_begun_at", "calls", ["begun_at"])
