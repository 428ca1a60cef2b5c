"""Facilities: added and changed by an administrator, kept by registrars and doctors whom the administrator assigns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.domain.actor import Actor, Role
from core.domain.audit import AuditLog, Operation
from core.domain.clinic import Clinics
from core.domain.ids import FacilityId, StaffId, new_id
from core.domain.reach import Reach
from core.domain.schedule import Facilities, Facility, Point, Source, Timetables
from core.domain.schedule.checking import checked_facility, refuse_unreachable
from core.domain.staff import Member, StaffMembers
from core.ports import Clock, Transaction
from core.services.schedule.keeping import NotAKeeper, require_founder
from core.services.schedule.making import SlotMaker

KEEPERS = frozenset({Role.REGISTRAR, Role.DOCTOR})


@dataclass(frozen=True, slots=True)
class ListFacilities:
    """Somebody at the desk sees the open facilities whose schedule they keep, by name."""

    transaction: Transaction
    facilities: Facilities
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Sequence[Facility]:
        async with self.transaction.looking():
            kept = await self.facilities.kept_by(actor)
            found = [each for each in await self.facilities.all() if kept is None or each.id in kept]
            self.audit.record(actor, Operation.SCHEDULE_VIEWED, None, facilities=str(len(found)))
        return found


@dataclass(frozen=True, slots=True)
class AddFacility:
    """An administrator, or whoever runs the machine, adds a facility; its id is made here.

    Raises NotAllowed, InvalidFacility, FacilityExists.
    """

    transaction: Transaction
    facilities: Facilities
    reach: Reach
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        actor: Actor,
        *,
        code: str,
        name: str,
        address: str,
        region: str,
        zone: str,
        point: Point | None = None,
        source: Source = Source.OWN,
        url: str = "",
        **more: Any,
    ) -> Facility:
        """`more` are `phone`, `clinic` and `limit` of a Facility."""
        founder = require_founder(actor)
        identity = FacilityId(new_id(self.clock.now()))
        facility = checked_facility(
            Facility(identity, code, name, address, region, zone, point, source=source, url=url, **more)
        )
        refuse_unreachable(facility, self.reach)
        async with self.transaction:
            await self.facilities.put(facility)
            self.audit.record(founder, Operation.FACILITY_ADDED, None, facility=str(facility.id), code=facility.code)
        return facility


@dataclass(frozen=True, slots=True)
class ChangeFacility:
    """An administrator, or whoever runs the machine, changes what is known of a facility, or closes it for good.

    Its code stays. Returns how many appointments were called off by it. Raises NotAllowed, NoSuchFacility,
    InvalidFacility.
    """

    transaction: Transaction
    facilities: Facilities
    timetables: Timetables
    maker: SlotMaker
    reach: Reach
    audit: AuditLog

    async def __call__(self, actor: Actor, facility: FacilityId, **changes: Any) -> int:
        """`changes` are fields of a Facility, without its id, code and source."""
        founder = require_founder(actor)
        async with self.transaction:
            await self.timetables.lock(facility)
            before = await self.facilities.one(facility)
            kept = {"id": before.id, "code": before.code, "source": before.source}
            changed = checked_facility(replace(before, **{**changes, **kept}))
            if changed.url != before.url:
                # What is left as it was may stand where it may not be called any more: it can be closed all the same.
                refuse_unreachable(changed, self.reach)
            await self.facilities.put(changed)
            self.audit.record(
                founder, Operation.FACILITY_CHANGED, None, facility=str(facility), what=" ".join(sorted(changes))
            )
            if changed.source is Source.OWN or changed.closed:
                return await self.maker.make(founder, changed)
            return 0


@dataclass(frozen=True, slots=True)
class AssignKeeper:
    """An administrator lets a registrar or a doctor keep a facility's schedule. Raises NotAllowed, NotAKeeper, NoSuchFacility."""

    transaction: Transaction
    facilities: Facilities
    members: StaffMembers
    audit: AuditLog

    async def __call__(self, actor: Actor, member: StaffId, facility: FacilityId) -> None:
        founder = require_founder(actor)
        async with self.transaction:
            found = await self.members.some({member})
            if not found or found[0].disabled or found[0].role not in KEEPERS:
                raise NotAKeeper
            await self.facilities.one(facility)
            await self.facilities.assign(member, facility)
            self.audit.record(founder, Operation.KEEPER_ASSIGNED, None, facility=str(facility), member=str(member))


@dataclass(frozen=True, slots=True)
class KeepersView:
    """Who keeps a facility's schedule, who else could, and which organisation speaks for it (its client id, or "")."""

    facility: Facility
    keepers: Sequence[Member]
    others: Sequence[Member]
    client_id: str


@dataclass(frozen=True, slots=True)
class ListKeepers:
    """An administrator looks who keeps a facility's schedule. Raises NotAllowed, NoSuchFacility."""

    transaction: Transaction
    facilities: Facilities
    members: StaffMembers
    clinics: Clinics
    audit: AuditLog

    async def __call__(self, actor: Actor, facility: FacilityId) -> KeepersView:
        founder = require_founder(actor)
        async with self.transaction.looking():
            found = await self.facilities.one(facility)
            assigned = await self.facilities.keepers(facility)
            speaks = [each.client_id for each in await self.clinics.all() if each.id == found.clinic]
            able = [each for each in await self.members.all() if each.role in KEEPERS and not each.disabled]
            self.audit.record(founder, Operation.SCHEDULE_VIEWED, None, facility=str(facility), look="keepers")
        return KeepersView(
            found,
            [each for each in able if each.id in assigned],
            [each for each in able if each.id not in assigned],
            next(iter(speaks), ""),
        )


@dataclass(frozen=True, slots=True)
class RelieveKeeper:
    """An administrator takes a facility's schedule from somebody who keeps it. Raises NotAllowed."""

    transaction: Transaction
    facilities: Facilities
    audit: AuditLog

    async def __call__(self, actor: Actor, member: StaffId, facility: FacilityId) -> None:
        founder = require_founder(actor)
        async with self.transaction:
            await self.facilities.unassign(member, facility)
            self.audit.record(founder, Operation.KEEPER_RELIEVED, None, facility=str(facility), member=str(member))
