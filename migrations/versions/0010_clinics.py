"""Organisations that deliver, their tokens and patients, and what they delivered; cards found by their policy."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IS_PART = sa.text("part_of IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "clinics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("networks", sa.JSON(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clinics"),
    )
    op.create_index("uq_clinics_client_id", "clinics", ["client_id"], unique=True)
    op.create_table(
        "clinic_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("clinic", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic"], ["clinics.id"], name="fk_clinic_tokens_clinic"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_clinic_tokens"),
    )
    op.create_index("ix_clinic_tokens_clinic", "clinic_tokens", ["clinic"])
    op.create_index("ix_clinic_tokens_expires_at", "clinic_tokens", ["expires_at"])
    op.create_table(
        "clinic_assertions",
        sa.Column("clinic", sa.Uuid(), nullable=False),
        sa.Column("jti_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic"], ["clinics.id"], name="fk_clinic_assertions_clinic"),
        sa.PrimaryKeyConstraint("clinic", "jti_hash", name="pk_clinic_assertions"),
    )
    op.create_index("ix_clinic_assertions_expires_at", "clinic_assertions", ["expires_at"])
    op.create_table(
        "clinic_patients",
        sa.Column("clinic", sa.Uuid(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_clinic_patients_account"),
        sa.ForeignKeyConstraint(["clinic"], ["clinics.id"], name="fk_clinic_patients_clinic"),
        sa.PrimaryKeyConstraint("clinic", "patient", name="pk_clinic_patients"),
    )
    op.create_index("ix_clinic_patients_account", "clinic_patients", ["account"])
    op.create_table(
        "resources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("clinic", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("part_of", sa.Uuid(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_resources_account"),
        sa.ForeignKeyConstraint(["clinic"], ["clinics.id"], name="fk_resources_clinic"),
        sa.PrimaryKeyConstraint("id", name="pk_resources"),
    )
    op.create_index("ix_resources_clinic_type", "resources", ["clinic", "type", "shown"])
    op.create_index("ix_resources_part_of", "resources", ["part_of"], sqlite_where=IS_PART, postgresql_where=IS_PART)
    op.add_column("cards", sa.Column("policy_index", sa.LargeBinary(), nullable=True))
    op.create_index("ix_cards_policy_index", "cards", ["policy_index"])


def downgrade() -> None:
    op.drop_index("ix_cards_policy_index", "cards")
    op.drop_column("cards", "policy_index")
    for table in ("resources", "clinic_patients", "clinic_assertions", "clinic_tokens", "clinics"):
        op.drop_table(table)
