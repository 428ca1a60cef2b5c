"""The medical record: results and panels, visits, vaccinations."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STANDS_ALONE = sa.text("panel IS NULL")
IN_A_PANEL = sa.text("panel IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("clinic", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_panel", sa.Boolean(), nullable=False),
        sa.Column("panel", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_results_account"),
        sa.PrimaryKeyConstraint("id", name="pk_results"),
    )
    op.create_index(
        "ix_results_standing",
        "results",
        ["account", "category", "taken_at", "id"],
        sqlite_where=STANDS_ALONE,
        postgresql_where=STANDS_ALONE,
    )
    op.create_index("ix_results_account_taken_at", "results", ["account", "taken_at", "id"])
    op.create_index("ix_results_account_code_index", "results", ["account", "is_panel", "code_index", "taken_at", "id"])
    op.create_index(
        "ix_results_panel",
        "results",
        ["panel", "position"],
        sqlite_where=IN_A_PANEL,
        postgresql_where=IN_A_PANEL,
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("clinic", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_visits_account"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_account_started_at", "visits", ["account", "started_at", "id"])
    op.create_table(
        "vaccinations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("clinic", sa.Uuid(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_vaccinations_account"),
        sa.PrimaryKeyConstraint("id", name="pk_vaccinations"),
    )
    op.create_index("ix_vaccinations_account_given_on", "vaccinations", ["account", "given_on", "id"])


def downgrade() -> None:
    for table in ("vaccinations", "visits", "results"):
        op.drop_table(table)
