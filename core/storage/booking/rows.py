"""The rows: in clear is what finds and moves a booking; what is personal in it is one sealed value."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.access import Section
from core.domain.booking import Booking, BookingState, Referral
from core.domain.ids import AccountId, BookingId, DoctorId, FacilityId, SlotId, WaitId
from core.domain.notification import WallTime
from core.domain.schedule import Slot
from core.storage.base import Base, table_of
from core.storage.key import RowSeal
from core.storage.transaction import Stored

TABLE = "bookings"
IS_LIVING = text("state IN ('held', 'asked', 'booked')")
IS_HELD, IS_ASKED = text("state = 'held'"), text("state = 'asked'")
IS_UNTOLD = text("untold")
WAITS = text("state IN ('waiting', 'offered')")
MINUTE = timedelta(minutes=1)


class BookingRow(Base):
    """A booking. `reminders` are minutes before the visit, `content` what is personal: referral, reason, shares, token.

    That no slot has two living ones is the unique index's to see to, whatever the code does.
    """

    __tablename__ = TABLE
    __table_args__ = (
        Index("uq_bookings_slot_living", "slot", unique=True, sqlite_where=IS_LIVING, postgresql_where=IS_LIVING),
        Index("uq_bookings_number", "number", unique=True),
        Index("uq_bookings_token_hash", "token_hash", unique=True),
        Index("ix_bookings_account_made_at", "account", "made_at"),
        Index("ix_bookings_slot", "slot"),
        Index("ix_bookings_held", "held_until", sqlite_where=IS_HELD, postgresql_where=IS_HELD),
        Index("ix_bookings_asked", "asked_at", sqlite_where=IS_ASKED, postgresql_where=IS_ASKED),
        Index("ix_bookings_untold", "asked_at", sqlite_where=IS_UNTOLD, postgresql_where=IS_UNTOLD),
    )

    id: Mapped[BookingId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    patient: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    slot: Mapped[SlotId] = mapped_column(ForeignKey("slots.id"))
    state: Mapped[str]
    made_at: Mapped[datetime]
    wall_at: Mapped[str]
    wall_zone: Mapped[str]
    number: Mapped[str | None]
    token_hash: Mapped[bytes | None]
    held_until: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    moves: Mapped[BookingId | None]
    wait: Mapped[WaitId | None]
    reminders: Mapped[str]
    coming: Mapped[bool]
    late: Mapped[int | None]
    remote: Mapped[str]
    untold: Mapped[bool]
    content: Mapped[bytes | None]
    changed_at: Mapped[datetime]
    version: Mapped[int]


class WaitRow(Base):
    """A place in the waiting list: what is looked for as in `Wanted`, and the slot that is offered now."""

    __tablename__ = "booking_waits"
    __table_args__ = (
        Index("uq_booking_waits_booking", "booking", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_booking_waits_speciality", "speciality", "since", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_booking_waits_account", "account"),
    )

    id: Mapped[WaitId] = mapped_column(primary_key=True)
    account: Mapped[AccountId] = mapped_column(ForeignKey("accounts.id"))
    speciality: Mapped[str]
    region: Mapped[str | None]
    facility: Mapped[FacilityId | None] = mapped_column(ForeignKey("facilities.id"))
    doctor: Mapped[DoctorId | None] = mapped_column(ForeignKey("doctors.id"))
    since: Mapped[datetime]
    before: Mapped[datetime]
    state: Mapped[str]
    booking: Mapped[BookingId | None] = mapped_column(ForeignKey("bookings.id"))
    offered: Mapped[SlotId | None]
    offered_until: Mapped[datetime | None]


BOOKINGS, WAITING = table_of(BookingRow), table_of(WaitRow)


def values_of(booking: Booking, seal: RowSeal | None, version: int, now: datetime) -> dict[str, Stored]:
    """Return what a row holds of a booking; `seal` is wanted where it has anything personal."""
    personal = written(booking)
    if personal and seal is None:
        raise RuntimeError("nothing personal is stored in clear")
    return {
        "id": booking.id,
        "account": booking.account,
        "patient": booking.patient,
        "slot": booking.slot.id,
        "state": booking.state.value,
        "made_at": booking.made_at,
        "wall_at": booking.wall.at.isoformat(),
        "wall_zone": booking.wall.zone,
        "number": booking.number or None,
        "token_hash": hash_of(booking.token) if booking.token else None,
        "held_until": booking.held_until,
        "asked_at": booking.asked_at,
        "moves": booking.moves,
        "wait": booking.wait,
        "reminders": ",".join(str(span // MINUTE) for span in booking.reminders),
        "coming": booking.coming,
        "late": booking.late,
        "remote": booking.remote,
        "untold": booking.untold,
        "content": seal.shut("content", json.dumps(personal, ensure_ascii=False)) if personal and seal else None,
        "changed_at": now,
        "version": version,
    }


def opened(row: Any, slot: Slot, seal: RowSeal | None) -> Booking:  # noqa: ANN401 - of SQLAlchemy or of the driver
    """Return the booking of a row whose columns are called `booked_…`."""
    kept: dict[str, Any] = json.loads(seal.open("content", row.booked_content)) if seal else {}
    return Booking(
        id=row.booked_id,
        account=row.booked_account,
        patient=row.booked_patient,
        slot=slot,
        state=BookingState(row.booked_state),
        made_at=row.booked_made_at,
        wall=WallTime(datetime.fromisoformat(row.booked_wall_at), row.booked_wall_zone),
        number=row.booked_number or "",
        token=kept.get("token", ""),
        held_until=row.booked_held_until,
        moves=row.booked_moves,
        wait=row.booked_wait,
        shares=frozenset(Section(each) for each in kept.get("shares", ())),
        referral=Referral(**kept["referral"]) if "referral" in kept else None,
        reason=kept.get("reason", ""),
        coming=row.booked_coming,
        late=row.booked_late,
        reminders=tuple(int(each) * MINUTE for each in row.booked_reminders.split(",") if each),
        remote=row.booked_remote,
        asked_at=row.booked_asked_at,
        untold=row.booked_untold,
        version=row.booked_version,
    )


def written(booking: Booking) -> dict[str, Any]:
    """Return what is personal in a booking."""
    referral = booking.referral
    found: dict[str, Any] = {
        "token": booking.token,
        "shares": sorted(booking.shares),
        "referral": referral and {"number": referral.number, "issuer": referral.issuer, "found": referral.found},
        "reason": booking.reason,
    }
    return {name: value for name, value in found.items() if value}


def hash_of(token: str) -> bytes:
    """Return by what a slip's page is found: SHA-256, which is enough for 256 random bits."""
    return sha256(token.encode()).digest()
