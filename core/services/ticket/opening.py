"""When people answer: said with the contacts, to everybody."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.worktime import NeverOpen, Worktime, Worktimes
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class Opening:
    """The hours; when people are back: now, while they are there, None when nobody knows."""

    hours: Worktime
    open: bool
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class ViewOpening:
    """Anybody looks at when there are people: nothing personal is read."""

    transaction: Transaction
    worktimes: Worktimes
    clock: Clock

    async def __call__(self) -> Opening:
        async with self.transaction.looking():
            hours = await self.worktimes.current()
        now = self.clock.now()
        try:
            opens_at = hours.opens_at(now)
        except NeverOpen:
            return Opening(hours, open=False, opens_at=None)
        return Opening(hours, opens_at <= now, opens_at)
