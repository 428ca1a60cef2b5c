"""An incoming update, from first sight to answered."""

from dataclasses import dataclass

from core.domain.update import Incoming, Updates, UpdateState
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class MeetUpdate:
    """An update comes in: has it been seen through before?"""

    transaction: Transaction
    updates: Updates
    incoming: Incoming

    async def __call__(self, update: int) -> UpdateState:
        self.incoming.id = update
        async with self.transaction.looking():
            return await self.updates.state(update)


@dataclass(frozen=True, slots=True)
class FinishUpdate:
    """The person has the answer: a repetition of this update is passed over in silence."""

    transaction: Transaction
    updates: Updates
    clock: Clock

    async def __call__(self, update: int) -> None:
        async with self.transaction.looking():
            await self.updates.finish(update, self.clock.now())
