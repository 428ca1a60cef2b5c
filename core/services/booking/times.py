"""Days and times that are free, by the facility's clock, and how old that is where a clinic's own server keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import SlotId
from core.domain.schedule import Facilities, Slots, SlotTaken, Source, Wanted
from core.domain.speciality import SPECIALITIES
from core.ports import Clock, Transaction
from core.services.booking.people import Reception
from core.services.booking.sight import Sight
from core.services.booking.views import Choice, DaysView, Freshness, TimesView

STALE = timedelta(minutes=5)
"""A clinic's server is asked every minute: silent for so long, it is away."""
NOON, FIVE = time(12), time(17)


def freshness(choices: Sequence[Choice], now: datetime) -> Freshness:
    """Return how old is what clinics' own servers said; nothing of that where the product keeps the schedule itself."""
    seen = [each.slot.seen_at for each in choices if each.facility.source is Source.FHIR]
    return Freshness(min(seen), now - min(seen) > STALE) if seen else Freshness()


@dataclass(frozen=True, slots=True)
class ViewDays:
    """The days that have free times. Nothing here is anybody's."""

    transaction: Transaction
    facilities: Facilities
    slots: Slots
    sight: Sight
    clock: Clock

    async def __call__(self, citizen: Citizen, wanted: Wanted) -> DaysView:  # noqa: ARG002 - use cases take who acts first
        now = self.clock.now()
        async with self.transaction.looking():
            days = await self.slots.days(wanted, now)
            facility = await self.facilities.one(wanted.facility) if wanted.facility else None
            doctor = await self.facilities.doctor(wanted.doctor) if wanted.doctor else None
            some = await self.sight.choices(await self.slots.free(wanted, now, limit=1))
        return DaysView(SPECIALITIES[wanted.speciality], facility, doctor, days, freshness(some, now))


@dataclass(frozen=True, slots=True)
class ViewTimes:
    """The free times of a day. A day whose last one has just gone is shown empty, with the days beside it."""

    transaction: Transaction
    slots: Slots
    sight: Sight
    clock: Clock

    async def __call__(self, citizen: Citizen, wanted: Wanted, day: date) -> TimesView:  # noqa: ARG002 - as above
        now = self.clock.now()
        async with self.transaction.looking():
            choices = await self.sight.choices(await self.slots.free(wanted, now, day=day))
            days = sorted(await self.slots.days(wanted, now))
        hours = [(each, each.wall.at.time()) for each in choices if not each.facility.closed]
        return TimesView(
            SPECIALITIES[wanted.speciality],
            day,
            [each for each, at in hours if at < NOON],
            [each for each, at in hours if NOON <= at < FIVE],
            [each for each, at in hours if at >= FIVE],
            earlier=max((each for each in days if each < day), default=None),
            later=min((each for each in days if each > day), default=None),
            freshness=freshness(choices, now),
        )


@dataclass(frozen=True, slots=True)
class ViewNearest:
    """Up to three free times like one that somebody else has, at clinics for people of that age; none like a slot that never was.

    Raises NotAllowed.
    """

    transaction: Transaction
    reception: Reception
    slots: Slots
    sight: Sight
    audit: AuditLog

    async def __call__(self, citizen: Citizen, slot: SlotId) -> Sequence[Choice]:
        async with self.transaction.looking():
            known = await self.reception.looks(citizen)
            self.audit.record(
                citizen, Operation.BOOKINGS_VIEWED, citizen.account, section=Section.BOOKINGS.value, look="nearest"
            )
            try:
                return await self.sight.nearest(await self.slots.one(slot), known.born)
            except SlotTaken:
                return ()
