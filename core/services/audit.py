"""The journal looked after: checkpoints signed every minute, and the whole chain verified."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.audit import Finding, Trail
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class SignCheckpoint:
    """The worker signs where the journal stands, so that a cut-off tail shows."""

    transaction: Transaction
    trail: Trail
    clock: Clock

    async def __call__(self) -> None:
        async with self.transaction.looking():
            await self.trail.checkpoint(self.clock.now())


@dataclass(frozen=True, slots=True)
class VerifyTrail:
    """Whoever runs the machine proves that nobody has touched the journal. Empty when all is as it was written."""

    transaction: Transaction
    trail: Trail

    async def __call__(self) -> Sequence[Finding]:
        async with self.transaction.looking():
            return await self.trail.verify()
