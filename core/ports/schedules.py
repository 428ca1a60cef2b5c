"""Schedules that clinics keep on their own servers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from core.domain.booking import Booking
from core.domain.record import Result, Visit
from core.domain.resource import Content, Key
from core.domain.schedule import Doctor, Facility, Slot


@dataclass(frozen=True, slots=True)
class Going:
    """What goes to the clinic with a booking: who comes, and what of the record they allowed. `sex` is FHIR's word."""

    full_name: str = field(repr=False)
    born: date | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    policy: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    visits: Sequence[Visit] = field(default=(), repr=False)
    results: Sequence[Result] = field(default=(), repr=False)


class Answer(StrEnum):
    """What a clinic's server said of a booking."""

    ACCEPTED = "accepted"
    TAKEN = "taken"
    """The slot is somebody else's, or closed."""
    REFUSED = "refused"
    """The server refuses for another reason."""


@dataclass(frozen=True, slots=True)
class Booked:
    """An answer. `remote` names the appointment there (`Appointment/77`)."""

    answer: Answer
    remote: str = ""
    why: str = ""


class Standing(StrEnum):
    """What an appointment is on the clinic's server."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class There:
    """An appointment as it is on the clinic's server; `starts_at` where the server moved it to."""

    standing: Standing
    remote: str = ""
    starts_at: datetime | None = None
    why: str = ""


class Schedules(Protocol):
    """Clinics' servers. Every call raises `Unavailable` when the server is slow, away, or answers with a fault.

    `ask` is the one whose outcome may stay unknown: after Unavailable, `find` tells whether it went in, by the booking's
    own number, and `ask` may be called again with the same booking without making a second one.
    """

    async def doctors(self, facility: Facility) -> Sequence[Doctor]:
        """Return who receives there, by the server's Schedules. Ids are the same at every call."""
        ...

    async def slots(
        self, facility: Facility, doctors: Sequence[Doctor], first: date, last: date
    ) -> Mapping[str, Sequence[Slot]]:
        """Return the free slots of the days, both included, by `Doctor.remote`. Ids are the same at every call."""
        ...

    async def ask(self, facility: Facility, booking: Booking, going: Going) -> Booked:
        """Make the slot busy and the appointment, both or neither, if the slot is still free (If-Match, If-None-Exist)."""
        ...

    async def find(self, facility: Facility, booking: Booking) -> There:
        """Look for the appointment by the booking's number."""
        ...

    async def cancel(self, facility: Facility, booking: Booking) -> None:
        """Cancel the appointment and free the slot there; one that is cancelled already, or not there, is no fault."""
        ...

    async def tell_late(self, facility: Facility, booking: Booking) -> None:
        """Tell the clinic that the person comes `booking.late` minutes late."""
        ...


@dataclass(frozen=True, slots=True)
class SentSchedule:
    """A Schedule that a clinic sends: a doctor of a facility that the product keeps. `facility` is its code, if it is said."""

    key: Key
    path: str
    name: str
    speciality: str
    room: str
    note: str
    facility: str
    active: bool


class SlotStatus(StrEnum):
    """BUSY: somebody has it there. CLOSED: nobody is received then (busy-unavailable, or entered in error)."""

    FREE = "free"
    BUSY = "busy"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SentSlot:
    """A Slot that a clinic sends. Its moments bear the offset that they were written with."""

    key: Key
    path: str
    schedule: Key
    starts_at: datetime
    ends_at: datetime
    status: SlotStatus


@dataclass(frozen=True, slots=True)
class SentAppointment:
    """What a clinic says of an appointment that a citizen made here: `over` for cancelled and noshow, `slot` where it moved."""

    key: Key
    path: str
    id: str
    number: str
    over: bool
    why: str
    slot: Key | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a delivery says of schedules."""

    schedules: Sequence[SentSchedule] = ()
    slots: Sequence[SentSlot] = ()
    appointments: Sequence[SentAppointment] = ()


class SentSchedules(Protocol):
    """Schedules, slots and appointments as clinics send them to `/fhir` and read them there."""

    def missing(self, known: Mapping[Key, Content]) -> frozenset[Key]:
        """Return what else has to be known before the Schedules among these can be read: whom and where they name."""
        ...

    def read(
        self, known: Mapping[Key, Content], wanted: Mapping[Key, str], removed: Collection[Key], now: datetime
    ) -> Sent:
        """Read the wanted ones; each stands at a place. Raises `core.domain.resource.Malformed` with all that is wrong."""
        ...

    def written(self, booking: Booking, doctor: Doctor, changed_at: datetime, going: Going | None) -> Content:
        """Return an appointment as a clinic reads it. Without `going` nothing of its person is in it."""
        ...
