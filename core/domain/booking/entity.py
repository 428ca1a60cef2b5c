"""An appointment with a doctor, from the hold to what became of it, and the place in the waiting list."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.access import Section
from core.domain.booking.states import BookingState, WaitState
from core.domain.ids import AccountId, BookingId, SlotId, WaitId
from core.domain.notification import WallTime
from core.domain.schedule import Slot, Wanted

HOLD = timedelta(minutes=5)
OFFER = timedelta(minutes=10)
LONGEST_REASON = 200
LATE_MINUTES = (5, 10, 15, 20, 30)
"""What «running late» can say."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Nothing here looks or sounds like something else here."""


def fresh_number() -> str:
    """Return a slip's number, `XXXX-XXXX`: what is read out at the clinic's desk."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral to a doctor: its number, and who gave it. `found` in the card, or else typed by the person."""

    number: str = field(repr=False)
    issuer: str = field(default="", repr=False)
    found: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking of `account` for `patient` (the same person, or a child or ward of theirs).

    `wall` is the time of the visit by the facility's clock: what people were told, whatever the law of its zone becomes.
    `moves` is the booking whose place this one takes when it is confirmed. `shares`: what of the record goes with it.
    `token` opens the page by which the clinic's desk verifies the slip. `remote` names it on the clinic's server.
    `reminders`: how long before the visit its person is reminded. `asked_at`: when its clinic's server was asked last.
    `untold`: the clinic's server has to hear of what happened here (a cancellation, or that the person is late) and has not
    yet. `version` rises with each change.
    """

    id: BookingId
    account: AccountId
    patient: AccountId
    slot: Slot
    state: BookingState
    made_at: datetime
    wall: WallTime
    number: str = ""
    token: str = field(default="", repr=False)
    held_until: datetime | None = None
    moves: BookingId | None = None
    wait: WaitId | None = None
    shares: frozenset[Section] = frozenset()
    referral: Referral | None = None
    reason: str = field(default="", repr=False)
    coming: bool = False
    late: int | None = None
    reminders: tuple[timedelta, ...] = (timedelta(days=1), timedelta(hours=2))
    remote: str = ""
    asked_at: datetime | None = None
    untold: bool = False
    version: int = 1

    @property
    def offered(self) -> bool:
        """Whether it is held for whoever waits for an earlier time, not for somebody who is choosing."""
        return self.wait is not None

    def on_its_day(self, now: datetime) -> bool:
        """Whether it is the day of the visit by the facility's clock."""
        return now.astimezone(ZoneInfo(self.wall.zone)).date() == self.wall.at.date()

    def overlaps(self, slot: Slot) -> bool:
        """Whether its time and a slot's have a moment in common."""
        return self.slot.starts_at < slot.ends_at and slot.starts_at < self.slot.ends_at


@dataclass(frozen=True, slots=True)
class Wait:
    """A place in the waiting list: for a slot like `wanted` that starts before `before` (the appointment one has already)."""

    id: WaitId
    account: AccountId
    wanted: Wanted
    since: datetime
    before: datetime
    state: WaitState = WaitState.WAITING
    booking: BookingId | None = None
    offered: SlotId | None = None
    offered_until: datetime | None = None
