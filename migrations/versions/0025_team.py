"""Groups of staff, who is at work, where sessions were opened from; the journal read by time, by actor, by operation."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_index("uq_teams_name", "teams", ["name"], unique=True)
    op.create_table(
        "duties",
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("team", sa.Uuid(), nullable=True),
        sa.Column("last_given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name="fk_duties_staff"),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name="fk_duties_team"),
        sa.PrimaryKeyConstraint("staff", name="pk_duties"),
    )
    op.create_index("ix_duties_team", "duties", ["team"])
    op.add_column("staff_sessions", sa.Column("address", sa.LargeBinary(), nullable=True))
    op.add_column("staff_sessions", sa.Column("agent", sa.LargeBinary(), nullable=True))
    op.create_index("ix_audit_lines_at", "audit_lines", ["at", "chain", "seq"])
    op.create_index("ix_audit_lines_actor", "audit_lines", ["actor", "at"])
    op.create_index("ix_audit_lines_operation", "audit_lines", ["operation", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_lines_operation", "audit_lines")
    op.drop_index("ix_audit_lines_actor", "audit_lines")
    op.drop_index("ix_audit_lines_at", "audit_lines")
    op.drop_column("staff_sessions", "agent")
    op.drop_column("staff_sessions", "address")
    op.drop_table("duties")
    op.drop_table("teams")
