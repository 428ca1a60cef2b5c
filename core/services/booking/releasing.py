"""The worker's part: holds that ran out, offers that nobody answered, times that became free, places whose time has come."""

from dataclasses import dataclass

from core.domain.booking import Bookings, BookingState, Waits, WaitState
from core.domain.ids import WaitId
from core.domain.schedule import Slot
from core.ports import Clock, Transaction
from core.services.booking.notices import Notices
from core.services.booking.offering import ITSELF, Offering

BATCH = 50


@dataclass(frozen=True, slots=True)
class ReleaseHolds:
    """Lets holds go whose five minutes are over, and offers whose ten are. A transaction each; returns how many were due."""

    transaction: Transaction
    bookings: Bookings
    waits: Waits
    offering: Offering
    notices: Notices
    clock: Clock

    async def __call__(self, limit: int = BATCH) -> int:
        async with self.transaction.looking():
            due = await self.bookings.lapsed(self.clock.now(), limit)
        for each in due:
            async with self.transaction:
                held = await self.bookings.of_product(each.id)
                # Somebody may have confirmed in the last moment, or another worker been here.
                if held.state is not BookingState.HELD or held.version != each.version:
                    continue
                if await self.offering.let_go(ITSELF, held) and held.wait is not None:
                    await self.notices.offer_over(await self.waits.one(held.wait))
        return len(due)


@dataclass(frozen=True, slots=True)
class EndWaits:
    """Ends places in the waiting list whose own appointment has come, and offers what became free in any other way.

    That is new hours, a day that is worked after all, a clinic's own server that has a time again, a morning after which
    people may be told. Returns how much there was to do.
    """

    transaction: Transaction
    waits: Waits
    offering: Offering
    clock: Clock

    async def __call__(self, limit: int = BATCH) -> int:
        now, done = self.clock.now(), 0
        async with self.transaction:
            for wait in await self.waits.over(now, limit):
                done += await self.waits.move(wait, WaitState.LEFT)
        async with self.transaction.looking():
            wished = {each.id: each for each in await self.waits.wished(now, limit)}
            if wished:
                # Those who can be offered nothing, night after night, would keep what others wish from sight.
                wished |= {each.id: each for each in await self.waits.wished(now, limit, by_lot=True)}
        resting: set[WaitId] = set()
        for slot in wished.values():
            done += await self._offered(slot, resting)
        return done

    async def _offered(self, slot: Slot, resting: set[WaitId]) -> bool:
        """Offer a slot to the first in turn who can be, however many before them rest; some of them a transaction."""
        for _ in range(BATCH):
            before = len(resting)
            async with self.transaction:
                if await self.offering(ITSELF, slot, resting) is not None:
                    return True
            if len(resting) == before:
                break
        return False
