"""Claims to vaccinations, signed corrections, and the public keys that sign them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_DRAFT = sa.text("state = 'draft'")
IN_USE = sa.text("retired_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "vaccination_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("record", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("kek", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_vaccination_claims_account"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_vaccination_claims_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_vaccination_claims"),
    )
    op.create_index(
        "uq_vaccination_claims_draft",
        "vaccination_claims",
        ["account", "kind"],
        unique=True,
        sqlite_where=IS_DRAFT,
        postgresql_where=IS_DRAFT,
    )
    op.create_index("ix_vaccination_claims_state_sent_at", "vaccination_claims", ["state", "sent_at"])
    op.create_index("ix_vaccination_claims_account_begun_at", "vaccination_claims", ["account", "begun_at"])
    op.create_index("ix_vaccination_claims_kek", "vaccination_claims", ["kek"])
    op.create_table(
        "vaccination_corrections",
        sa.Column("claim", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Uuid(), nullable=False),
        sa.Column("signer", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["vaccination_claims.id"], name="fk_vaccination_corrections_claim"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_vaccination_corrections_account"),
        sa.ForeignKeyConstraint(["signer"], ["staff.id"], name="fk_vaccination_corrections_signer"),
        sa.PrimaryKeyConstraint("claim", name="pk_vaccination_corrections"),
    )
    op.create_table(
        "staff_keys",
        sa.Column("member", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member"], ["staff.id"], name="fk_staff_keys_member"),
        sa.PrimaryKeyConstraint("member", "fingerprint", name="pk_staff_keys"),
    )
    op.create_index(
        "uq_staff_keys_in_use", "staff_keys", ["member"], unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
    )


def downgrade() -> None:
    op.drop_table("staff_keys")
    op.drop_table("vaccination_corrections")
    op.drop_table("vaccination_claims")
