"""The stream of the desk over HTTP, as browsers hear it: resumed, refused, let go."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from api.routes import live as route
from core.domain.actor import Role
from core.domain.audit import Reading, Sought
from core.domain.conversation import Happening
from core.domain.ids import StaffId, TeamId, new_id
from core.ports import Bell, Transaction
from tests.api.listening import group, happens, hired, page_of, served, session_of
from tests.api.office import Office, problem


@pytest.fixture
async def url(office: Office) -> AsyncIterator[str]:
    async with served(office) as address:
        yield address


async def test_a_browser_goes_on_where_it_was(office: Office, url: str) -> None:
    own, other = await group(office, "Свои"), await group(office, "Другие")
    await hired(office, "olga", team=own)
    session = await session_of(office, "olga")
    async with page_of(url, session) as page:
        assert page.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert page.response.headers["cache-control"] == "no-store"
        await happens(office, other, own)
        ((number, kind, data),) = await page.hears()
    assert kind == Happening.LINE.value
    told = json.loads(data)
    assert (told["number"], told["team"], told["line"]) == (int(number), str(own), 1)
    await happens(office, own, other, None)  # while it is away
    async with page_of(url, session, "?after=0", Last_Event_ID=number) as page:
        missed = await page.hears(2)
        await happens(office, own)
        (after,) = await page.hears()
    assert [int(each[0]) - int(number) for each in (*missed, after)] == [1, 3, 4]


async def test_a_session_that_listens_stands_in_the_journal_however_often_it_comes_back(
    office: Office, url: str
) -> None:
    olga, session = await hired(office, "olga"), await session_of(office, "olga")
    for _ in range(2):
        async with page_of(url, session) as page:
            await happens(office, None)
            await page.hears()
    async with office.container() as inside:
        reading = await inside.get(Reading)
        async with await inside.get(Transaction):
            found = await reading.page(Sought(operation="desk.stream_opened"), None, 10)
    assert [each.actor for each in found] == [f"staff:{olga}"]


async def test_a_page_goes_on_after_the_event_that_it_was_made_with(office: Office, url: str) -> None:
    await hired(office, "olga")
    session = await session_of(office, "olga")
    await happens(office, None, None)
    async with page_of(url, session, "?after=1") as page:
        assert [each[0] for each in await page.hears()] == ["2"]
    async with page_of(url, session, "?after=4000000") as page:  # of a database that was put back
        await happens(office, None)
        assert [each[0] for each in await page.hears()] == ["3"]


async def test_a_heartbeat_names_the_last_event_so_that_little_is_read_again(
    office: Office, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "BEAT_S", 0.05)
    await hired(office, "olga")
    async with page_of(url, await session_of(office, "olga")) as page:
        async for line in page.response.aiter_lines():
            if line == ": beat":
                break


async def test_colleagues_hear_that_somebody_writes(office: Office, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.live.TYPING_EVERY_S", 3600.0)
    own, other = await group(office, "Свои"), await group(office, "Другие")
    typist, colleague = await hired(office, "olga", team=own), await hired(office, "ivan", team=own)
    await hired(office, "petr", team=other)
    talk = new_id(office.clock.now())

    async def writes(staff: StaffId, team: TeamId, word: str = "typing") -> None:
        await bell.ring(f"{word} {talk} {staff} {team} -")

    bell = await office.container.get(Bell)
    async with (
        page_of(url, await session_of(office, "olga")) as hers,
        page_of(url, await session_of(office, "ivan")) as his,
        page_of(url, await session_of(office, "petr")) as elsewhere,
    ):
        for _ in range(5):
            await writes(typist, own)  # at every key
        await writes(colleague, own, "noting")
        heard = await his.hears()
        assert [each[1] for each in heard] == ["typing"]
        assert json.loads(heard[0][2]) == {"conversation": str(talk), "staff": str(typist)}
        assert [json.loads(each[2])["staff"] for each in await hers.hears()] == [str(colleague)]
        await happens(office, None)
        for page in (hers, his, elsewhere):
            assert [each[1] for each in await page.hears()] == ["line"]


async def test_a_wall_hears_that_something_happened_and_not_what(office: Office, url: str) -> None:
    own, other = await group(office, "Свои"), await group(office, "Другие")
    await hired(office, "olga", team=own)
    session = await session_of(office, "olga")
    await happens(office, other)
    async with page_of(url, session, "?wall=true&after=0") as page:
        assert [each[1:] for each in await page.hears()] == [("wall", "{}")]
        await happens(office, other, happening=Happening.DELIVERY)
        await happens(office, other, own, other, happening=Happening.ASKED)
        ((number, kind, data),) = await page.hears()
        assert (kind, data) == ("wall", "{}")
    async with page_of(url, session, "?wall=true", Last_Event_ID=number) as page:
        await happens(office, own)
        assert [int(each[0]) for each in await page.hears()] == [int(number) + 1]


async def test_only_whoever_answers_listens(office: Office) -> None:
    async with office.browser() as browser:
        assert problem(await browser.get("/api/v1/events"), 401) == "urn:medkarta:problem:sign-in-first"
        browser.cookies.set("medkarta_desk", "guessed", domain="desk.example.org")
        assert problem(await browser.get("/api/v1/events"), 401) == "urn:medkarta:problem:session-gone"
        for role in sorted(set(Role) - {Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR}):
            await office.hires(role.value, role, name="Вера Тихая")
            await browser.sits(office, role.value)
            assert problem(await browser.get("/api/v1/events"), 403) == "urn:medkarta:problem:role-refused"
        await hired(office, "olga")
        await browser.sits(office, "olga")
        for wrong in ("-1", "x", "9" * 30):
            answer = await browser.get("/api/v1/events", headers={"Last-Event-ID": wrong})
            assert problem(answer, 422) == "urn:medkarta:problem:malformed"


async def test_a_page_that_only_listens_does_not_keep_its_session(office: Office, url: str) -> None:
    await hired(office, "olga")
    session = await session_of(office, "olga")
    office.clock.passes(minutes=10)
    async with page_of(url, session):
        pass
    office.clock.passes(minutes=6)
    async with httpx.AsyncClient(cookies={"medkarta_desk": session}, timeout=60) as client:
        assert (await client.get(f"{url}/api/v1/events")).status_code == 401


async def test_a_server_that_stops_lets_its_listeners_go_at_once(office: Office) -> None:
    await hired(office, "olga")
    session = await session_of(office, "olga")
    async with AsyncExitStack() as stack:
        async with served(office) as url:
            page = await stack.enter_async_context(page_of(url, session))
        # Ended by the server itself: one that is cut off at the end of its grace raises here.
        assert await page.hears() == []
