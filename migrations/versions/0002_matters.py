"""What they come for: consents, verifications, documents, applications, cards; and what they are told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_consents_account"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_account_given_at", "consents", ["account", "given_at"])
    op.create_table(
        "verifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("inn", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_verifications_account"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_verifications_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_verifications"),
    )
    op.create_index("ix_verifications_account_asked_at", "verifications", ["account", "asked_at"])
    op.create_index("ix_verifications_state_asked_at", "verifications", ["state", "asked_at"])
    op.create_index(
        "uq_verifications_pending",
        "verifications",
        ["account"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("kek", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_documents_account"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_kek", "documents", ["kek"])
    op.create_index("ix_documents_state_uploaded_at", "documents", ["state", "uploaded_at"])
    op.create_index(
        "uq_documents_standing",
        "documents",
        ["account", "purpose", "kind"],
        unique=True,
        sqlite_where=sa.text("state <> 'removed'"),
        postgresql_where=sa.text("state <> 'removed'"),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("benefits", sa.Boolean(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_applications_account"),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
    )
    op.create_index("ix_applications_account", "applications", ["account"])
    op.create_index("ix_applications_state_touched_at", "applications", ["state", "touched_at"])
    op.create_index(
        "uq_applications_open",
        "applications",
        ["account"],
        unique=True,
        sqlite_where=sa.text("state IN ('code_sent', 'draft', 'waiting')"),
        postgresql_where=sa.text("state IN ('code_sent', 'draft', 'waiting')"),
    )
    op.create_table(
        "answers",
        sa.Column("application", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked", sa.Text(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["application"], ["applications.id"], name="fk_answers_application"),
        sa.PrimaryKeyConstraint("application", "field", name="pk_answers"),
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("patient", sa.LargeBinary(), nullable=False),
        sa.Column("patient_index", sa.LargeBinary(), nullable=False),
        sa.Column("snils_index", sa.LargeBinary(), nullable=False),
        sa.Column("passport_index", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_cards_account"),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
    )
    op.create_index("uq_cards_account", "cards", ["account"], unique=True)
    op.create_index("uq_cards_passport_index", "cards", ["passport_index"], unique=True)
    op.create_index("uq_cards_patient_index", "cards", ["patient_index"], unique=True)
    op.create_index("uq_cards_snils_index", "cards", ["snils_index"], unique=True)
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("chat", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_notifications_account"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index(
        "ix_notifications_chat",
        "notifications",
        ["chat", "lane", "placed_at"],
        sqlite_where=sa.text("state IN ('sending', 'waiting')"),
        postgresql_where=sa.text("state IN ('sending', 'waiting')"),
    )
    op.create_index(
        "ix_notifications_due",
        "notifications",
        ["lane", "due_at"],
        sqlite_where=sa.text("state IN ('sending', 'waiting')"),
        postgresql_where=sa.text("state IN ('sending', 'waiting')"),
    )
    op.create_index("ix_notifications_state_settled_at", "notifications", ["state", "settled_at"])


def downgrade() -> None:
    op.drop_table("notifications")
    op.drop_table("cards")
    op.drop_table("answers")
    op.drop_table("applications")
    op.drop_table("documents")
    op.drop_table("verifications")
    op.drop_table("consents")
