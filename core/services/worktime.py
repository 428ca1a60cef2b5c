"""Working hours: looked at and set by administrators."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import Actor, Role
from core.domain.audit import AuditLog, Operation
from core.domain.staff import require_role
from core.domain.worktime import NeverOpen, Worktime, Worktimes
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class HoursView:
    """The hours, and when people answer next: now, while they do; None for never."""

    hours: Worktime
    open: bool
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class ViewHours:
    """An administrator looks at the hours."""

    transaction: Transaction
    worktimes: Worktimes
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor) -> HoursView:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction.looking():
            hours = await self.worktimes.current()
            self.audit.record(staff, Operation.HOURS_VIEWED)
        now = self.clock.now()
        try:
            opens_at = hours.opens_at(now)
        except NeverOpen:
            return HoursView(hours, open=False, opens_at=None)
        return HoursView(hours, opens_at <= now, opens_at)


@dataclass(frozen=True, slots=True)
class SetHours:
    """An administrator sets the hours; they hold from this moment on. Raises InvalidHours, NeverOpen."""

    transaction: Transaction
    worktimes: Worktimes
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, hours: Worktime) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        hours.checked().opens_at(self.clock.now())
        async with self.transaction:
            await self.worktimes.put(hours)
            self.audit.record(staff, Operation.HOURS_SET, None, zone=hours.zone)
