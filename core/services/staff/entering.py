"""Staff sign in with password and code, are known by their session, and sign out."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import Actor, Staff, System
from core.domain.audit import AuditLog, Operation
from core.domain.staff import Locked, Member, OwnSecretsFirst, SecretsLapsed, Session, StaffMembers, WrongSignIn
from core.domain.team import (
    AT_WORK_BY_THEMSELVES,
    Duties,
    NetworkRefused,
    Teams,
    allows,
)
from core.ports import Clock, Codes, Passwords, Totp, Transaction
from core.services.staff.managing import LOGIN

DESK = System("desk")


@dataclass(frozen=True, slots=True)
class SignInStaff:
    """A member signs in with password and code. Returns the session's secret name.

    Raises WrongSignIn (which of the three is wrong is not told), Locked, NetworkRefused and SecretsLapsed to whoever has all
    three right.
    Any other try gets the same answer after the same work, whether or not there is such a login and whether or not it is
    locked. What is tried from where the group is not let in is noted and counts nothing: a stranger locks nobody out.
    Whose work it is to answer is here with the first page of work, not by signing in: a wall is nobody's. Of too many
    sessions the oldest ends, and the line says so.
    """

    transaction: Transaction
    staff: StaffMembers
    teams: Teams
    duties: Duties
    passwords: Passwords
    totp: Totp
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        login: str,
        password: str,
        code: str,
        *,
        address: str | None = None,
        agent: str = "",
        former: str | None = None,
    ) -> str:
        """`former` is the session that this browser had: it ends with the new one's beginning."""
        now, login = self.clock.now(), login.strip().lower()
        if not LOGIN.fullmatch(login):
            raise WrongSignIn
        async with self.transaction.looking():
            member = await self.staff.by_login(login)
        right = await self.passwords.matches(password, member.password_hash if member else None)
        step = self.totp.step(member.totp_secret, code.replace(" ", ""), now) if member else None
        name, accepted, welcome, knows, lapsed = self.codes.token(), False, True, False, False
        async with self.transaction:
            if member is None:
                # Not which: people type their password into the wrong field.
                self.audit.record(DESK, Operation.STAFF_REFUSED, None, login="unknown")
            else:
                welcome = await self._is_welcome(member, address)
                if right and step is not None and not member.disabled:
                    knows = await self.staff.accept_step(member.id, step, now)
                lapsed = knows and member.has_lapsed(now)
                accepted = welcome and knows and not lapsed
                if accepted:
                    if former is not None:
                        await self.staff.close_session(former)
                    await self._let_in(member, name, now, address or "", agent)
                else:
                    await self._refuse(member, now, welcome=welcome, lapsed=lapsed)
        if accepted:
            return name
        if not welcome:
            raise NetworkRefused if knows else WrongSignIn
        if lapsed:
            raise SecretsLapsed
        if member is not None and right and step is not None and member.locked_until and member.locked_until > now:
            raise Locked(member.locked_until)
        raise WrongSignIn

    async def _let_in(self, member: Member, name: str, now: datetime, address: str, agent: str) -> None:
        csrf = self.codes.token()
        ended = await self.staff.open_session(member.id, name, csrf, now, address=address, agent=agent)
        if not member.handed:
            await await_work(self.duties, member, now)
        told = {"ended": str(ended)} if ended else {}
        self.audit.record(member.actor, Operation.STAFF_SIGNED_IN, None, **told)

    async def _refuse(self, member: Member, now: datetime, *, welcome: bool, lapsed: bool) -> None:
        if not welcome:
            self.audit.record(member.actor, Operation.STAFF_REFUSED, None, network="strange")
        elif lapsed:
            self.audit.record(member.actor, Operation.STAFF_REFUSED, None, secrets="lapsed")
        else:
            failures = await self.staff.count_failure(member.id, now)
            self.audit.record(member.actor, Operation.STAFF_REFUSED, None, failures=str(failures))

    async def _is_welcome(self, member: Member, address: str | None) -> bool:
        team = await self.teams.of(member.id)
        return address is None or team is None or allows(team.networks, address)


@dataclass(frozen=True, slots=True)
class FindSession:
    """Who sits behind a session's secret name.

    Raises SessionGone, NetworkRefused where the group keeps this address out, and OwnSecretsFirst.
    """

    transaction: Transaction
    staff: StaffMembers
    clock: Clock

    async def __call__(
        self, name: str, *, attended: bool = True, address: str | None = None, handed: bool = False
    ) -> Session:
        """`attended` False: a page refreshes itself, which does not keep the session from going idle.

        `handed`: whoever still has the secrets that somebody else gave them is let through too.
        """
        async with self.transaction.looking():
            session = await self.staff.session(name, self.clock.now(), attended=attended)
            if address is not None and not allows(session.networks, address):
                raise NetworkRefused
            if session.member.handed and not handed:
                raise OwnSecretsFirst
            return session


@dataclass(frozen=True, slots=True)
class SignOutStaff:
    """A member signs out: the session is gone at once. With their last one they are off, and what they had is given back."""

    transaction: Transaction
    staff: StaffMembers
    duties: Duties
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, name: str) -> None:
        now = self.clock.now()
        async with self.transaction:
            await self.staff.close_session(name)
            if isinstance(actor, Staff) and not await self.staff.open_sessions({actor.staff}, now):
                await self.duties.leave(actor.staff)
            self.audit.record(actor, Operation.STAFF_SIGNED_OUT)


async def await_work(duties: Duties, member: Member, now: datetime) -> None:
    """Let whose work it is to answer be here with their next page of work, in the open transaction of whoever uses it.

    Whoever is at work already, on another machine, has said whether they are here: that stays.
    """
    if member.role in AT_WORK_BY_THEMSELVES and not (await duties.of(member.id)).has_page_open(now):
        await duties.expect(member.id)
