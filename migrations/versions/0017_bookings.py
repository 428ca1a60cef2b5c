"""Bookings of doctors, one living one a slot, and the waiting list."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_LIVING = sa.text("state IN ('held', 'asked', 'booked')")
WAITS = sa.text("state IN ('waiting', 'offered')")


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("patient", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("wall_at", sa.Text(), nullable=False),
        sa.Column("wall_zone", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("moves", sa.Uuid(), nullable=True),
        sa.Column("wait", sa.Uuid(), nullable=True),
        sa.Column("reminders", sa.Text(), nullable=False),
        sa.Column("coming", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=True),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.Column("untold", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_bookings_account"),
        sa.ForeignKeyConstraint(["patient"], ["accounts.id"], name="fk_bookings_patient"),
        sa.ForeignKeyConstraint(["slot"], ["slots.id"], name="fk_bookings_slot"),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
    )
    _partial("uq_bookings_slot_living", "bookings", ["slot"], IS_LIVING, unique=True)
    op.create_index("uq_bookings_number", "bookings", ["number"], unique=True)
    op.create_index("uq_bookings_token_hash", "bookings", ["token_hash"], unique=True)
    op.create_index("ix_bookings_account_made_at", "bookings", ["account", "made_at"])
    op.create_index("ix_bookings_slot", "bookings", ["slot"])
    _partial("ix_bookings_held", "bookings", ["held_until"], sa.text("state = 'held'"))
    _partial("ix_bookings_asked", "bookings", ["asked_at"], sa.text("state = 'asked'"))
    _partial("ix_bookings_untold", "bookings", ["asked_at"], sa.text("untold"))
    op.create_table(
        "booking_waits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("facility", sa.Uuid(), nullable=True),
        sa.Column("doctor", sa.Uuid(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("before", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("booking", sa.Uuid(), nullable=True),
        sa.Column("offered", sa.Uuid(), nullable=True),
        sa.Column("offered_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_booking_waits_account"),
        sa.ForeignKeyConstraint(["facility"], ["facilities.id"], name="fk_booking_waits_facility"),
        sa.ForeignKeyConstraint(["doctor"], ["doctors.id"], name="fk_booking_waits_doctor"),
        sa.ForeignKeyConstraint(["booking"], ["bookings.id"], name="fk_booking_waits_booking"),
        sa.PrimaryKeyConstraint("id", name="pk_booking_waits"),
    )
    _partial("uq_booking_waits_booking", "booking_waits", ["booking"], WAITS, unique=True)
    _partial("ix_booking_waits_speciality", "booking_waits", ["speciality", "since"], WAITS)
    op.create_index("ix_booking_waits_account", "booking_waits", ["account"])


def downgrade() -> None:
    op.drop_table("booking_waits")
    op.drop_table("bookings")


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
