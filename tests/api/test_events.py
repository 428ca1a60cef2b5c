"""The stream of the desk: whoever was away misses nothing and hears nothing twice, and nobody hears another group's."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as hook
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.live import AHEAD, STREAMS_EACH, Live, TooManyStreams
from core.domain.actor import Role
from core.domain.ids import StaffId, TeamId
from core.domain.staff import StaffMembers
from core.domain.team import Duties
from core.ports import Transaction
from core.security.keyring import KeyRing
from ops.container import make_container
from ops.settings import Settings
from tests.api.conftest import SETTINGS
from tests.api.listening import (
    group,
    happens,
    hears,
    hired,
    moved,
    session_of,
    watch,
)
from tests.api.office import Office, Town
from tests.databases import KINDS, fresh_database


@pytest.fixture
def live(office: Office) -> Live:
    found: Live = office.app.state.live
    return found


@dataclass(frozen=True)
class Away:
    """An operator of the group `own` whose line breaks, on a loop that the examples share."""

    runner: asyncio.Runner
    office: Office
    live: Live
    session: str
    staff: StaffId
    own: TeamId
    other: TeamId


@pytest.fixture(params=KINDS)
def away(request: pytest.FixtureRequest, keyring: KeyRing, tmp_path: Path) -> Iterator[Away]:
    async def open_() -> Away:
        url = await stack.enter_async_context(fresh_database(request.param, tmp_path))
        town = Town(keyring)
        container = make_container(Settings(_env_file=None, database_url=url, state_dir=tmp_path), town)
        stack.push_async_callback(container.close)
        office = Office(create_app(container, SETTINGS), container, town)
        own, other = await group(office, "Свои"), await group(office, "Другие")
        staff = await hired(office, "olga", team=own)
        session = await session_of(office, "olga")
        return Away(runner, office, office.app.state.live, session, staff, own, other)

    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(open_())
        runner.run(stack.aclose())


PIECES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["own", "other", "all"]), max_size=4),  # while the line is broken
        st.lists(st.sampled_from(["own", "other", "all"]), max_size=4),  # while it stands
        st.integers(0, 8),  # how much is taken before it breaks
    ),
    min_size=1,
    max_size=4,
)


def test_wherever_the_line_breaks_nothing_is_missed_and_nothing_comes_twice(away: Away) -> None:
    @given(pieces=PIECES)
    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def holds(pieces: list[tuple[list[str], list[str], int]]) -> None:
        away.runner.run(_breaks(away, pieces))

    holds()


async def _breaks(away: Away, pieces: list[tuple[list[str], list[str], int]]) -> None:
    teams = {"own": away.own, "other": away.other, "all": None}
    live, me = away.live, watch(away.staff, away.own)
    first = await live.join(away.session, me, "127.0.0.1", None)
    last = first.at
    async with hears(live, first):
        pass
    number, expected, got = last, list[int](), list[int]()

    async def happen(kinds: list[str]) -> None:
        nonlocal number
        for kind in kinds:
            await happens(away.office, teams[kind])
            number += 1
            if kind != "other":
                expected.append(number)

    for gone, there, taken in pieces:
        await happen(gone)
        stream = await live.join(away.session, me, "127.0.0.1", last)
        async with hears(live, stream) as heard:
            await happen(there)
            await live.look()
            await heard.until(min(taken, len(expected) - len(got)))
        mine = heard.numbers[:taken]
        got += mine
        last = mine[-1] if mine else last
    stream = await live.join(away.session, me, "127.0.0.1", last)
    async with hears(live, stream) as heard:
        await live.look()
        await heard.until(len(expected) - len(got))
    assert got + heard.numbers == expected


async def test_fifty_listeners_cost_the_database_what_one_costs(office: Office, live: Live) -> None:
    asked = 0
    engine = await office.container.get(AsyncEngine)

    @hook.listens_for(engine.sync_engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    costs = []
    async with AsyncExitStack() as stack:
        for listeners in (1, 50):
            ears = []
            while live.listeners < listeners:
                login = f"op{live.listeners}"
                staff = await hired(office, login)
                stream = await live.join(await session_of(office, login), watch(staff), "127.0.0.1", None)
                ears.append(await stack.enter_async_context(hears(live, stream)))
            await live.look()  # notes who is there
            await happens(office, None)
            before = asked
            assert await live.look() == 1
            costs.append(asked - before)
            for each in ears:
                await each.until(1)
    assert costs[0] == costs[1]


@pytest.mark.parametrize("how", ["signed out", "another role", "disabled", "idle", "another network"])
async def test_a_stream_ends_with_the_right_to_it(office: Office, live: Live, how: str) -> None:
    staff = await hired(office, "olga")
    session = await session_of(office, "olga")
    stream = await live.join(session, watch(staff), "192.0.2.7", None)
    async with hears(live, stream) as heard:
        await live.look()
        assert not heard.ended
        if how == "idle":
            office.clock.passes(minutes=16)
        elif how == "another network":
            await moved(office, staff, await group(office, "Свои", ("198.51.100.0/24",)))
        else:
            async with office.container() as inside:
                members = await inside.get(StaffMembers)
                async with await inside.get(Transaction):
                    if how == "signed out":
                        await members.close_session(session)
                    else:
                        await _changed(members, Role.REVIEWER if how == "another role" else None)
        await happens(office, None)
        await live.look()
        await heard.end()
    assert heard.kinds == ["gone"]
    assert heard.numbers == []
    assert live.listeners == 0


async def _changed(members: StaffMembers, role: Role | None) -> None:
    member = await members.by_login("olga")
    assert member is not None
    await members.stand(replace(member, role=role) if role else replace(member, disabled=True))


async def test_whoever_comes_into_another_group_hears_of_that_one_alone(office: Office, live: Live) -> None:
    old, new = await group(office, "Старые"), await group(office, "Новые")
    staff = await hired(office, "olga", team=old)
    stream = await live.join(await session_of(office, "olga"), watch(staff, old), "127.0.0.1", None)
    async with hears(live, stream) as heard:
        await happens(office, old, new)
        await live.look()
        await heard.until(1)
        await moved(office, staff, new)
        await happens(office, old, new, old)
        await live.look()
        await heard.until(2)
    assert [each - stream.joined for each in heard.numbers] == [1, 4]


async def test_a_page_that_takes_nothing_is_let_go_and_comes_back_for_the_rest(office: Office, live: Live) -> None:
    staff = await hired(office, "olga")
    session = await session_of(office, "olga")
    slow = await live.join(session, watch(staff), "127.0.0.1", None)
    for _ in range(3):
        await happens(office, *[None] * (AHEAD // 2))
    while await live.look():
        pass
    async with hears(live, slow) as heard:
        await heard.end()
    assert heard.numbers == []
    assert "gone" not in heard.kinds
    again = await live.join(session, watch(staff), "127.0.0.1", slow.at)
    async with hears(live, again) as heard:
        await heard.until(AHEAD // 2 * 3)
    assert heard.numbers == list(range(slow.at + 1, slow.at + 1 + AHEAD // 2 * 3))


async def test_one_member_has_only_so_many_streams(office: Office, live: Live) -> None:
    staff = await hired(office, "olga")
    session = await session_of(office, "olga")
    for _ in range(STREAMS_EACH):
        live.admit(staff)
        await live.join(session, watch(staff), "127.0.0.1", None)
    with pytest.raises(TooManyStreams):
        live.admit(staff)


async def test_streams_asked_for_at_once_are_counted_before_they_begin(
    office: Office, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await hired(office, "olga")
    monkeypatch.setattr("api.live.BEGUN_WITHIN_S", 0.0)
    for _ in range(STREAMS_EACH + 1):
        live.admit(staff)  # none of these ever began
    monkeypatch.undo()
    for _ in range(STREAMS_EACH):
        live.admit(staff)
    with pytest.raises(TooManyStreams):
        live.admit(staff)


async def test_whoever_may_see_something_else_reads_everything_anew(office: Office, live: Live) -> None:
    old, new = await group(office, "Старые"), await group(office, "Новые")
    staff = await hired(office, "olga", team=old)
    stream = await live.join(await session_of(office, "olga"), watch(staff, old), "127.0.0.1", None)
    async with hears(live, stream) as heard:
        await live.look()
        await moved(office, staff, new)
        await live.look()
        await heard.come(lambda: "reset" in heard.kinds)
        await live.look()
        await happens(office, new)
        await live.look()
        await heard.until(1)
    assert heard.kinds == ["reset", "line"]


async def test_an_open_page_says_that_its_member_is_there(office: Office, live: Live) -> None:
    staff = await hired(office, "olga")
    stream = await live.join(await session_of(office, "olga"), watch(staff), "127.0.0.1", None)
    async with hears(live, stream):
        await live.look()
    async with office.container() as inside:
        duties = await inside.get(Duties)
        async with (await inside.get(Transaction)).looking():
            assert (await duties.of(staff)).seen_at == office.clock.now()
