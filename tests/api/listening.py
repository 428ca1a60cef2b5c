"""People at the desk who listen to its stream, and things that happen there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from api.live import Live, Stream
from core import ports
from core.domain.actor import Role, Staff
from core.domain.conversation import DeskEvent, DeskEvents, Happening, Sight
from core.domain.ids import ConversationId, StaffId, TeamId, new_id
from core.domain.live import Watch
from core.domain.staff import StaffMembers
from core.domain.team import Duties, Duty, Team, Teams
from ops.live import hearing
from ops.serve import serving
from tests.api.office import Browser, Office
from tests.ports import free_ports

PATIENCE_S = 60
HEADERS = {"Accept": "text/event-stream"}


async def group(office: Office, name: str, networks: tuple[str, ...] = ()) -> TeamId:
    """A group of staff."""
    async with office.container() as inside:
        now = office.clock.now()
        team = Team(TeamId(new_id(now)), name, networks)
        teams = await inside.get(Teams)
        async with await inside.get(ports.Transaction):
            await teams.put(team, now)
    return team.id


async def hired(office: Office, login: str, role: Role = Role.OPERATOR, team: TeamId | None = None) -> StaffId:
    """Somebody at the desk, in a group or in none."""
    await office.hires(login, role, name=f"{login.title()} Петрова")
    async with office.container() as inside:
        members, duties = await inside.get(StaffMembers), await inside.get(Duties)
        async with await inside.get(ports.Transaction):
            member = await members.by_login(login)
            assert member is not None
            await duties.save(Duty(member.id, capacity=50, team=team))
    return member.id


async def moved(office: Office, staff: StaffId, team: TeamId | None) -> None:
    """Somebody belongs to another group from now on."""
    async with office.container() as inside:
        duties = await inside.get(Duties)
        async with await inside.get(ports.Transaction):
            await duties.save(Duty(staff, team=team))


async def happens(
    office: Office,
    *teams: TeamId | None,
    conversation: UUID | None = None,
    staff: StaffId | None = None,
    happening: Happening = Happening.LINE,
) -> None:
    """Something happens in a conversation of each of the groups, in one transaction."""
    async with office.container() as inside:
        events, now = await inside.get(DeskEvents), office.clock.now()
        async with await inside.get(ports.Transaction):
            for team in teams:
                about = ConversationId(conversation or new_id(now))
                events.tell(DeskEvent(0, happening, now, about, 1, staff=staff, team=team))


def watch(staff: StaffId, team: TeamId | None = None, role: Role = Role.OPERATOR) -> Watch:
    """What somebody may hear."""
    return Watch(Staff(staff, role), Sight(staff, team, everything=role is not Role.OPERATOR))


@dataclass
class Heard:
    """What came out of a stream so far. `ended`: it is over."""

    begun: bool = False
    numbers: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    ended: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def come(self, there: Callable[[], bool]) -> None:
        """Wait until it is so."""
        async with asyncio.timeout(PATIENCE_S), self.changed:
            await self.changed.wait_for(there)

    async def until(self, count: int) -> None:
        """Wait until so many events are there."""
        await self.come(lambda: len(self.numbers) >= count)

    async def end(self) -> None:
        """Wait until it is over."""
        await self.come(lambda: self.ended)


@asynccontextmanager
async def hears(live: Live, stream: Stream) -> AsyncIterator[Heard]:
    """Listen while the block runs, as a page does."""
    heard = Heard()

    async def go_on() -> None:
        try:
            async with aclosing(live.tell(stream)) as told:
                async for each in told:
                    async with heard.changed:
                        heard.begun = True
                        if each.event is not None:
                            heard.kinds.append(each.event)
                            heard.numbers += [int(each.id)] if each.id else []
                        heard.changed.notify_all()
        finally:
            heard.ended = True
            async with heard.changed:
                heard.changed.notify_all()

    async with asyncio.TaskGroup() as group_:
        task = group_.create_task(go_on())
        try:
            await heard.come(lambda: heard.begun)
            yield heard
        finally:
            task.cancel()


@asynccontextmanager
async def served(office: Office) -> AsyncIterator[str]:
    """The office over real HTTP; yields its address."""
    (port,) = free_ports(1)
    stop = asyncio.Event()
    async with serving(office.app, "127.0.0.1", port, 5), hearing(office.app.state.live, stop):
        yield f"http://127.0.0.1:{port}"
        stop.set()


async def session_of(office: Office, login: str) -> str:
    """Open a session and return its secret name."""
    async with Browser(office.app) as browser:
        await browser.sits(office, login)
        name: str = browser.cookies["medkarta_desk"]
    return name


class Page:
    """A page that listens over HTTP."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def hears(self, count: int = 1) -> list[tuple[str, str, str]]:
        """Return the next so many events: id, kind and data of each. Fewer when the stream ends."""
        found: list[tuple[str, str, str]] = []
        now: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                name, _, value = line.partition(":")
                if line and name:
                    now[name] = value.strip()
                elif not line:
                    if "event" in now:
                        found.append((now.get("id", ""), now["event"], now.get("data", "")))
                    now = {}
                    if len(found) == count:
                        break
        return found


@asynccontextmanager
async def page_of(url: str, session: str, after: str = "", **headers: str) -> AsyncIterator[Page]:
    """Open the stream as a browser does."""
    named = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        httpx.AsyncClient(cookies={"medkarta_desk": session}, timeout=PATIENCE_S) as client,
        client.stream("GET", f"{url}/api/v1/events{after}", headers=named) as response,
    ):
        yield Page(response)
