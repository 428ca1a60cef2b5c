"""Papers from the card, and letters that bring one along."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ASKED = sa.text("state = 'asked'")
BEING_MADE = sa.text("state IN ('drafting', 'ordered')")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "extracts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("kept_until", MOMENT, nullable=True),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("doctor", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kek", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_extracts_account"),
        sa.ForeignKeyConstraint(["doctor"], ["staff.id"], name="fk_extracts_doctor"),
        sa.PrimaryKeyConstraint("id", name="pk_extracts"),
    )
    op.create_index(
        "uq_extracts_asked", "extracts", ["account"], unique=True, sqlite_where=ASKED, postgresql_where=ASKED
    )
    op.create_index("uq_extracts_number", "extracts", ["number"], unique=True)
    op.create_index("uq_extracts_token", "extracts", ["token"], unique=True)
    op.create_index("ix_extracts_account_ordered_at", "extracts", ["account", "ordered_at"])
    op.create_index("ix_extracts_due", "extracts", ["due_at"], sqlite_where=BEING_MADE, postgresql_where=BEING_MADE)
    op.create_index("ix_extracts_state_kept_until", "extracts", ["state", "kept_until"])
    op.create_index("ix_extracts_digest", "extracts", ["digest"])
    op.create_index("ix_extracts_kek", "extracts", ["kek"])
    op.add_column("notifications", sa.Column("attachment", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("notifications", "attachment")
    op.drop_table("extracts")
