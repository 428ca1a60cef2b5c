"""The worker's duties about appointments: slots, holds and offers that ran out, clinics' own servers, what is forgotten."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from dishka import AsyncContainer

from core.domain.booking import Bookings
from core.domain.schedule import Slots
from core.ports import Clock, Transaction
from core.services.booking import AskClinics, EndWaits, FollowClinics, ReleaseHolds
from core.services.schedule import MakeSlots

RELEASE_EVERY_S = 2.0
ASK_EVERY_S = 10.0
FOLLOW_EVERY_S = 60.0
SLOTS_EVERY_S = 3600.0
SLOTS_KEPT = timedelta(days=30)
HOLDS_KEPT = timedelta(days=30)
"""A hold that came to nothing is remembered for as long as slots are made ahead: nobody is offered the same one twice."""
FORGOTTEN_AT_ONCE = 5_000


class Appointments:
    """Each duty is a round of its own; what fails is tried again at its next turn."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    @property
    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[None]], float], ...]:
        """Names, duties, and seconds between their rounds."""
        return (
            ("release_holds", self.release, RELEASE_EVERY_S),
            ("ask_clinics", self.ask, ASK_EVERY_S),
            ("follow_clinics", self.follow, FOLLOW_EVERY_S),
            ("make_slots", self.slots, SLOTS_EVERY_S),
        )

    async def release(self) -> None:
        """Let go what is held no longer, and offer what became free to those who wait."""
        more = 1
        while more:
            async with self.container() as scope:
                more = await (await scope.get(ReleaseHolds))()
        async with self.container() as scope:
            await (await scope.get(EndWaits))()

    async def ask(self) -> None:
        """Find out what clinics' servers have not answered."""
        async with self.container() as scope:
            await (await scope.get(AskClinics))()

    async def follow(self) -> None:
        """Refresh what clinics' own servers have."""
        async with self.container() as scope:
            await (await scope.get(FollowClinics))()

    async def slots(self) -> None:
        """Make the slots of the day that came into sight, by the law of the zones as it was read last."""
        async with self.container() as scope:
            await (await scope.get(MakeSlots))()

    async def forget(self) -> None:
        """Remove holds that came to nothing long ago, and then slots that nobody ever had."""
        gone = FORGOTTEN_AT_ONCE
        while gone == FORGOTTEN_AT_ONCE:
            async with self.container() as scope:
                before = (await scope.get(Clock)).now() - HOLDS_KEPT
                async with await scope.get(Transaction):
                    gone = await (await scope.get(Bookings)).forget_before(before, FORGOTTEN_AT_ONCE)
        gone = FORGOTTEN_AT_ONCE
        while gone == FORGOTTEN_AT_ONCE:
            async with self.container() as scope:
                day = ((await scope.get(Clock)).now() - SLOTS_KEPT).date()
                async with await scope.get(Transaction):
                    gone = await (await scope.get(Slots)).forget_before(day, FORGOTTEN_AT_ONCE)
