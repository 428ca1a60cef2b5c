"""The people at the desk: who they are, how they sign in, how long they stay."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from core.domain.actor import Actor, NotAllowed, Role, Staff
from core.domain.ids import StaffId

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
TRIES = 5
LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=1)


class WrongSignIn(Exception):
    """Login, password or code is wrong: which one is not told."""

    message_key = "staff.wrong_sign_in"


class Locked(Exception):
    """Too many wrong tries; open again at `until`."""

    message_key = "staff.locked"

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class LoginTaken(Exception):
    """There is somebody with this login already."""

    message_key = "staff.login_taken"


class SessionGone(Exception):
    """The session ended: signed out, idle for 15 minutes, 12 hours old, or ended by an administrator."""

    message_key = "staff.session_gone"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff. `last_step` is the last TOTP step accepted; `failures` in a row lock the account for a while."""

    id: StaffId
    login: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)
    last_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None
    disabled: bool = False

    @property
    def actor(self) -> Staff:
        """Who acts when this member acts."""
        return Staff(self.id, self.role)


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Return until when an account is locked after so many failures in a row: 15 minutes at every fifth, doubling to an hour."""
    if failures == 0 or failures % TRIES:
        return None
    doublings: int = 2 ** min(failures // TRIES - 1, 8)
    return now + min(LOCK * doublings, LONGEST_LOCK)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `name` is the cookie's secret, stored hashed; `csrf` goes into every form."""

    member: Member
    csrf: str = field(repr=False)
    started_at: datetime
    seen_at: datetime


def require_role(actor: Actor, *roles: Role) -> Staff:
    """Return the member of staff if the role is one of `roles`; an administrator may do what a reviewer may."""
    if isinstance(actor, Staff) and (
        actor.role in roles or (actor.role is Role.ADMINISTRATOR and Role.REVIEWER in roles)
    ):
        return actor
    raise NotAllowed


class StaffMembers(Protocol):
    """The staff and their sessions."""

    async def add(self, member: Member, now: datetime) -> None:
        """Store; LoginTaken."""
        ...

    async def by_login(self, login: str) -> Member | None: ...

    async def names(self, ids: set[StaffId]) -> dict[StaffId, str]:
        """Logins by id."""
        ...

    async def all(self) -> list[Member]: ...

    async def change(self, member: Member) -> None:
        """Store new secrets or a new standing, clear the lock, and end every session of the member."""
        ...

    async def accept_step(self, member: StaffId, step: int, now: datetime) -> bool:
        """Move the last TOTP step on in one conditional UPDATE, and clear failures; False for a replay or a locked account."""
        ...

    async def count_failure(self, member: StaffId, now: datetime) -> int:
        """Count one failed sign-in and lock by `lock_after`; returns failures in a row. A locked account counts none: 0."""
        ...

    async def open_session(self, member: StaffId, name: str, csrf: str, now: datetime) -> None: ...

    async def session(self, name: str, now: datetime, *, attended: bool = True) -> Session:
        """Return the session and note that it was seen, unless a page asked with nobody at it; SessionGone otherwise."""
        ...

    async def close_session(self, name: str) -> None: ...
