"""What the outbox needs from time to time."""

from dataclasses import dataclass

from core.domain.notification import Outbox
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class TendOutbox:
    """The worker lets go what was held for people who came back. Returns how many rows."""

    transaction: Transaction
    outbox: Outbox
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            return await self.outbox.release_returned(self.clock.now())


@dataclass(frozen=True, slots=True)
class RecoverLapsed:
    """The worker takes over what workers that died had claimed. Returns how many rows."""

    transaction: Transaction
    outbox: Outbox
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            return await self.outbox.recover(self.clock.now())


@dataclass(frozen=True, slots=True)
class ReckonTimes:
    """The worker works wall times out anew, since a law may have changed since. Returns how many rows moved."""

    transaction: Transaction
    outbox: Outbox
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            return await self.outbox.reckon(self.clock.now())
