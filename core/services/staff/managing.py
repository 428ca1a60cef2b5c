"""Staff managed: added, given new secrets, let in and out, given another role, by administrators and by the machine's command."""

import re
import secrets
from dataclasses import dataclass, field, replace

from core.domain.access import Deed, Section, roles
from core.domain.actor import Actor, NotAllowed, Role, Staff, System
from core.domain.audit import AuditLog, Operation
from core.domain.ids import StaffId, new_id
from core.domain.staff import LastAdministrator, Member, StaffMembers, keep_apart, require_steward
from core.domain.team import Duties
from core.ports import Clock, Passwords, Totp, Transaction

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
SHORTEST_PASSWORD = 12
LONGEST_NAME = 100
COMMAND = System("command")
SIGNERS = frozenset().union(*(roles(Deed.SIGN, section) for section in Section))
"""Their names stand on papers and corrections."""


class BadLogin(Exception):
    """A login is 3 to 32 Latin lower-case letters, digits, dots, dashes or underscores, a letter first."""

    message_key = "staff.bad_login"


class WeakPassword(Exception):
    """A password has at least twelve characters."""

    message_key = "staff.weak_password"


class NameWanted(Exception):
    """Whoever signs does so with their name: a login is none."""

    message_key = "staff.name_wanted"


class NoSuchMember(Exception):
    """There is nobody with this login."""

    message_key = "staff.no_such_login"


@dataclass(frozen=True, slots=True)
class NewMember:
    """What the new member is told once: the password (made here unless given), and the authenticator's address and key."""

    id: StaffId
    password: str = field(repr=False)
    totp_uri: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddStaff:
    """A member of staff is added; one who signs nothing may go by the login. At the first sign-in they take secrets of their own.

    Raises NotAllowed, BadLogin, NameWanted, WeakPassword, LoginTaken.
    """

    transaction: Transaction
    staff: StaffMembers
    passwords: Passwords
    totp: Totp
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, login: str, name: str, role: Role, password: str | None = None, *, by: Actor = COMMAND
    ) -> NewMember:
        require_steward(by)
        keep_apart(by, role)
        if not LOGIN.fullmatch(login):
            raise BadLogin
        name = _named(name, role)
        password = password or secrets.token_urlsafe(15)
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword
        now, secret = self.clock.now(), self.totp.fresh_secret()
        hashed = await self.passwords.hash(password)
        member = Member(StaffId(new_id(now)), login, name or login, role, hashed, secret, handed=True, handed_at=now)
        async with self.transaction:
            await self.staff.add(member, now)
            self.audit.record(by, Operation.STAFF_ADDED, None, login=login, role=role.value)
        return NewMember(member.id, password, self.totp.uri(secret, login), secret)


@dataclass(frozen=True, slots=True)
class ResetStaff:
    """A member gets a new password and a new authenticator key, to be replaced by their own within HANDED_FOR.

    Their sessions end at once. A disabled member is let in again. Raises NotAllowed, NoSuchMember.
    """

    transaction: Transaction
    staff: StaffMembers
    passwords: Passwords
    totp: Totp
    audit: AuditLog
    clock: Clock

    async def __call__(self, who: str | StaffId, *, by: Actor = COMMAND) -> NewMember:
        require_steward(by)
        now = self.clock.now()
        password, secret = secrets.token_urlsafe(15), self.totp.fresh_secret()
        hashed = await self.passwords.hash(password)
        async with self.transaction:
            member = await _known(self.staff, who)
            keep_apart(by, member.role)
            given = replace(
                member, password_hash=hashed, totp_secret=secret, disabled=False, handed=True, handed_at=now
            )
            await self.staff.change(given)
            self.audit.record(by, Operation.STAFF_RESET, None, login=member.login)
        return NewMember(member.id, password, self.totp.uri(secret, member.login), secret)


@dataclass(frozen=True, slots=True)
class DisableStaff:
    """Somebody's work at the desk ends: they are out at once, and what they had goes back to the queue.

    Raises NotAllowed, NoSuchMember, and LastAdministrator to an administrator: the command alone can add another.
    """

    transaction: Transaction
    staff: StaffMembers
    duties: Duties
    audit: AuditLog

    async def __call__(self, who: str | StaffId, *, by: Actor = COMMAND) -> None:
        require_steward(by)
        async with self.transaction:
            member = await _known(self.staff, who)
            keep_apart(by, member.role)
            await _keep_one(self.staff, member, by)
            await self.staff.stand(replace(member, disabled=True))
            await self.staff.end_sessions(member.id)
            await self.duties.leave(member.id)
            self.audit.record(by, Operation.STAFF_DISABLED, None, login=member.login)


@dataclass(frozen=True, slots=True)
class EnableStaff:
    """Somebody who was disabled or locked out is let in again, with the password and key they have.

    Raises NotAllowed, NoSuchMember.
    """

    transaction: Transaction
    staff: StaffMembers
    audit: AuditLog

    async def __call__(self, who: str | StaffId, *, by: Actor = COMMAND) -> None:
        require_steward(by)
        async with self.transaction:
            member = await _known(self.staff, who)
            keep_apart(by, member.role)
            await self.staff.stand(replace(member, disabled=False))
            self.audit.record(by, Operation.STAFF_ENABLED, None, login=member.login)


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Somebody is given another role, and another name where one is said: both hold from their next click.

    Raises NotAllowed, NoSuchMember, NameWanted, LastAdministrator (as DisableStaff).
    """

    transaction: Transaction
    staff: StaffMembers
    audit: AuditLog

    async def __call__(self, who: str | StaffId, role: Role, *, name: str | None = None, by: Actor = COMMAND) -> None:
        require_steward(by)
        async with self.transaction:
            member = await _known(self.staff, who)
            keep_apart(by, member.role, role)
            if role is not Role.ADMINISTRATOR:
                await _keep_one(self.staff, member, by)
            # Whoever goes by the login has no name that could stand on a paper.
            known = "" if member.name == member.login else member.name
            called = _named(known if name is None else name, role) or member.login
            await self.staff.stand(replace(member, role=role, name=called))
            self.audit.record(by, Operation.STAFF_ROLE_CHANGED, None, login=member.login, role=role.value)


def _named(name: str, role: Role) -> str:
    name = " ".join(name.split())[:LONGEST_NAME]
    if role in SIGNERS and not any(map(str.isalpha, name)):
        raise NameWanted
    return name


async def _known(staff: StaffMembers, who: str | StaffId) -> Member:
    member = await staff.by_login(who) if isinstance(who, str) else await staff.by_id(who)
    if member is None:
        raise NoSuchMember if isinstance(who, str) else NotAllowed
    return member


async def _keep_one(staff: StaffMembers, member: Member, by: Actor) -> None:
    if isinstance(by, Staff) and await staff.administrators() == {member.id}:
        raise LastAdministrator
