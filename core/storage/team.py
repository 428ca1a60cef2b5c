"""Groups of staff, and who is at work. A group's name and networks are the office's own, not a person's: they stand in clear."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.domain.account import WrongMove
from core.domain.conversation import ConversationState
from core.domain.ids import StaffId, TeamId
from core.domain.support import SupportTopic
from core.domain.team import ANSWERING, CAPACITY, Duty, Presence, Team, TeamNameTaken, TeamNotThere
from core.storage.base import Base, table_of
from core.storage.conversation.rows import ConversationRow
from core.storage.staff import StaffRow
from core.storage.transaction import SqlTransaction, Stored

BELONGING = ("duties", "conversations", "tickets")
"""Tables whose `team` names a group. By name: their modules know nothing of this one, nor it of them."""


class TeamRow(Base):
    """A group."""

    __tablename__ = "teams"
    __table_args__ = (Index("uq_teams_name", "name", unique=True),)

    id: Mapped[TeamId] = mapped_column(primary_key=True)
    name: Mapped[str]
    networks: Mapped[list[str]] = mapped_column(JSON)
    topics: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]


class DutyRow(Base):
    """One member's."""

    __tablename__ = "duties"

    staff: Mapped[StaffId] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    presence: Mapped[str]
    seen_at: Mapped[datetime | None]
    capacity: Mapped[int]
    skills: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    team: Mapped[TeamId | None] = mapped_column(ForeignKey("teams.id"), index=True)
    last_given_at: Mapped[datetime | None]


DUTIES = table_of(DutyRow)
TEAM_OF = select(DUTIES.c.team).where(DUTIES.c.staff == bindparam("staff"))


@dataclass(frozen=True, slots=True)
class SqlTeams:
    """`core.domain.team.Teams`."""

    transaction: SqlTransaction

    async def all(self) -> Sequence[Team]:
        """By name."""
        rows = await self.transaction.session.scalars(select(TeamRow).order_by(TeamRow.name))
        return [_team(row) for row in rows]

    async def get(self, team: TeamId) -> Team:
        """Raises TeamNotThere."""
        row = await self.transaction.session.scalar(select(TeamRow).where(TeamRow.id == team))
        if row is None:
            raise TeamNotThere
        return _team(row)

    async def of(self, staff: StaffId) -> Team | None:
        """Return a member's group."""
        asked = select(TeamRow).join(DutyRow, DutyRow.team == TeamRow.id).where(DutyRow.staff == staff)
        row = await self.transaction.session.scalar(asked)
        return None if row is None else _team(row)

    async def put(self, team: Team, now: datetime) -> None:
        """Store it, new or changed; WrongMove when it changed since it was read, TeamNameTaken for a name in use."""
        same = select(TeamRow.id).where(TeamRow.name == team.name, TeamRow.id != team.id)
        if await self.transaction.session.scalar(same) is not None:
            raise TeamNameTaken
        values: dict[str, Stored] = {
            "name": team.name,
            "networks": list(team.networks),
            "topics": sorted(team.topics),
        }
        known = await self.transaction.session.scalar(select(TeamRow.version).where(TeamRow.id == team.id))
        if known is None:
            if not await self.transaction.insert(TeamRow, {"id": team.id, **values, "version": 1, "created_at": now}):
                raise TeamNameTaken
            return
        unchanged = (TeamRow.id == team.id, TeamRow.version == team.version)
        raised = update(TeamRow).where(*unchanged).values(values | {"version": team.version + 1})
        if not await self.transaction.change(raised):
            raise WrongMove

    async def remove(self, team: TeamId) -> None:
        """Its members have none from then on, and what was theirs is everybody's."""
        for name in BELONGING:
            table = Base.metadata.tables.get(name)
            if table is not None:
                await self.transaction.change(update(table).where(table.c.team == team).values(team=None))
        if not await self.transaction.change(delete(TeamRow).where(TeamRow.id == team)):
            raise TeamNotThere


@dataclass(frozen=True, slots=True)
class SqlDuties:
    """`core.domain.team.Duties`."""

    transaction: SqlTransaction

    async def of(self, staff: StaffId) -> Duty:
        """Return one member's."""
        return (await self.of_many([staff]))[staff]

    async def of_many(self, staff: Collection[StaffId]) -> Mapping[StaffId, Duty]:
        """Return one for each of them, with their load."""
        session, wanted = self.transaction.session, set(staff)
        rows = await session.scalars(select(DutyRow).where(DutyRow.staff.in_(wanted)))
        known = {row.staff: row for row in rows}
        taken = (ConversationRow.owner.in_(wanted), ConversationRow.state == ConversationState.TAKEN.value)
        counted = select(ConversationRow.owner, func.count()).where(*taken).group_by(ConversationRow.owner)
        loads: dict[StaffId | None, int] = {row[0]: row[1] for row in await session.execute(counted)}
        return {each: _duty(each, known.get(each), loads.get(each, 0)) for each in staff}

    async def team_of(self, staff: StaffId) -> TeamId | None:
        """Return a member's group."""
        found = await self.transaction.ask(TEAM_OF, staff=staff)
        return found[0].team if found else None

    async def all(self) -> Sequence[Duty]:
        """Of everybody who may answer and is not disabled."""
        answering = (StaffRow.role.in_([role.value for role in ANSWERING]), StaffRow.disabled.is_(False))
        asked = select(StaffRow.id).where(*answering).order_by(StaffRow.login)
        return list((await self.of_many((await self.transaction.session.scalars(asked)).all())).values())

    async def save(self, duty: Duty) -> None:
        """Store presence, capacity, skills, languages and group; when they were seen, where it is told."""
        values: dict[str, Stored] = {"presence": duty.presence.value, **_arranged(duty)}
        if duty.seen_at is not None:
            values["seen_at"] = duty.seen_at
        await self._store(duty.staff, values)

    async def arrange(self, duty: Duty) -> None:
        """Store capacity, skills, languages and group: whether they are here is theirs to say."""
        await self._store(duty.staff, _arranged(duty))

    async def be(self, staff: StaffId, presence: Presence, now: datetime) -> None:
        """Store whether they are here; they are seen with it."""
        await self._store(staff, {"presence": presence.value, "seen_at": now})

    async def expect(self, staff: StaffId) -> None:
        """They are here with their next page."""
        await self._store(staff, {"presence": Presence.HERE.value, "seen_at": None})

    async def leave(self, staff: StaffId) -> None:
        """They are off, and nothing of theirs is open."""
        await self._store(staff, {"presence": Presence.OFF.value, "seen_at": None})

    async def saw(self, staff: StaffId, now: datetime) -> None:
        """Their page is open."""
        await self._store(staff, {"seen_at": now})

    async def gave(self, staff: StaffId, now: datetime) -> None:
        """A conversation was assigned to them by round robin."""
        await self._store(staff, {"last_given_at": now})

    async def _store(self, staff: StaffId, values: dict[str, Stored]) -> None:
        changed = update(DutyRow).where(DutyRow.staff == staff).values(values)
        if await self.transaction.change(changed):
            return
        blank: dict[str, Stored] = {
            "staff": staff,
            "presence": Presence.OFF.value,
            "seen_at": None,
            "last_given_at": None,
            **_arranged(Duty(staff)),
        }
        if not await self.transaction.insert(DutyRow, blank | values):
            await self.transaction.change(changed)


def _arranged(duty: Duty) -> dict[str, Stored]:
    return {
        "capacity": duty.capacity,
        "skills": sorted(duty.skills),
        "languages": sorted(duty.languages),
        "team": duty.team,
    }


def _team(row: TeamRow) -> Team:
    topics = frozenset(SupportTopic(each) for each in row.topics)
    return Team(row.id, row.name, tuple(row.networks), topics, row.version)


def _duty(staff: StaffId, row: DutyRow | None, load: int) -> Duty:
    if row is None:
        return Duty(staff, capacity=CAPACITY, load=load)
    return Duty(
        staff=staff,
        presence=Presence(row.presence),
        seen_at=row.seen_at,
        capacity=row.capacity,
        skills=frozenset(SupportTopic(each) for each in row.skills),
        languages=frozenset(row.languages),
        team=row.team,
        load=load,
        last_given_at=row.last_given_at,
    )
