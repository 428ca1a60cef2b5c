"""Groups of staff made and changed; each one's duty set; and members say whether they are here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.domain.actor import Actor, NotAllowed, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.conversation import DeskEvent, DeskEvents, Happening
from core.domain.ids import StaffId, TeamId, new_id
from core.domain.staff import StaffMembers, keep_apart, require_role, require_steward
from core.domain.support import SupportTopic
from core.domain.team import LANGUAGES, MOST, BadDuty, Duties, Duty, Presence, SelfShutOut, Team, Teams, allows
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class SetPresence:
    """A member who may answer says whether they are here. Raises NotAllowed."""

    transaction: Transaction
    duties: Duties
    events: DeskEvents
    audit: AuditLog
    clock: Clock

    async def __call__(self, staff: Staff, presence: Presence) -> Duty:
        require_role(staff, Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)
        async with self.transaction:
            await self.duties.be(staff.staff, presence, self.clock.now())
            self.events.tell(DeskEvent(0, Happening.STAFF, self.clock.now(), staff=staff.staff))
            duty = await self.duties.of(staff.staff)
            self.audit.record(staff, Operation.PRESENCE_SET, None, presence=presence.value)
        return duty


@dataclass(frozen=True, slots=True)
class NotePresent:
    """A member's page is open. Returns their duty. The page says so by itself: the journal does not."""

    transaction: Transaction
    duties: Duties
    clock: Clock

    async def __call__(self, staff: Staff) -> Duty:
        async with self.transaction.looking():
            await self.duties.saw(staff.staff, self.clock.now())
            return await self.duties.of(staff.staff)


@dataclass(frozen=True, slots=True)
class SetDuty:
    """Whoever manages the staff says what a member knows, how much they take at once, and which group is theirs.

    `address` is where it is said from: nobody shuts themselves out by it. Raises NotAllowed, TeamNotThere, BadDuty,
    SelfShutOut.
    """

    transaction: Transaction
    staff: StaffMembers
    teams: Teams
    duties: Duties
    audit: AuditLog

    async def __call__(
        self,
        actor: Actor,
        member: StaffId,
        *,
        capacity: int,
        skills: Collection[SupportTopic],
        languages: Collection[str],
        team: TeamId | None,
        address: str | None = None,
    ) -> Duty:
        require_steward(actor)
        if not 1 <= capacity <= MOST or not skills or not languages or not LANGUAGES.issuperset(languages):
            raise BadDuty
        async with self.transaction:
            known = await self.staff.by_id(member)
            if known is None:
                raise NotAllowed
            keep_apart(actor, known.role)
            group = None if team is None else await self.teams.get(team)
            if group and isinstance(actor, Staff) and actor.staff == member:
                _keep_in(group, address)
            duty = replace(
                await self.duties.of(member),
                capacity=capacity,
                skills=frozenset(skills),
                languages=frozenset(languages),
                team=team,
            )
            await self.duties.arrange(duty)
            self.audit.record(
                actor, Operation.DUTY_SET, None, member=str(member), capacity=str(capacity), team=str(team or "-")
            )
            return duty


@dataclass(frozen=True, slots=True)
class ViewTeams:
    """Whoever answers or manages sees the groups. Raises NotAllowed."""

    transaction: Transaction
    teams: Teams
    audit: AuditLog

    async def __call__(self, actor: Actor) -> Sequence[Team]:
        if isinstance(actor, Staff):
            require_role(actor, Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)
        else:
            require_steward(actor)
        async with self.transaction.looking():
            self.audit.record(actor, Operation.TEAMS_VIEWED)
            return await self.teams.all()


@dataclass(frozen=True, slots=True)
class SaveTeam:
    """Whoever manages the staff makes a group, or changes the one named by `team` as it was at `version`.

    Raises NotAllowed, BadTeam, TeamNameTaken, TeamNotThere, WrongMove, SelfShutOut.
    """

    transaction: Transaction
    teams: Teams
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        actor: Actor,
        name: str,
        *,
        networks: Collection[str] = (),
        topics: Collection[SupportTopic] = (),
        team: TeamId | None = None,
        version: int = 1,
        address: str | None = None,
    ) -> Team:
        require_steward(actor)
        now = self.clock.now()
        made = Team.named(team or TeamId(new_id(now)), name, networks, topics, version)
        async with self.transaction:
            if team is not None:
                await self.teams.get(team)
            own = await self.teams.of(actor.staff) if isinstance(actor, Staff) else None
            if own is not None and own.id == made.id:
                _keep_in(made, address)
            await self.teams.put(made, now)
            self.audit.record(actor, Operation.TEAM_SAVED, None, team=str(made.id), networks=str(len(made.networks)))
            return await self.teams.get(made.id)


@dataclass(frozen=True, slots=True)
class RemoveTeam:
    """Whoever manages the staff takes a group apart: its members and what waits for it belong to everybody.

    Raises NotAllowed, TeamNotThere.
    """

    transaction: Transaction
    teams: Teams
    audit: AuditLog

    async def __call__(self, actor: Actor, team: TeamId) -> None:
        require_steward(actor)
        async with self.transaction:
            await self.teams.remove(team)
            self.audit.record(actor, Operation.TEAM_REMOVED, None, team=str(team))


def _keep_in(team: Team, address: str | None) -> None:
    if address is not None and not allows(team.networks, address):
        raise SelfShutOut
