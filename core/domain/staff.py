"""The people at the desk: who they are, how they sign in, how long they stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core.domain.actor import Actor, NotAllowed, Role, Staff, System
from core.domain.ids import StaffId, TeamId

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
MOST_SESSIONS = 20
"""Browsers that a member may be signed in with at once: with one more the oldest ends."""
HANDED_FOR = timedelta(hours=72)
"""How long a password and key that somebody else gave open the desk: what is handed over on a Friday still does on a Monday,
and what lies forgotten in a letter or a chat lets nobody in who finds it there later."""


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


class LastAdministrator(Exception):
    """Without them nobody could manage the staff any more."""

    message_key = "staff.last_administrator"


class SessionGone(Exception):
    """The session ended: signed out, idle for 15 minutes, 12 hours old, or ended by an administrator."""

    message_key = "staff.session_gone"


class OwnSecretsFirst(Exception):
    """Password and key were handed over by somebody who may know them: whoever signed in takes their own before anything else."""

    message_key = "staff.own_secrets_first"


class SecretsLapsed(Exception):
    """Password and key were handed over too long ago and never replaced: an administrator gives new ones."""

    message_key = "staff.secrets_lapsed"


class WrongNewCode(Exception):
    """The code is not one of the new key."""

    message_key = "staff.wrong_new_code"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff. `last_step` is the last TOTP step accepted; `failures` in a row lock the account for a while.

    `handed`: somebody else gave them password and key, at `handed_at`, so nothing works until they have taken their own.
    """

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
    handed: bool = False
    handed_at: datetime | None = None

    @property
    def handed_until(self) -> datetime | None:
        """Until when the secrets that somebody else gave open the desk; None for their own."""
        return self.handed_at + HANDED_FOR if self.handed and self.handed_at else None

    def has_lapsed(self, now: datetime) -> bool:
        """Whether they were handed over too long ago."""
        return self.handed_until is not None and now >= self.handed_until

    @property
    def actor(self) -> Staff:
        """Who acts when this member acts."""
        return Staff(self.id, self.role)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. Its cookie holds a secret, stored hashed; `id` tells it from others and opens nothing.

    `csrf` goes into every form. `networks` are where the member's group may work from: none named, anywhere.
    """

    member: Member
    csrf: str = field(repr=False)
    started_at: datetime
    seen_at: datetime
    id: UUID
    team: TeamId | None = None
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as it is listed. `network` is the part of the address that tells a place, `browser` and `system` are names."""

    id: UUID
    member: StaffId
    started_at: datetime
    seen_at: datetime
    network: str = ""
    browser: str = ""
    system: str = ""


class NotASigner(NotAllowed):
    """The member has a role that signs nothing."""

    message_key = "staff.not_a_signer"


@dataclass(frozen=True, slots=True)
class StaffKey:
    """A specialist's public key: PEM, and its SHA-256 fingerprint. Past `retired_at` it signs nothing new."""

    member: StaffId
    fingerprint: str
    pem: str
    added_at: datetime
    retired_at: datetime | None = None


class StaffKeys(Protocol):
    """The public keys that specialists sign with: one in use a member; former ones are kept, so that old signatures verify."""

    async def add(self, key: StaffKey) -> None:
        """Store it and retire the member's former one; the same key again changes nothing."""
        ...

    async def of(self, member: StaffId) -> StaffKey | None:
        """Return the one in use."""
        ...

    async def known(self, member: StaffId, fingerprint: str) -> StaffKey | None:
        """Return one that the member has or had."""
        ...


def require_role(actor: Actor, *roles: Role) -> Staff:
    """Return the member of staff if the role is one of `roles`; an administrator may do what a reviewer may."""
    if isinstance(actor, Staff) and (
        actor.role in roles or (actor.role is Role.ADMINISTRATOR and Role.REVIEWER in roles)
    ):
        return actor
    raise NotAllowed


def require_steward(actor: Actor) -> Actor:
    """Return whoever manages the staff: an administrator, or the machine's own command. Raises NotAllowed."""
    return actor if isinstance(actor, System) else require_role(actor, Role.ADMINISTRATOR)


def keep_apart(actor: Actor, *concerned: Role) -> None:
    """Whoever is watched does not choose, let in or shut out those who watch: the command alone touches an auditor."""
    if isinstance(actor, Staff) and Role.AUDITOR in concerned:
        raise NotAllowed


class StaffMembers(Protocol):
    """The staff and their sessions."""

    async def add(self, member: Member, now: datetime) -> None:
        """Store; LoginTaken."""
        ...

    async def by_login(self, login: str) -> Member | None: ...

    async def by_id(self, staff: StaffId) -> Member | None: ...

    async def names(self, ids: set[StaffId]) -> dict[StaffId, str]:
        """Logins by id."""
        ...

    async def some(self, ids: set[StaffId]) -> list[Member]:
        """Return those of them that there are."""
        ...

    async def all(self) -> list[Member]: ...

    async def hold(self, staff: StaffId) -> None:
        """Let whatever else counts what this member does wait until the open transaction ends."""
        ...

    async def change(self, member: Member) -> None:
        """Store new secrets or a new standing and who gave them, clear the lock, and end every session of the member."""
        ...

    async def stand(self, member: Member) -> None:
        """Store name, role and whether they are disabled, and clear the lock. Sessions stay: rights are read anew each time."""
        ...

    async def offer_key(self, name: str, secret: str) -> None:
        """Keep the authenticator key that a session was shown, until its owner confirms it."""
        ...

    async def offered_key(self, name: str) -> str | None:
        """Return the one that a session was shown."""
        ...

    async def take_own(self, member: StaffId, password_hash: str, totp_secret: str, step: int) -> bool:
        """Store secrets that their owner chose in place of handed ones; False where theirs are their own already."""
        ...

    async def renew_password(self, member: StaffId, password_hash: str) -> None:
        """Store another password; sessions and authenticator stay."""
        ...

    async def administrators(self) -> set[StaffId]:
        """Who administers and is not disabled; nobody else changes that until the transaction ends."""
        ...

    async def accept_step(self, member: StaffId, step: int, now: datetime) -> bool:
        """Move the last TOTP step on in one conditional UPDATE, and clear failures; False for a replay or a locked account."""
        ...

    async def count_failure(self, member: StaffId, now: datetime) -> int:
        """Count one failed sign-in and lock by `lock_after`; returns failures in a row. A locked account counts none: 0."""
        ...

    async def open_session(
        self, member: StaffId, name: str, csrf: str, now: datetime, *, address: str = "", agent: str = ""
    ) -> int:
        """Store it, with network and browser; of more than MOST_SESSIONS the oldest end. Returns how many did."""
        ...

    async def session(self, name: str, now: datetime, *, attended: bool = True) -> Session:
        """Return the session and note that it was seen, unless a page asked with nobody at it; SessionGone otherwise."""
        ...

    async def close_session(self, name: str) -> None: ...

    async def open_sessions(self, members: Collection[StaffId], now: datetime) -> Sequence[OpenSession]:
        """Return those that have not ended, the last seen first."""
        ...

    async def end_session(self, member: StaffId, session: UUID) -> bool:
        """End it; False when the member has no such session."""
        ...

    async def end_sessions(self, member: StaffId) -> int:
        """End all of a member's; returns how many there were."""
        ...
