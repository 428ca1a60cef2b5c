"""The people at the desk and their sessions: names and TOTP secrets are sealed, session names are kept as SHA-256."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.actor import Role
from core.domain.ids import StaffId
from core.domain.staff import IDLE, LONGEST, LoginTaken, Member, Session, SessionGone, lock_after
from core.storage.base import Base
from core.storage.key import Seals
from core.storage.transaction import SqlTransaction, Stored

TABLE = "staff"
SESSIONS = "staff_sessions"


class StaffRow(Base):
    """A member of staff."""

    __tablename__ = TABLE
    __table_args__ = (Index("uq_staff_login", "login", unique=True),)

    id: Mapped[StaffId] = mapped_column(primary_key=True)
    login: Mapped[str]
    name: Mapped[bytes]
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[bytes]
    last_step: Mapped[int]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    disabled: Mapped[bool]
    created_at: Mapped[datetime]


class SessionRow(Base):
    """A signed-in browser."""

    __tablename__ = SESSIONS

    name_hash: Mapped[bytes] = mapped_column(primary_key=True)
    member: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf: Mapped[bytes]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SqlStaffMembers:
    """`core.domain.staff.StaffMembers`."""

    transaction: SqlTransaction
    seals: Seals

    async def add(self, member: Member, now: datetime) -> None:
        """Store; LoginTaken."""
        seal = await self.seals.system_row(TABLE, member.id)
        added = await self.transaction.insert(
            StaffRow,
            {
                "id": member.id,
                "login": member.login,
                "name": seal.shut("name", member.name),
                "role": member.role.value,
                "password_hash": member.password_hash,
                "totp_secret": seal.shut("totp_secret", member.totp_secret),
                "last_step": member.last_step,
                "failures": member.failures,
                "locked_until": member.locked_until,
                "disabled": member.disabled,
                "created_at": now,
            },
        )
        if not added:
            raise LoginTaken

    async def by_login(self, login: str) -> Member | None:
        """Return the member, disabled or not."""
        row = await self.transaction.session.scalar(select(StaffRow).where(StaffRow.login == login))
        return None if row is None else await self._opened(row)

    async def names(self, ids: set[StaffId]) -> dict[StaffId, str]:
        """Logins by id."""
        asked = select(StaffRow.id, StaffRow.login).where(StaffRow.id.in_(ids))
        return {row.id: row.login for row in await self.transaction.session.execute(asked)}

    async def all(self) -> list[Member]:
        """By login."""
        rows = (await self.transaction.session.scalars(select(StaffRow).order_by(StaffRow.login))).all()
        return [await self._opened(row) for row in rows]

    async def change(self, member: Member) -> None:
        """Store new secrets or a new standing, clear the lock, and end every session of the member."""
        seal = await self.seals.system_row(TABLE, member.id)
        values: dict[str, Stored] = {
            "password_hash": member.password_hash,
            "totp_secret": seal.shut("totp_secret", member.totp_secret),
            "last_step": 0,
            "failures": 0,
            "locked_until": None,
            "disabled": member.disabled,
        }
        await self.transaction.change(update(StaffRow).where(StaffRow.id == member.id).values(values))
        await self.transaction.change(delete(SessionRow).where(SessionRow.member == member.id))

    async def accept_step(self, member: StaffId, step: int, now: datetime) -> bool:
        """Move the last TOTP step on in one conditional UPDATE, and clear failures; False for a replay or a locked account."""
        fresh = update(StaffRow).where(StaffRow.id == member, StaffRow.last_step < step, _is_open(now))
        return await self.transaction.change(fresh.values(last_step=step, failures=0, locked_until=None)) == 1

    async def count_failure(self, member: StaffId, now: datetime) -> int:
        """Count one failed sign-in and lock by `lock_after`; returns failures in a row. A locked account counts none: 0."""
        here = update(StaffRow).where(StaffRow.id == member)
        counted = here.where(_is_open(now)).values(failures=StaffRow.failures + 1).returning(StaffRow.failures)
        failures = await self.transaction.session.scalar(counted) or 0
        until = lock_after(failures, now)
        if until is not None:
            await self.transaction.change(here.values(locked_until=until))
        return failures

    async def open_session(self, member: StaffId, name: str, csrf: str, now: datetime) -> None:
        """Store a session under the hash of its name; sessions of this member that ended by age go."""
        old = delete(SessionRow).where(SessionRow.member == member, SessionRow.started_at <= now - LONGEST)
        await self.transaction.change(old)
        seal = await self.seals.system_row(SESSIONS, _hash(name).hex())
        await self.transaction.insert(
            SessionRow,
            {
                "name_hash": _hash(name),
                "member": member,
                "csrf": seal.shut("csrf", csrf),
                "started_at": now,
                "seen_at": now,
            },
        )

    async def session(self, name: str, now: datetime, *, attended: bool = True) -> Session:
        """Return the session and note that it was seen, unless a page asked with nobody at it; SessionGone otherwise.

        Role and lock are as they are now.
        """
        alive = (
            SessionRow.name_hash == _hash(name),
            SessionRow.seen_at > now - IDLE,
            SessionRow.started_at > now - LONGEST,
            SessionRow.member.in_(select(StaffRow.id).where(StaffRow.disabled.is_(False))),
        )
        if attended and not await self.transaction.change(update(SessionRow).where(*alive).values(seen_at=now)):
            raise SessionGone
        asked = select(SessionRow, StaffRow).join(StaffRow, StaffRow.id == SessionRow.member)
        found = (await self.transaction.session.execute(asked.where(*alive))).one_or_none()
        if found is None:
            raise SessionGone
        row, member = found[0], found[1]
        seal = await self.seals.system_row(SESSIONS, row.name_hash.hex())
        return Session(await self._opened(member), seal.open("csrf", row.csrf), row.started_at, row.seen_at)

    async def close_session(self, name: str) -> None:
        """End it; nothing happens when it ended before."""
        await self.transaction.change(delete(SessionRow).where(SessionRow.name_hash == _hash(name)))

    async def _opened(self, row: StaffRow) -> Member:
        seal = await self.seals.system_row(TABLE, row.id)
        return Member(
            id=row.id,
            login=row.login,
            name=seal.open("name", row.name),
            role=Role(row.role),
            password_hash=row.password_hash,
            totp_secret=seal.open("totp_secret", row.totp_secret),
            last_step=row.last_step,
            failures=row.failures,
            locked_until=row.locked_until,
            disabled=row.disabled,
        )


def _is_open(now: datetime) -> ColumnElement[bool]:
    """The condition that no lock stands, asked in the statement that acts: tries sent side by side cannot slip past it."""
    return or_(StaffRow.locked_until.is_(None), StaffRow.locked_until <= now)


def _hash(name: str) -> bytes:
    return sha256(name.encode()).digest()
