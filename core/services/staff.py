"""Staff: added by a command, signed in with password and TOTP, signed out."""

import re
import secrets
from dataclasses import dataclass, field, replace

from core.domain.actor import Actor, Role, System
from core.domain.audit import AuditLog, Operation
from core.domain.ids import StaffId, new_id
from core.domain.staff import Locked, Member, Session, StaffMembers, WrongSignIn
from core.ports import Clock, Codes, Passwords, Totp, Transaction

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
SHORTEST_PASSWORD = 12
COMMAND = System("command")
DESK = System("desk")


class BadLogin(Exception):
    """A login is 3 to 32 Latin lower-case letters, digits, dots, dashes or underscores, a letter first."""

    message_key = "staff.bad_login"


class WeakPassword(Exception):
    """A password has at least twelve characters."""

    message_key = "staff.weak_password"


@dataclass(frozen=True, slots=True)
class NewMember:
    """What the new member is told once: the password (made here unless given), and the authenticator's address and key."""

    id: StaffId
    password: str = field(repr=False)
    totp_uri: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddStaff:
    """Whoever runs the machine adds a member of staff. Raises BadLogin, WeakPassword, LoginTaken."""

    transaction: Transaction
    staff: StaffMembers
    passwords: Passwords
    totp: Totp
    audit: AuditLog
    clock: Clock

    async def __call__(self, login: str, name: str, role: Role, password: str | None = None) -> NewMember:
        if not LOGIN.fullmatch(login):
            raise BadLogin
        password = password or secrets.token_urlsafe(15)
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword
        now, secret = self.clock.now(), self.totp.fresh_secret()
        hashed = await self.passwords.hash(password)
        member = Member(StaffId(new_id(now)), login, name, role, password_hash=hashed, totp_secret=secret)
        async with self.transaction:
            await self.staff.add(member, now)
            self.audit.record(COMMAND, Operation.STAFF_ADDED, None, login=login, role=role.value)
        return NewMember(member.id, password, self.totp.uri(secret, login), secret)


class NoSuchMember(Exception):
    """There is nobody with this login."""

    message_key = "staff.no_such_login"


@dataclass(frozen=True, slots=True)
class ResetStaff:
    """Whoever runs the machine gives a member a new password and a new authenticator key; their sessions end at once.

    A disabled member is let in again. Raises NoSuchMember.
    """

    transaction: Transaction
    staff: StaffMembers
    passwords: Passwords
    totp: Totp
    audit: AuditLog

    async def __call__(self, login: str) -> NewMember:
        password, secret = secrets.token_urlsafe(15), self.totp.fresh_secret()
        hashed = await self.passwords.hash(password)
        async with self.transaction:
            member = await self.staff.by_login(login)
            if member is None:
                raise NoSuchMember
            await self.staff.change(replace(member, password_hash=hashed, totp_secret=secret, disabled=False))
            self.audit.record(COMMAND, Operation.STAFF_RESET, None, login=login)
        return NewMember(member.id, password, self.totp.uri(secret, login), secret)


@dataclass(frozen=True, slots=True)
class DisableStaff:
    """Whoever runs the machine ends somebody's work at the desk: they are out at once. Raises NoSuchMember."""

    transaction: Transaction
    staff: StaffMembers
    audit: AuditLog

    async def __call__(self, login: str) -> None:
        async with self.transaction:
            member = await self.staff.by_login(login)
            if member is None:
                raise NoSuchMember
            await self.staff.change(replace(member, disabled=True))
            self.audit.record(COMMAND, Operation.STAFF_DISABLED, None, login=login)


@dataclass(frozen=True, slots=True)
class SignInStaff:
    """A member signs in with password and code. Returns the session's secret name.

    Raises WrongSignIn (which of the three is wrong is not told), Locked to whoever has all three right. Any other try gets
    the same answer after the same work, whether or not there is such a login and whether or not it is locked.
    """

    transaction: Transaction
    staff: StaffMembers
    passwords: Passwords
    totp: Totp
    codes: Codes
    audit: AuditLog
    clock: Clock

    async def __call__(self, login: str, password: str, code: str) -> str:
        now, login = self.clock.now(), login.strip().lower()
        if not LOGIN.fullmatch(login):
            raise WrongSignIn
        async with self.transaction.looking():
            member = await self.staff.by_login(login)
        right = await self.passwords.matches(password, member.password_hash if member else None)
        step = self.totp.step(member.totp_secret, code.replace(" ", ""), now) if member else None
        name = self.codes.token()
        async with self.transaction:
            if member is None:
                accepted = False
                # Not which: people type their password into the wrong field.
                self.audit.record(DESK, Operation.STAFF_REFUSED, None, login="unknown")
            elif right and step is not None and not member.disabled:
                accepted = await self.staff.accept_step(member.id, step, now)
            else:
                accepted = False
            if member is not None and accepted:
                await self.staff.open_session(member.id, name, self.codes.token(), now)
                self.audit.record(member.actor, Operation.STAFF_SIGNED_IN)
            elif member is not None:
                failures = await self.staff.count_failure(member.id, now)
                self.audit.record(member.actor, Operation.STAFF_REFUSED, None, failures=str(failures))
        if accepted:
            return name
        if member is not None and right and step is not None and member.locked_until and member.locked_until > now:
            raise Locked(member.locked_until)
        raise WrongSignIn


@dataclass(frozen=True, slots=True)
class FindSession:
    """Who sits behind a session's secret name. Raises SessionGone."""

    transaction: Transaction
    staff: StaffMembers
    clock: Clock

    async def __call__(self, name: str, *, attended: bool = True) -> Session:
        """`attended` False: a page refreshes itself, which does not keep the session from going idle."""
        async with self.transaction.looking():
            return await self.staff.session(name, self.clock.now(), attended=attended)


@dataclass(frozen=True, slots=True)
class SignOutStaff:
    """A member signs out: the session is gone at once."""

    transaction: Transaction
    staff: StaffMembers
    audit: AuditLog

    async def __call__(self, actor: Actor, name: str) -> None:
        async with self.transaction:
            await self.staff.close_session(name)
            self.audit.record(actor, Operation.STAFF_SIGNED_OUT)
