"""Who looked at what, when and why: the owner's own view of the journal, which leaves out nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.domain.access import Section
from core.domain.activity import Act, Journal, Who
from core.domain.actor import Citizen, Role
from core.domain.audit import AuditLog, Operation
from core.domain.clinic import Clinics
from core.domain.ids import ClinicId, StaffId
from core.domain.staff import StaffMembers
from core.ports import Clock, Transaction
from core.services.access import Gate

PAGE = 8
MOST = 5000
"""Lines of one export."""


@dataclass(frozen=True, slots=True)
class ActivityView:
    """A page of acts, `names` of staff and clinics by their id, with the `roles` of staff.

    `until` keeps the pages together while the journal grows.
    """

    acts: Sequence[Act]
    names: Mapping[UUID, str] = field(repr=False)
    roles: Mapping[UUID, Role]
    total: int
    page: int
    until: datetime

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Namer:
    """Gives staff and clinics their names, in the open transaction of whoever uses it."""

    members: StaffMembers
    clinics: Clinics

    async def __call__(self, acts: Sequence[Act]) -> tuple[Mapping[UUID, str], Mapping[UUID, Role]]:
        staff = {StaffId(act.actor) for act in acts if act.who is Who.STAFF and act.actor}
        clinics = {ClinicId(act.actor) for act in acts if act.who is Who.CLINIC and act.actor}
        members = await self.members.some(staff) if staff else []
        names: dict[UUID, str] = {member.id: member.name for member in members}
        if clinics:
            names |= {clinic: name for clinic, name in (await self.clinics.names(clinics)).items()}  # noqa: C416 - ids of another kind
        return names, {member.id: member.role for member in members}


@dataclass(frozen=True, slots=True)
class ViewActivity:
    """The owner reads the journal of their record, a page at a time. `until` None: up to now. Raises as the gate does."""

    transaction: Transaction
    gate: Gate
    journal: Journal
    namer: Namer
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, citizen: Citizen, *, outsiders: bool = True, page: int = 0, until: datetime | None = None
    ) -> ActivityView:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.ACTIVITY)
            end = until or self.clock.now()
            total = await self.journal.count(account.id, end, outsiders=outsiders)
            page = max(0, min(page, (total - 1) // PAGE))
            acts = await self.journal.of(account.id, end, outsiders=outsiders, limit=PAGE, offset=page * PAGE)
            names, roles = await self.namer(acts)
            self.audit.record(citizen, Operation.ACTIVITY_VIEWED, account.id)
        return ActivityView(acts, names, roles, total, page, end)


@dataclass(frozen=True, slots=True)
class ExportActivity:
    """The owner takes the journal of their record along: the latest lines. Raises as the gate does."""

    transaction: Transaction
    gate: Gate
    journal: Journal
    namer: Namer
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, *, outsiders: bool, until: datetime) -> ActivityView:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.ACTIVITY)
            acts = await self.journal.of(account.id, until, outsiders=outsiders, limit=MOST)
            names, roles = await self.namer(acts)
            self.audit.record(citizen, Operation.ACTIVITY_EXPORTED, account.id, lines=str(len(acts)))
        return ActivityView(acts, names, roles, len(acts), 0, until)
