"""The people at the desk and their sessions: names and TOTP secrets are sealed, session names are kept as SHA-256."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, delete, or_, select, update

from core.domain.actor import Role
from core.domain.browser import LONGEST_AGENT, browser_of, network_of
from core.domain.ids import StaffId, TeamId
from core.domain.lockout import lock_after
from core.domain.staff import (
    IDLE,
    LONGEST,
    MOST_SESSIONS,
    LoginTaken,
    Member,
    OpenSession,
    Session,
    SessionGone,
)
from core.storage.alive import NOTED_EVERY, alive, seen
from core.storage.base import table_of
from core.storage.key import SYSTEM, Seals
from core.storage.staff.rows import SESSIONS, TABLE, SessionRow, StaffRow
from core.storage.token import hashed
from core.storage.transaction import SqlTransaction, Stored

ROWS, KNOWN = table_of(StaffRow), table_of(SessionRow)
SOME = select(ROWS).where(ROWS.c.id.in_(bindparam("ids", expanding=True)))
ALIVE, SEEN = alive(KNOWN, ROWS), seen(KNOWN, ROWS)


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
                "handed": member.handed,
                "handed_at": member.handed_at,
                "created_at": now,
            },
        )
        if not added:
            raise LoginTaken

    async def by_login(self, login: str) -> Member | None:
        """Return the member, disabled or not."""
        row = await self.transaction.session.scalar(select(StaffRow).where(StaffRow.login == login))
        return None if row is None else await self._opened(row)

    async def by_id(self, staff: StaffId) -> Member | None:
        """Return the member, disabled or not."""
        return next(iter(await self.some({staff})), None)

    async def names(self, ids: set[StaffId]) -> dict[StaffId, str]:
        """Logins by id."""
        asked = select(StaffRow.id, StaffRow.login).where(StaffRow.id.in_(ids))
        return {row.id: row.login for row in await self.transaction.session.execute(asked)}

    async def some(self, ids: set[StaffId]) -> list[Member]:
        """Return those of them that there are."""
        return [await self._opened(row) for row in await self.transaction.ask(SOME, ids=list(ids))]

    async def all(self) -> list[Member]:
        """By login."""
        rows = (await self.transaction.session.scalars(select(StaffRow).order_by(StaffRow.login))).all()
        return [await self._opened(row) for row in rows]

    async def hold(self, staff: StaffId) -> None:
        """Lock the member's row; SQLite has one writer at a time anyway."""
        await self.transaction.session.execute(select(StaffRow.id).where(StaffRow.id == staff).with_for_update())

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
            "handed": member.handed,
            "handed_at": member.handed_at,
        }
        await self.transaction.change(update(StaffRow).where(StaffRow.id == member.id).values(values))
        await self.transaction.change(delete(SessionRow).where(SessionRow.member == member.id))

    async def stand(self, member: Member) -> None:
        """Store name, role and whether they are disabled, and clear the lock. Sessions stay."""
        seal = await self.seals.system_row(TABLE, member.id)
        values: dict[str, Stored] = {
            "name": seal.shut("name", member.name),
            "role": member.role.value,
            "failures": 0,
            "locked_until": None,
            "disabled": member.disabled,
        }
        await self.transaction.change(update(StaffRow).where(StaffRow.id == member.id).values(values))

    async def offer_key(self, name: str, secret: str) -> None:
        """Keep it sealed on the session's row."""
        seal = await self.seals.system_row(SESSIONS, hashed(name).hex())
        here = update(SessionRow).where(SessionRow.name_hash == hashed(name))
        await self.transaction.change(here.values(offered=seal.shut("offered", secret)))

    async def offered_key(self, name: str) -> str | None:
        """Return the one that a session was shown."""
        kept = select(SessionRow.offered).where(SessionRow.name_hash == hashed(name))
        seal = await self.seals.system_row(SESSIONS, hashed(name).hex())
        return seal.open_known("offered", await self.transaction.session.scalar(kept))

    async def take_own(self, member: StaffId, password_hash: str, totp_secret: str, step: int) -> bool:
        """Store them in one conditional UPDATE: of two pages of one member one is first."""
        seal = await self.seals.system_row(TABLE, member)
        handed = update(StaffRow).where(StaffRow.id == member, StaffRow.handed.is_(True))
        values: dict[str, Stored] = {
            "password_hash": password_hash,
            "totp_secret": seal.shut("totp_secret", totp_secret),
            "last_step": step,
            "failures": 0,
            "locked_until": None,
            "handed": False,
            "handed_at": None,
        }
        return await self.transaction.change(handed.values(values)) == 1

    async def renew_password(self, member: StaffId, password_hash: str) -> None:
        """Store another password; sessions and authenticator stay."""
        renewed = update(StaffRow).where(StaffRow.id == member).values(password_hash=password_hash)
        await self.transaction.change(renewed)

    async def administrators(self) -> set[StaffId]:
        """Who administers and is not disabled. Their rows are locked: of two who demote each other one comes second."""
        who = (StaffRow.role == Role.ADMINISTRATOR.value, StaffRow.disabled.is_(False))
        asked = select(StaffRow.id).where(*who).order_by(StaffRow.id).with_for_update()
        return set((await self.transaction.session.scalars(asked)).all())

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

    async def open_session(
        self, member: StaffId, name: str, csrf: str, now: datetime, *, address: str = "", agent: str = ""
    ) -> int:
        """Store a session under the hash of its name; those of this member that ended go, and the oldest past MOST_SESSIONS.

        Of the address its network alone is kept. Returns how many ended by it.
        """
        over = or_(SessionRow.started_at <= now - LONGEST, SessionRow.seen_at <= now - IDLE)
        await self.transaction.change(delete(SessionRow).where(SessionRow.member == member, over))
        begun = select(SessionRow.name_hash).where(SessionRow.member == member)
        latest = begun.order_by(SessionRow.started_at.desc(), SessionRow.seen_at.desc())
        oldest = (await self.transaction.session.scalars(latest)).all()[MOST_SESSIONS - 1 :]
        if oldest:
            await self.transaction.change(delete(SessionRow).where(SessionRow.name_hash.in_(oldest)))
        seal = await self.seals.system_row(SESSIONS, hashed(name).hex())
        await self.transaction.insert(
            SessionRow,
            {
                "name_hash": hashed(name),
                "member": member,
                "csrf": seal.shut("csrf", csrf),
                "started_at": now,
                "seen_at": now,
                "address": seal.shut("address", network_of(address)),
                "agent": seal.shut("agent", agent[:LONGEST_AGENT]),
            },
        )
        return len(oldest)

    async def session(self, name: str, now: datetime, *, attended: bool = True) -> Session:
        """Return the session and note that it was seen, unless a page asked with nobody at it; SessionGone otherwise.

        Role and lock are as they are now. That it was seen is noted every NOTED_EVERY.
        """
        asked: dict[str, Stored] = {"name": hashed(name), "awake": now - IDLE, "young": now - LONGEST}
        found = await self.transaction.ask(ALIVE, **asked)
        if not found:
            raise SessionGone
        row, seen_at = found[0], found[0].seen_at
        if attended and now - seen_at >= NOTED_EVERY:
            # It may have ended since, and another call of its page may have noted more.
            if not await self.transaction.alter_alone(SEEN, now=now, **asked):
                raise SessionGone
            seen_at = now
        self.seals.read(SYSTEM, row.system_key)
        seal = await self.seals.system_row(SESSIONS, row.name_hash.hex())
        return Session(
            member=await self._opened(row),
            csrf=seal.open("csrf", row.csrf),
            started_at=row.started_at,
            seen_at=seen_at,
            id=_id(row.name_hash),
            team=None if row.team is None else TeamId(row.team),
            networks=tuple(row.networks or ()),
        )

    async def close_session(self, name: str) -> None:
        """End it; nothing happens when it ended before."""
        await self.transaction.change(delete(SessionRow).where(SessionRow.name_hash == hashed(name)))

    async def open_sessions(self, members: Collection[StaffId], now: datetime) -> Sequence[OpenSession]:
        """Return those that have not ended, the last seen first."""
        whose = (SessionRow.member.in_(set(members)), SessionRow.seen_at > now - IDLE)
        asked = select(SessionRow).where(*whose, SessionRow.started_at > now - LONGEST)
        rows = await self.transaction.session.scalars(asked.order_by(SessionRow.seen_at.desc(), SessionRow.name_hash))
        return [await self._listed(row) for row in rows]

    async def end_session(self, member: StaffId, session: UUID) -> bool:
        """End it; False when the member has no such session."""
        asked = select(SessionRow.name_hash).where(SessionRow.member == member)
        for each in await self.transaction.session.scalars(asked):
            if _id(each) == session:
                await self.transaction.change(delete(SessionRow).where(SessionRow.name_hash == each))
                return True
        return False

    async def end_sessions(self, member: StaffId) -> int:
        """End all of a member's; returns how many there were."""
        return await self.transaction.change(delete(SessionRow).where(SessionRow.member == member))

    async def _listed(self, row: SessionRow) -> OpenSession:
        seal = await self.seals.system_row(SESSIONS, row.name_hash.hex())
        browser, system = browser_of(seal.open_known("agent", row.agent) or "")
        network = seal.open_known("address", row.address) or ""
        return OpenSession(_id(row.name_hash), row.member, row.started_at, row.seen_at, network, browser, system)

    async def _opened(self, row: "StaffRow | Row[Any]") -> Member:
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
            handed=row.handed,
            handed_at=row.handed_at,
        )


def _is_open(now: datetime) -> ColumnElement[bool]:
    """The condition that no lock stands, asked in the statement that acts: tries sent side by side cannot slip past it."""
    return or_(StaffRow.locked_until.is_(None), StaffRow.locked_until <= now)


def _id(hashed: bytes) -> UUID:
    """A session's public name: half of the hash of its secret name leads to neither."""
    return UUID(bytes=hashed[:16])
