"""Where and when doctors receive: facilities, doctors, hours, days that differ, slots."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("open")


def upgrade() -> None:
    op.create_table(
        "facilities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("clinic", sa.Uuid(), nullable=True),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clinic"], ["clinics.id"], name="fk_facilities_clinic"),
        sa.PrimaryKeyConstraint("id", name="pk_facilities"),
    )
    op.create_index("uq_facilities_code", "facilities", ["code"], unique=True)
    op.create_index("ix_facilities_region", "facilities", ["region", "name"])
    op.create_index("ix_facilities_clinic", "facilities", ["clinic"])
    op.create_table(
        "doctors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["facility"], ["facilities.id"], name="fk_doctors_facility"),
        sa.PrimaryKeyConstraint("id", name="pk_doctors"),
    )
    op.create_index("ix_doctors_facility_speciality", "doctors", ["facility", "speciality"])
    op.create_table(
        "schedule_keepers",
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("facility", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name="fk_schedule_keepers_staff"),
        sa.ForeignKeyConstraint(["facility"], ["facilities.id"], name="fk_schedule_keepers_facility"),
        sa.PrimaryKeyConstraint("staff", "facility", name="pk_schedule_keepers"),
    )
    op.create_index("ix_schedule_keepers_facility", "schedule_keepers", ["facility"])
    op.create_table(
        "doctor_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["doctor"], ["doctors.id"], name="fk_doctor_hours_doctor"),
        sa.PrimaryKeyConstraint("id", name="pk_doctor_hours"),
    )
    op.create_index("ix_doctor_hours_doctor", "doctor_hours", ["doctor"])
    op.create_table(
        "exceptional_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("doctor", sa.Uuid(), nullable=True),
        sa.Column("start", sa.Time(), nullable=True),
        sa.Column("end", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("as_weekday", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["facility"], ["facilities.id"], name="fk_exceptional_days_facility"),
        sa.ForeignKeyConstraint(["doctor"], ["doctors.id"], name="fk_exceptional_days_doctor"),
        sa.PrimaryKeyConstraint("id", name="pk_exceptional_days"),
    )
    op.create_index("ix_exceptional_days_facility_day", "exceptional_days", ["facility", "day"])
    op.create_table(
        "slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("doctor", sa.Uuid(), nullable=False),
        sa.Column("facility", sa.Uuid(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["doctor"], ["doctors.id"], name="fk_slots_doctor"),
        sa.ForeignKeyConstraint(["facility"], ["facilities.id"], name="fk_slots_facility"),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
    )
    for name, columns in (
        ("ix_slots_open_region", ["speciality", "region", "starts_at"]),
        ("ix_slots_open_facility", ["facility", "speciality", "starts_at"]),
    ):
        op.create_index(name, "slots", columns, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index("ix_slots_doctor_day", "slots", ["doctor", "day", "starts_at"])


def downgrade() -> None:
    for table in ("slots", "exceptional_days", "doctor_hours", "schedule_keepers", "doctors", "facilities"):
        op.drop_table(table)
