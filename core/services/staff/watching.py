"""Who there is, who is in, and from where: the staff listed, their sessions listed and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.domain.actor import Actor, NotAllowed, Role, Staff, System
from core.domain.audit import AuditLog, Operation
from core.domain.ids import StaffId
from core.domain.staff import Locked, OpenSession, StaffMembers, WrongSignIn, require_role, require_steward
from core.domain.team import ANSWERING, Duties, Duty, Team, Teams
from core.ports import Clock, Passwords, Totp, Transaction
from core.services.staff.managing import SHORTEST_PASSWORD, WeakPassword

COLLEAGUES = (Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as others see them. What stands after `duty` is told to whoever manages the staff alone."""

    id: StaffId
    login: str
    name: str
    role: Role
    duty: Duty
    is_here: bool = False
    disabled: bool = False
    locked_until: datetime | None = None
    failures: int = 0
    sessions: int = 0
    handed: bool = False
    handed_until: datetime | None = None
    """Until when secrets that somebody else gave open the desk."""
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody by login, and the groups by name."""

    people: tuple[Colleague, ...]
    teams: tuple[Team, ...]

    def team_of(self, colleague: Colleague) -> Team | None:
        """Return a colleague's group."""
        return next((team for team in self.teams if team.id == colleague.duty.team), None)


@dataclass(frozen=True, slots=True)
class ViewStaff:
    """Whoever manages the staff sees everybody, with locks and sessions; whoever answers, those who answer. Raises NotAllowed."""

    transaction: Transaction
    staff: StaffMembers
    teams: Teams
    duties: Duties
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor) -> Roster:
        manages = isinstance(actor, System) or require_role(actor, *COLLEAGUES).role is Role.ADMINISTRATOR
        now = self.clock.now()
        async with self.transaction.looking():
            members = await self.staff.all()
            if not manages:
                members = [each for each in members if each.role in ANSWERING and not each.disabled]
            ids = [each.id for each in members]
            duties = await self.duties.of_many(ids)
            open_ = await self.staff.open_sessions(ids, now) if manages else ()
            people = []
            for each in members:
                locked = each.locked_until if each.locked_until and each.locked_until > now else None
                duty, sessions = duties[each.id], sum(1 for session in open_ if session.member == each.id)
                seen = Colleague(each.id, each.login, each.name, each.role, duty, duty.is_here(now))
                if manages:
                    seen = Colleague(
                        *(each.id, each.login, each.name, each.role, duty, duty.is_here(now)),
                        disabled=each.disabled,
                        locked_until=locked,
                        failures=each.failures,
                        sessions=sessions,
                        handed=each.handed,
                        handed_until=each.handed_until,
                        lapsed=each.has_lapsed(now),
                    )
                people.append(seen)
            self.audit.record(actor, Operation.STAFF_VIEWED)
            return Roster(tuple(people), tuple(await self.teams.all()))


@dataclass(frozen=True, slots=True)
class ListSessions:
    """A member sees where they are signed in; whoever manages the staff sees it of anybody. Raises NotAllowed."""

    transaction: Transaction
    staff: StaffMembers
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, member: StaffId | None = None) -> Sequence[OpenSession]:
        whose = _whose(actor, member)
        async with self.transaction.looking():
            found = await self.staff.open_sessions({whose}, self.clock.now())
            self.audit.record(actor, Operation.SESSIONS_VIEWED, None, member=str(whose))
        return found


@dataclass(frozen=True, slots=True)
class EndSession:
    """A session ends at once, or all of a member's where none is named; with the last one they are off.

    Their own members end themselves, others' whoever manages the staff. Returns how many ended. Raises NotAllowed.
    """

    transaction: Transaction
    staff: StaffMembers
    duties: Duties
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, session: UUID | None, member: StaffId | None = None) -> int:
        whose, now = _whose(actor, member), self.clock.now()
        async with self.transaction:
            if session is None:
                ended = await self.staff.end_sessions(whose)
            elif await self.staff.end_session(whose, session):
                ended = 1
            else:
                raise NotAllowed
            if not await self.staff.open_sessions({whose}, now):
                await self.duties.leave(whose)
            self.audit.record(actor, Operation.SESSIONS_ENDED, None, member=str(whose), ended=str(ended))
        return ended


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """A member takes another password, proving the present one and the authenticator; their other sessions end.

    A wrong try counts like one at the door. Raises WeakPassword, WrongSignIn, Locked.
    """

    transaction: Transaction
    staff: StaffMembers
    passwords: Passwords
    totp: Totp
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Staff, session: UUID, present: str, code: str, new: str) -> None:
        now = self.clock.now()
        async with self.transaction.looking():
            member = await self.staff.by_id(actor.staff)
        if member is None:
            raise NotAllowed
        if len(new) < SHORTEST_PASSWORD or new == present or member.login in new.lower():
            raise WeakPassword
        right = await self.passwords.matches(present, member.password_hash)
        step = self.totp.step(member.totp_secret, code.replace(" ", ""), now)
        hashed = await self.passwords.hash(new)
        async with self.transaction:
            accepted = right and step is not None and await self.staff.accept_step(member.id, step, now)
            if accepted:
                await self.staff.renew_password(member.id, hashed)
                for each in await self.staff.open_sessions({member.id}, now):
                    if each.id != session:
                        await self.staff.end_session(member.id, each.id)
                self.audit.record(actor, Operation.STAFF_RENEWED)
            else:
                failures = await self.staff.count_failure(member.id, now)
                self.audit.record(actor, Operation.STAFF_REFUSED, None, failures=str(failures), at="change")
        if accepted:
            return
        if right and step is not None and member.locked_until and member.locked_until > now:
            raise Locked(member.locked_until)
        raise WrongSignIn


def _whose(actor: Actor, member: StaffId | None) -> StaffId:
    if isinstance(actor, Staff) and member in {None, actor.staff}:
        return actor.staff
    require_steward(actor)
    if member is None:
        raise NotAllowed
    return member
