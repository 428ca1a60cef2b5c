"""The record as it is kept: bulk puts, pages, panels, courses; and that nothing medical stands in clear."""

import itertools
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.domain.ids import AccountId, ClinicId, RecordId, new_id
from core.domain.record import (
    Category,
    Coding,
    Mark,
    Measured,
    NotFound,
    Panel,
    Period,
    Result,
)
from core.domain.record.coding import LOINC
from core.security.envelope import Tampered
from tests.core.storage.house import START, House

GLUCOSE = Coding(LOINC, "2339-0", "Glucose")
SODIUM = Coding(LOINC, "2947-0", "Sodium")
METABOLIC = Coding(LOINC, "51990-0", "Basic Metabolic Panel")
CLINIC = ClinicId(new_id(START))
EVER = Period()
TODAY = START.date()


def a_result(account: AccountId, taken_at: datetime = START, **other: object) -> Result:
    coding = other.pop("coding", GLUCOSE)
    assert isinstance(coding, Coding)
    value = Measured(
        coding, Decimal("5.10000000001"), "mmol/L", low=Decimal("3.3"), high=Decimal("5.5"), mark=Mark.WITHIN
    )
    values: dict[str, object] = {
        "id": RecordId(new_id(START)),
        "account": account,
        "clinic": CLINIC,
        "category": Category.LABORATORY,
        "taken_at": taken_at,
        "coding": coding,
        "measured": (value,),
        **other,
    }
    return Result(**values)  # type: ignore[arg-type]  # whatever a test wants


def a_panel(account: AccountId, taken_at: datetime = START) -> Panel:
    return Panel(
        RecordId(new_id(START)),
        account,
        CLINIC,
        Category.LABORATORY,
        taken_at,
        METABOLIC,
        "Без отклонений",
        "Клиника № 7",
    )


async def test_a_result_comes_back_as_it_was_put(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    pressure = a_result(
        account,
        category=Category.VITAL,
        coding=Coding(LOINC, "85354-9", "Blood pressure"),
        measured=(
            Measured(Coding(LOINC, "8480-6", "Systolic"), Decimal(118), "mm[Hg]"),
            Measured(Coding(LOINC, "8462-4", "Diastolic"), text="не измерено", reference="до 90", mark=Mark.OUTSIDE),
        ),
        institution="Поликлиника № 1",
        doctor="Чехова М. П.",
        note="сидя",
        day_only=True,
    )
    panel = a_panel(account)
    async with here.transaction:
        await here.results.put([pressure], [panel])
        assert await here.results.one(account, pressure.id) == pressure
        assert await here.results.one(account, panel.id) == panel


async def test_nothing_medical_stands_in_clear(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    async with here.transaction:
        await here.results.put([a_result(account, institution="Поликлиника", doctor="Чехова")], [a_panel(account)])
    async with house.engine.connect() as connection:
        for row in await connection.execute(text("SELECT * FROM results")):
            told = repr([bytes(each) if isinstance(each, memoryview) else each for each in row])
            assert not any(
                word in told for word in ("Glucose", "2339-0", "mmol", "5.1000", "J06", "Чехова", "ЭнджериксВ")
            )


async def test_the_same_code_of_two_people_looks_different(house: House) -> None:
    first, second, here = (await house.newcomer()).account, (await house.newcomer()).account, house.request()
    async with here.transaction:
        await here.results.put([a_result(first), a_result(first), a_result(second)], [])
    async with house.engine.connect() as connection:
        counted = await connection.execute(text("SELECT count(DISTINCT code_index) FROM results"))
        assert counted.scalar() == 2


async def test_what_is_put_again_takes_the_place_of_the_former(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    before = a_result(account)
    after = a_result(account, id=before.id, coding=SODIUM, taken_at=START + timedelta(days=1))
    async with here.transaction:
        await here.results.put([before, a_result(account)], [])
    async with here.transaction:
        await here.results.put([after, after], [])
        assert await here.results.one(account, before.id) == after
        assert await here.results.count(account, None, EVER) == 2
        assert [each.id for each in await here.results.series(account, SODIUM)] == [before.id]


async def test_a_value_put_back_into_its_row_no_longer_opens(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    result = a_result(account)
    async with here.transaction:
        await here.results.put([result], [])
    async with house.engine.begin() as connection:
        old = (await connection.execute(text("SELECT content FROM results"))).scalar()
    async with here.transaction:
        await here.results.put([a_result(account, id=result.id, coding=SODIUM)], [])
    async with house.engine.begin() as connection:
        await connection.execute(text("UPDATE results SET content = :old"), {"old": old})
    with pytest.raises(Tampered):
        async with here.transaction:
            await here.results.one(account, result.id)


async def test_another_persons_id_stores_nothing(house: House) -> None:
    mine, theirs, here = (await house.newcomer()).account, (await house.newcomer()).account, house.request()
    result = a_result(theirs)
    async with here.transaction:
        await here.results.put([result], [])
    with pytest.raises(NotFound):
        async with here.transaction:
            await here.results.put([a_result(mine), a_result(mine, id=result.id)], [])
    async with here.transaction:
        assert await here.results.count(mine, None, EVER) == 0
        assert await here.results.one(theirs, result.id) == result
        with pytest.raises(NotFound):
            await here.results.one(mine, result.id)
        await here.results.remove(mine, [result.id])
        assert await here.results.count(theirs, None, EVER) == 1


async def test_a_panel_counts_as_one_and_holds_its_results_in_order(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    panel, empty = a_panel(account), a_panel(account, START - timedelta(days=1))
    held = [a_result(account, panel=panel.id, coding=Coding(LOINC, str(number), "")) for number in range(5)][::-1]
    alone = a_result(account, START - timedelta(days=2))
    async with here.transaction:
        await here.results.put([*held, alone], [panel, empty])
        assert await here.results.categories(account, EVER) == {Category.LABORATORY: 3}
        assert await here.results.page(account, Category.LABORATORY, EVER, 10) == [panel, empty, alone]
        assert await here.results.of_panels(account, [panel.id, empty.id]) == {panel.id: held, empty.id: []}
        assert len(await here.results.every(account, EVER)) == 6


async def test_a_corrected_result_keeps_its_place_in_the_panel(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    panel = a_panel(account)
    held = [a_result(account, panel=panel.id) for _ in range(3)]
    async with here.transaction:
        await here.results.put(held, [panel])
    corrected = a_result(account, id=held[1].id, panel=panel.id, note="исправлено")
    async with here.transaction:
        await here.results.put([corrected], [])
        assert (await here.results.of_panels(account, [panel.id]))[panel.id] == [held[0], corrected, held[2]]


async def test_what_a_withdrawn_panel_held_stands_alone(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    panel = a_panel(account)
    held = [a_result(account, panel=panel.id) for _ in range(2)]
    async with here.transaction:
        await here.results.put(held, [panel])
        await here.results.remove(account, [panel.id, held[0].id])
        (left,) = await here.results.page(account, None, EVER, 10)
        assert (left.id, isinstance(left, Result) and left.panel) == (held[1].id, None)


async def test_a_course_is_the_oldest_first_and_words_without_a_code_are_one_too(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    words = Coding("", "", "СОЭ")
    taken = [START - timedelta(days=number) for number in range(3)]
    async with here.transaction:
        await here.results.put([a_result(account, moment) for moment in taken], [])
        await here.results.put([a_result(account, moment, coding=Coding("", "", "соэ")) for moment in taken], [])
        assert [each.taken_at for each in await here.results.series(account, GLUCOSE)] == taken[::-1]
        assert len(await here.results.series(account, words)) == 3
        assert await here.results.series(account, SODIUM) == []


async def test_a_period_holds_its_beginning_and_not_its_end(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    day = timedelta(days=1)
    async with here.transaction:
        await here.results.put([a_result(account, START + number * day) for number in range(4)], [])
        found = await here.results.every(account, Period(START + day, START + 3 * day))
        assert [each.taken_at for each in found] == [START + 2 * day, START + day]
        assert await here.results.count(account, Category.LABORATORY, Period(until=START + day)) == 1
        assert await here.results.count(account, Category.VITAL, EVER) == 0


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 9))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_pages_lose_nothing_and_show_nothing_twice(house: House, taken: list[int], size: int) -> None:
    """Many results of one moment among them: the order is whole, so pages never overlap."""
    account, here = (await house.newcomer()).account, house.request()
    results = [a_result(account, START + timedelta(hours=hour)) for hour in taken]
    async with here.transaction:
        await here.results.put(results, [])
        seen = []
        for number in itertools.count():
            page = await here.results.page(account, Category.LABORATORY, EVER, size, number * size)
            seen += [(each.taken_at, each.id) for each in page]
            if len(page) < size:
                break
    assert seen == sorted(((each.taken_at, each.id) for each in results), reverse=True)


async def test_five_thousand_results_are_put_and_paged(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    results = [a_result(account, START - timedelta(minutes=number)) for number in range(5000)]
    async with here.transaction:
        await here.results.put(results, [])
        last = await here.results.page(account, Category.LABORATORY, EVER, 10, 4995)
        assert [each.id for each in last] == [each.id for each in results[4995:]]
        assert await here.results.count(account, None, EVER) == 5000


async def test_kinds_are_the_newest_of_each_code_and_how_many_there_are(house: House) -> None:
    account, other, here = (await house.newcomer()).account, (await house.newcomer()).account, house.request()
    taken = [START - timedelta(days=number) for number in range(3)]
    glucose = [a_result(account, moment) for moment in taken]
    sodium, panel = a_result(account, taken[1], coding=SODIUM), a_panel(account, taken[2])
    async with here.transaction:
        await here.results.put([*glucose, sodium, a_result(other)], [panel])
        found = await here.results.kinds(account)
        assert [(kind.newest, kind.times) for kind in found] == [(glucose[0], 3), (sodium, 1), (panel, 1)]
        wanted = [panel.id, sodium.id, RecordId(new_id(START)), panel.id]
        assert await here.results.some(account, wanted) == [panel, sodium]
        assert await here.results.some(other, wanted) == []
