"""A clinic reads the appointments that citizens made in facilities of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.access import Deed, Section
from core.domain.actor import Clinic
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Bookings, BookingState
from core.domain.resource import Content
from core.domain.schedule import Facilities
from core.ports import Clock, SentSchedules, Transaction
from core.services.access import Gate
from core.services.booking import Asking, Sight

A_DAY = timedelta(days=1)
Bound = tuple[str, date | datetime]
"""A prefix of FHIR's search (`ge`, `gt`, `le`, `lt`, `eq`), and a day or a moment."""


@dataclass(frozen=True, slots=True)
class AppointmentsPage:
    """A page in FHIR's words, by start. `more`: there are further ones."""

    entries: Sequence[Content] = field(repr=False)
    more: bool


@dataclass(frozen=True, slots=True)
class ReadAppointments:
    """The clinic asks for appointments by their time, and by when they changed last; each person sees that in their journal.

    Of those that stand, who comes and what goes along, to the end of the day of the visit; of the others that they stand no
    more, of those that are over nothing of their person. A day is one of the clock of the clinic's facilities.
    """

    transaction: Transaction
    facilities: Facilities
    bookings: Bookings
    sight: Sight
    gate: Gate
    asking: Asking
    sent: SentSchedules
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, clinic: Clinic, dates: Sequence[Bound], changes: Sequence[Bound], *, offset: int, count: int
    ) -> AppointmentsPage:
        async with self.transaction.looking():
            own = await self.facilities.all(clinic=clinic.clinic)
            zone = ZoneInfo(own[0].zone) if own else ZoneInfo("UTC")
            since, until = _within(dates, zone)
            changed, changed_until = _within(changes, zone)
            found = await self.bookings.told_to(
                clinic.clinic,
                since=since,
                until=until,
                changed=changed,
                changed_until=changed_until,
                offset=offset,
                limit=count + 1,
            )
            shown = found[:count]
            choices = await self.sight.choices([booking.slot for booking, _ in shown])
            for booking, _ in shown:
                await self.gate.other(clinic, booking.patient, Section.BOOKINGS, Deed.READ)
                self.audit.record(
                    clinic, Operation.BOOKINGS_VIEWED, booking.patient, section=Section.BOOKINGS.value, look="clinic"
                )
        entries = []
        now, clocks = self.clock.now(), {each.id: ZoneInfo(each.zone) for each in own}
        for (booking, changed_at), choice in zip(shown, choices, strict=True):
            today = now.astimezone(clocks.get(booking.slot.facility, zone)).date()
            comes = booking.state is BookingState.BOOKED and today <= booking.slot.day
            going = await self.asking.going(booking, clinic) if comes else None
            entries.append(self.sent.written(booking, choice.doctor, changed_at, going))
        return AppointmentsPage(entries, more=len(found) > count)


def _within(bounds: Sequence[Bound], zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return the moments from which and before which all of these hold."""
    since: list[datetime] = []
    until: list[datetime] = []
    for prefix, told in bounds:
        begins, ends = _span(told, zone)
        if prefix in {"eq", "ge"}:
            since.append(begins)
        if prefix == "gt":
            since.append(ends)
        if prefix in {"eq", "le"}:
            until.append(ends)
        if prefix == "lt":
            until.append(begins)
    return max(since, default=None), min(until, default=None)


def _span(told: date | datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if isinstance(told, datetime):
        return told, told + timedelta(milliseconds=1)
    begins = datetime.combine(told, time(), zone)
    return begins, datetime.combine(told + A_DAY, time(), zone)
