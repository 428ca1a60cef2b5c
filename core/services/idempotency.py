"""Calls of programs that are made once: begun before the work, ended with its answer, dropped when it came to nothing."""

from dataclasses import dataclass

from core.domain.idempotency import KEPT, Answered, Call, Calls
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class BeginCall:
    """Return the answer of the first time, or None: then the work is to be done. Raises KeyTaken, StillUnderWay."""

    transaction: Transaction
    calls: Calls
    clock: Clock

    async def __call__(self, call: Call) -> Answered | None:
        async with self.transaction:
            return await self.calls.begin(call, self.clock.now())


@dataclass(frozen=True, slots=True)
class EndCall:
    """Keep the answer for a day."""

    transaction: Transaction
    calls: Calls

    async def __call__(self, call: Call, answered: Answered) -> None:
        async with self.transaction:
            await self.calls.end(call, answered)


@dataclass(frozen=True, slots=True)
class DropCall:
    """Forget a call that came to nothing."""

    transaction: Transaction
    calls: Calls

    async def __call__(self, call: Call) -> None:
        async with self.transaction:
            await self.calls.drop(call)


@dataclass(frozen=True, slots=True)
class ForgetCalls:
    """Forget the calls of yesterday."""

    transaction: Transaction
    calls: Calls
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction:
            return await self.calls.forget_before(self.clock.now() - KEPT)
