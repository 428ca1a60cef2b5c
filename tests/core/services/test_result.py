"""«Мои результаты»: what there is, by period and page, a panel, a course, search; behind the gate, with a line for each look."""

import itertools
from datetime import UTC, date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.access import LockedOut
from core.domain.actor import Citizen
from core.domain.card import CardSuspended, NoCard
from core.domain.ids import RecordId, new_id
from core.domain.record import Category, Coding, NotFound, Panel, Results
from core.domain.record.coding import LOINC
from core.domain.record.looking import Span, SpanKind
from core.ports import Transaction
from core.services.consent import WithdrawConsent
from core.services.record import (
    CountResults,
    ExportResults,
    Format,
    InPeriod,
    ListCategories,
    OpenPanel,
    SearchResults,
    ViewCourse,
    ViewFound,
    ViewResults,
)
from tests.core.services.patient import (
    GLUCOSE,
    SODIUM,
    a_panel,
    a_patient,
    a_pressure,
    a_result,
    a_value,
    deliver,
)
from tests.core.services.town import START, Town

MOSCOW = ZoneInfo("Europe/Moscow")
ALL = Span.all()


async def lines(town: Town, citizen: Citizen) -> list[tuple[str, str]]:
    """What the journal says of this account's record: operation and details."""
    engine = await town.container.get(AsyncEngine)
    asked = text(
        "SELECT operation, details FROM audit_lines WHERE operation IN ('record.viewed', 'record.exported') ORDER BY at, chain, seq"
    )
    async with engine.connect() as connection:
        return [(row.operation, str(row.details)) for row in await connection.execute(asked)]


async def test_only_categories_that_exist_are_offered_and_a_panel_counts_as_one(town: Town) -> None:
    citizen = await a_patient(town)
    panel = a_panel(citizen, 3)
    held = [a_result(citizen, 3, panel=panel.id) for _ in range(4)]
    await deliver(town, [*held, a_result(citizen, 1), a_pressure(citizen, 2)], [panel])
    found = await town.call(ListCategories, citizen)
    assert found.counts == {Category.LABORATORY: 2, Category.VITAL: 1}
    assert found.total == 3


@pytest.mark.parametrize(("kind", "seen"), [("week", 2), ("month", 3), ("year", 4), ("all", 5)])
async def test_a_period_ends_today_and_reaches_back_as_its_name_says(town: Town, kind: str, seen: int) -> None:
    citizen = await a_patient(town)
    await deliver(town, [a_result(citizen, days) for days in (0, 6.9, 30, 364, 400)])
    span = Span(SpanKind(kind))
    assert await town.call(CountResults, citizen, None, span, MOSCOW) == seen
    page = await town.call(ViewResults, citizen, Category.LABORATORY, span, MOSCOW)
    assert len(page.entries) == seen


async def test_ones_own_days_are_days_of_ones_own_region(town: Town) -> None:
    citizen = await a_patient(town)
    late = a_result(citizen, taken_at=START.replace(day=20, hour=21, minute=30))  # 00:30 of the 21st in Moscow
    whole_day = a_result(citizen, taken_at=START.replace(day=21, hour=0, minute=0), day_only=True)
    await deliver(town, [late, whole_day])
    day = Span.own(date(2026, 11, 21), date(2026, 11, 21))
    assert await town.call(CountResults, citizen, None, day, MOSCOW) == 2
    assert await town.call(CountResults, citizen, None, day, UTC) == 1
    before = Span.own(date(2026, 11, 20), date(2026, 11, 19))
    assert await town.call(CountResults, citizen, None, before, MOSCOW) == 0


async def test_five_thousand_results_are_paged_and_none_is_lost_or_shown_twice(town: Town) -> None:
    citizen = await a_patient(town)
    await deliver(town, [a_result(citizen, number // 3) for number in range(5000)])
    first = await town.call(ViewResults, citizen, Category.LABORATORY, ALL, MOSCOW)
    last = await town.call(ViewResults, citizen, Category.LABORATORY, ALL, MOSCOW, 9999)
    assert (first.paging.pages, last.paging.number, len(last.entries)) == (625, 625, 8)
    seen: list[RecordId] = []
    for number in itertools.count(1):
        page = await town.call(ViewResults, citizen, None, ALL, MOSCOW, number, 700)
        seen += [entry.record.id for entry in page.entries]
        if number == page.paging.pages:
            break
    assert len(seen) == len(set(seen)) == 5000


async def test_an_empty_page_tells_an_empty_period_from_an_empty_record(town: Town) -> None:
    citizen = await a_patient(town)
    week = Span(SpanKind.WEEK)
    assert (await town.call(ViewResults, citizen, None, week, MOSCOW)).exist is False
    await deliver(town, [a_result(citizen, 100)])
    found = await town.call(ViewResults, citizen, None, week, MOSCOW)
    assert (found.entries, found.exist) == ((), True)


async def test_a_panel_opens_as_a_whole_and_a_result_by_itself_is_one(town: Town) -> None:
    citizen = await a_patient(town)
    panel, alone = a_panel(citizen, 1, "Без отклонений"), a_result(citizen, 2)
    held = [a_result(citizen, 1, a_value(coding=Coding(LOINC, str(number), "")), panel=panel.id) for number in range(9)]
    await deliver(town, [*held, alone], [panel])
    opened = await town.call(OpenPanel, citizen, panel.id)
    assert (opened.record, list(opened.results)) == (panel, held)
    assert (await town.call(OpenPanel, citizen, alone.id)).results == (alone,)
    page = await town.call(ViewResults, citizen, Category.LABORATORY, ALL, MOSCOW)
    assert [(entry.record.id, len(entry.results)) for entry in page.entries] == [(panel.id, 9), (alone.id, 1)]


async def test_another_persons_record_sounds_like_none(town: Town) -> None:
    first, second = await a_patient(town), await a_patient(town, 2, subject="second")
    theirs = a_result(second)
    await deliver(town, [theirs])
    for use_case in (OpenPanel, ViewCourse):
        for record in (theirs.id, RecordId(new_id(START))):
            with pytest.raises(NotFound):
                await town.call(use_case, first, record)
    assert await town.call(ViewFound, first, [theirs.id]) == []
    assert await town.call(SearchResults, first, "глюкоза") == []


async def test_the_course_is_everything_of_a_code_and_worth_a_picture_from_the_third_time(town: Town) -> None:
    citizen = await a_patient(town)
    await deliver(town, [a_result(citizen, days, a_value(number)) for days, number in ((9, "4.4"), (5, "5.9"))])
    newest = a_result(citizen, 1, a_value("5.1"))
    await deliver(town, [a_result(citizen, 3, a_value("140", SODIUM))])
    assert not (await town.call(ViewCourse, citizen, await _first(town, citizen))).courses
    await deliver(town, [newest])
    found = await town.call(ViewCourse, citizen, newest.id)
    (course,) = found.courses
    assert [str(each.value) for each in course.readings] == ["4.4", "5.9", "5.1"]
    assert (str(course.least.value), str(course.most.value), str(course.last.value)) == ("4.4", "5.9", "5.1")
    assert (course.low, course.high) == (Decimal("3.3"), Decimal("5.5"))
    assert found.results[0] == newest


async def _first(town: Town, citizen: Citizen) -> RecordId:
    page = await town.call(ViewResults, citizen, None, ALL, MOSCOW)
    return next(entry.record.id for entry in page.entries if entry.record.coding == GLUCOSE)


async def test_blood_pressure_has_two_courses_and_units_are_never_mixed(town: Town) -> None:
    citizen = await a_patient(town)
    pressures = [a_pressure(citizen, days) for days in range(3)]
    await deliver(town, [*pressures, *(a_result(citizen, days, a_value("90", unit="mg/dL")) for days in (1, 2))])
    await deliver(town, [a_result(citizen, days) for days in (3, 4)])
    assert [len(course.readings) for course in (await town.call(ViewCourse, citizen, pressures[0].id)).courses] == [
        3,
        3,
    ]
    assert (await town.call(ViewCourse, citizen, await _first(town, citizen))).courses == ()


@pytest.mark.parametrize("typed", ["глюкоза", "Глюкозо", "ukerjpf", "glucose", "сахар", "ГЛЮКОЗА  "])
async def test_search_forgives_typing_errors_and_a_forgotten_layout(town: Town, typed: str) -> None:
    citizen = await a_patient(town)
    newest = a_result(citizen, 1)
    panel = a_panel(citizen, 2)
    await deliver(town, [newest, a_result(citizen, 5), a_result(citizen, 3, a_value("140", SODIUM))], [panel])
    found = await town.call(SearchResults, citizen, typed)
    assert found == [newest.id]
    (kind,) = await town.call(ViewFound, citizen, found)
    assert (kind.newest, kind.times) == (newest, 2)


async def test_search_finds_panels_and_says_when_there_is_nothing_like_it(town: Town) -> None:
    citizen = await a_patient(town)
    panel = a_panel(citizen, 2)
    await deliver(town, [a_result(citizen)], [panel])
    assert await town.call(SearchResults, citizen, "липидный") == [panel.id]
    (kind,) = await town.call(ViewFound, citizen, [panel.id])
    assert isinstance(kind.newest, Panel)
    for nothing in ("", "   ", "жираф", "=2+2", "🧪" * 3000, "\x00", "%"):
        assert await town.call(SearchResults, citizen, nothing) == []


LOOKS = [
    (ListCategories, ()),
    (CountResults, (None, ALL, MOSCOW)),
    (ViewResults, (None, ALL, MOSCOW)),
    (SearchResults, ("глюкоза",)),
    (ViewFound, ([],)),
    (ExportResults, (InPeriod(None, ALL), Format.CSV, "ru", MOSCOW)),
]


async def test_every_look_leaves_a_line_and_no_line_tells_what_was_seen(town: Town) -> None:
    citizen = await a_patient(town)
    result = a_result(citizen)
    await deliver(town, [result])
    looks = [*LOOKS, (OpenPanel, (result.id,)), (ViewCourse, (result.id,))]
    for use_case, asked in looks:
        await town.call(use_case, citizen, *asked)
    told = await lines(town, citizen)
    assert len(told) == len(looks)
    assert [operation for operation, _ in told].count("record.exported") == 1
    assert all("results" in details and "люкоз" not in details and "5.1" not in details for _, details in told)


@pytest.mark.parametrize(("use_case", "asked"), LOOKS)
async def test_nothing_is_seen_past_the_gate(town: Town, use_case: type, asked: tuple[object, ...]) -> None:
    stranger = await town.sign_in(5, subject="no card")
    with pytest.raises(NoCard):
        await town.call(use_case, stranger, *asked)
    citizen = await a_patient(town)
    town.clock.turn(minutes=16)
    with pytest.raises(LockedOut):
        await town.call(use_case, citizen, *asked)
    await town.unlock(citizen)
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(CardSuspended):
        await town.call(use_case, citizen, *asked)
    assert await lines(town, citizen) == []


async def test_a_withdrawn_result_is_gone_from_where_it_was_open(town: Town) -> None:
    citizen = await a_patient(town)
    result = a_result(citizen)
    await deliver(town, [result, a_result(citizen, 1)])
    found = await town.call(SearchResults, citizen, "глюкоза")
    async with town.container() as scope:
        results = await scope.get(Results)
        async with await scope.get(Transaction):
            await results.remove(citizen.account, [result.id])
    with pytest.raises(NotFound):
        await town.call(ViewCourse, citizen, result.id)
    assert await town.call(ViewFound, citizen, found) == []
