"""A clinic's own server is asked, outside of any transaction; its answer is taken in whenever it comes, and once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.domain.access import Deed, Section
from core.domain.actor import Actor, NotAllowed
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Booking
from core.domain.consent import NoConsent
from core.domain.ids import AccountId
from core.domain.record import Panel, Period, Result, Results, Visit, Visits
from core.domain.schedule import Facility
from core.ports import Answer, Booked, Clock, Going, Schedules, Standing, Transaction
from core.services.access import Gate
from core.services.booking.offering import ITSELF
from core.services.booking.people import Reception

LATELY = timedelta(days=365)
"""What goes along of the record: the last year, and of that the latest few."""
MOST = 20


@dataclass(frozen=True, slots=True)
class GoingAlong:
    """What its person lets go with a booking, read inside the open transaction of whoever uses it. Rights are theirs."""

    visits_kept: Visits
    results_kept: Results
    clock: Clock

    async def visits(self, booking: Booking) -> Sequence[Visit]:
        """Return the latest visits of the last year."""
        return (await self.visits_kept.of(booking.patient, self._lately()))[:MOST]

    async def results(self, booking: Booking) -> Sequence[Result]:
        """Return the latest results of the last year, those of panels one by one."""
        page = await self.results_kept.page(booking.patient, None, self._lately(), MOST)
        panels = [each.id for each in page if isinstance(each, Panel)]
        parts = await self.results_kept.of_panels(booking.patient, panels)
        return [result for each in page for result in (parts.get(each.id, ()) if isinstance(each, Panel) else (each,))]

    def _lately(self) -> Period:
        return Period(since=self.clock.now() - LATELY)


@dataclass(frozen=True, slots=True)
class Asking:
    """Between the transactions of whoever uses it: opens one to put together what goes, then speaks to the clinic."""

    transaction: Transaction
    reception: Reception
    gate: Gate
    along: GoingAlong
    schedules: Schedules
    audit: AuditLog
    clock: Clock

    async def first(self, booking: Booking, facility: Facility) -> Booked:
        """Ask for the first time. Raises Unavailable: from then on nobody knows whether it went in, and `again` finds out."""
        return await self.schedules.ask(facility, booking, await self.going(booking))

    async def again(self, booking: Booking, facility: Facility) -> Booked:
        """Find out what became of it, and ask again where nothing has. Raises Unavailable."""
        found = await self._found(booking, facility)
        if found is not None:
            return found
        if booking.slot.starts_at <= self.clock.now():
            return Booked(Answer.REFUSED)
        booked = await self.schedules.ask(facility, booking, await self.going(booking))
        if booked.answer is Answer.ACCEPTED:
            return booked
        # What took the slot may have been the first question itself, on its way all the while.
        return await self._found(booking, facility) or booked

    async def going(self, booking: Booking, reader: Actor = ITSELF) -> Going:
        """Put together what goes along; each section of the record leaves a line of whoever reads it.

        Where the consent was withdrawn meanwhile, nothing of the record does.
        """
        async with self.transaction.looking():
            known = await self.reception.of(booking.account)
            shared = {section for section in booking.shares if await self._may(booking.patient, section)}
            visits = await self.along.visits(booking) if Section.VISITS in shared else ()
            results = await self.along.results(booking) if Section.RESULTS in shared else ()
            for section in sorted(shared):
                self.audit.record(
                    reader, Operation.RECORDS_VIEWED, booking.patient, section=section.value, look="booking"
                )
        return Going(
            known.name,
            known.born,
            known.sex.value if known.sex else None,
            known.policy.canonical if known.policy else None,
            known.phone,
            visits,
            results,
        )

    async def _found(self, booking: Booking, facility: Facility) -> Booked | None:
        there = await self.schedules.find(facility, booking)
        match there.standing:
            case Standing.BOOKED:
                return Booked(Answer.ACCEPTED, there.remote)
            case Standing.CANCELLED:
                return Booked(Answer.REFUSED, there.remote, there.why)
            case Standing.MISSING:
                return None

    async def _may(self, account: AccountId, section: Section) -> bool:
        try:
            await self.gate.other(ITSELF, account, section, Deed.READ)
        except (NoConsent, NotAllowed):
            return False
        return True
