"""The limits of an answer: looked at and set by administrators, with who hears of what is late."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.actor import Actor, Role
from core.domain.audit import AuditLog, Operation
from core.domain.sla import InvalidLimits, Limits, Sla
from core.domain.staff import Member, StaffMembers, require_role
from core.domain.team import Team, Teams
from core.ports import Clock, Transaction

HEARERS = frozenset({Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR})
"""Who may be told of what is late."""


@dataclass(frozen=True, slots=True)
class LimitsView:
    """The limits, and whom one can name in them."""

    limits: Limits
    members: Sequence[Member]
    teams: Sequence[Team]


@dataclass(frozen=True, slots=True)
class ViewLimits:
    """An administrator looks at the limits."""

    transaction: Transaction
    sla: Sla
    staff: StaffMembers
    teams: Teams
    audit: AuditLog

    async def __call__(self, actor: Actor) -> LimitsView:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction.looking():
            members = [each for each in await self.staff.all() if hears(each)]
            view = LimitsView(await self.sla.limits(), members, await self.teams.all())
            self.audit.record(staff, Operation.LIMITS_VIEWED)
        return view


@dataclass(frozen=True, slots=True)
class SetLimits:
    """An administrator sets the limits; clocks that run already keep theirs. Raises InvalidLimits, TeamNotThere, WrongMove."""

    transaction: Transaction
    sla: Sla
    staff: StaffMembers
    teams: Teams
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, limits: Limits) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        limits.checked()
        async with self.transaction:
            if limits.staff is not None and not any(map(hears, await self.staff.some({limits.staff}))):
                raise InvalidLimits
            if limits.team is not None:
                await self.teams.get(limits.team)
            await self.sla.set_limits(limits, self.clock.now())
            self.audit.record(
                staff,
                Operation.LIMITS_SET,
                None,
                conversation=str(limits.conversation),
                ticket=str(limits.ticket),
                escalated=str(limits.staff or limits.team or ""),
            )


def hears(member: Member) -> bool:
    """Whether somebody can be told of what is late."""
    return member.role in HEARERS and not member.disabled
