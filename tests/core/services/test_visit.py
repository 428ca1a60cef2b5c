"""«История посещений врачей»: narrowed down, by page, one in full, as PDF; behind the gate, with a line for each look."""

from datetime import UTC, date
from io import BytesIO
from itertools import product
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.access import LockedOut
from core.domain.actor import Citizen
from core.domain.card import CardSuspended, NoCard
from core.domain.ids import AccountId, ChatId, RecordId, new_id
from core.domain.record import Coding, NotFound, Visits
from core.domain.record.coding import ICD10, SNOMED
from core.domain.record.history import Filters, history_of
from core.domain.record.looking import Span, SpanKind
from core.ports import Transaction
from core.services.consent import WithdrawConsent
from core.services.record import ExportVisits, OpenVisit, ViewVisits
from core.services.record.history_paper import diagnosis_of
from tests.core.services.patient import a_patient, a_visit, bring
from tests.core.services.town import START, Town

MOSCOW = ZoneInfo("Europe/Moscow")
ALL = Filters(Span.all())
HEART = {"speciality": "Кардиология", "institution": "Кардиоцентр", "doctor": "Тимофеев А. Л."}
SOMEBODY = Citizen(AccountId(new_id(START)), ChatId(1))


async def test_visits_come_by_page_the_newest_first_and_none_is_lost(town: Town) -> None:
    citizen = await a_patient(town)
    await bring(town, *(a_visit(citizen, days) for days in range(23)))
    seen: list[RecordId] = []
    for number in range(1, 6):
        page = await town.call(ViewVisits, citizen, ALL, MOSCOW, number)
        assert page.paging.pages == 5
        seen += [visit.id for visit in page.visits]
        moments = [visit.started_at for visit in page.visits]
        assert moments == sorted(moments, reverse=True)
    assert len(set(seen)) == len(seen) == 23
    assert (await town.call(ViewVisits, citizen, ALL, MOSCOW, 99)).paging.number == 5


async def test_only_what_exists_is_offered_each_with_what_it_would_leave(town: Town) -> None:
    citizen = await a_patient(town)
    heart = [a_visit(citizen, days, **HEART) for days in (3, 40)]
    elsewhere = a_visit(citizen, 5, institution="Кардиоцентр")
    await bring(town, *heart, elsewhere, a_visit(citizen, 400), a_visit(citizen, 2, speciality="терапия "))
    history = (await town.call(ViewVisits, citizen, ALL, MOSCOW)).history
    assert [(each.name, each.count) for each in history.specialities] == [("терапия", 3), ("Кардиология", 2)]
    assert {each.name: each.count for each in history.institutions} == {"Кардиоцентр": 3, "Поликлиника № 7": 2}
    assert [history.spans[kind] for kind in (SpanKind.WEEK, SpanKind.MONTH, SpanKind.YEAR, SpanKind.ALL)] == [
        3,
        3,
        4,
        5,
    ]

    chosen = Filters(Span(SpanKind.WEEK), institution=elsewhere.id)
    history = (await town.call(ViewVisits, citizen, chosen, MOSCOW)).history
    assert {each.id for each in history.visits} == {heart[0].id, elsewhere.id}
    assert {each.name: each.count for each in history.specialities} == {"Кардиология": 1, "Терапия": 1}
    both = Filters(Span.all(), speciality=heart[1].id, institution=elsewhere.id)
    assert [each.id for each in (await town.call(ViewVisits, citizen, both, MOSCOW)).history.visits] == [
        each.id for each in heart
    ]


async def test_a_filter_whose_visit_was_withdrawn_filters_nothing(town: Town) -> None:
    citizen = await a_patient(town)
    gone = a_visit(citizen, 1, **HEART)
    await bring(town, gone, a_visit(citizen, 2))
    async with town.container() as scope:
        visits = await scope.get(Visits)
        async with await scope.get(Transaction):
            await visits.remove(citizen.account, [gone.id])
    history = (await town.call(ViewVisits, citizen, Filters(Span.all(), speciality=gone.id), MOSCOW)).history
    assert (len(history.visits), history.speciality) == (1, None)


async def test_ones_own_days_are_days_of_ones_own_region(town: Town) -> None:
    citizen = await a_patient(town)
    await bring(
        town, a_visit(citizen, started_at=START.replace(day=20, hour=21, minute=30))
    )  # 00:30 of the 21st in Moscow
    day = Filters(Span.own(date(2026, 11, 21), date(2026, 11, 21)))
    assert len((await town.call(ViewVisits, citizen, day, MOSCOW)).history.visits) == 1
    assert len((await town.call(ViewVisits, citizen, day, UTC)).history.visits) == 0


async def test_one_visit_opens_in_full_and_nobody_elses_does(town: Town) -> None:
    anna = await a_patient(town)
    boris = await a_patient(town, 2, subject="boris", snils="087-654-303 00", inn=None)
    visit = a_visit(anna, 1)
    await bring(town, visit)
    assert await town.call(OpenVisit, anna, visit.id) == visit
    for use_case in (OpenVisit, ExportVisits):
        with pytest.raises(NotFound):
            await town.call(use_case, boris, visit.id, *(("ru", MOSCOW) if use_case is ExportVisits else ()))
    assert (await town.call(ViewVisits, boris, Filters(Span.all(), speciality=visit.id), MOSCOW)).history.total == 0


async def test_the_gate_stands_before_every_look(town: Town) -> None:
    citizen = await town.sign_in()
    calls = ((ViewVisits, ALL, MOSCOW), (OpenVisit, RecordId(new_id(START))), (ExportVisits, ALL, "ru", MOSCOW))
    for use_case, *arguments in calls:
        with pytest.raises(NoCard):
            await town.call(use_case, citizen, *arguments)
    citizen = await a_patient(town)
    town.clock.turn(minutes=16)
    for use_case, *arguments in calls:
        with pytest.raises(LockedOut):
            await town.call(use_case, citizen, *arguments)
    await town.unlock(citizen)
    await town.call(WithdrawConsent, citizen)
    for use_case, *arguments in calls:
        with pytest.raises(CardSuspended):
            await town.call(use_case, citizen, *arguments)


async def test_every_look_leaves_a_line_without_values(town: Town) -> None:
    citizen = await a_patient(town)
    visit = a_visit(citizen)
    await bring(town, visit)
    await town.call(ViewVisits, citizen, ALL, MOSCOW)
    await town.call(OpenVisit, citizen, visit.id)
    await town.call(ExportVisits, citizen, ALL, "ru", MOSCOW)
    engine = await town.container.get(AsyncEngine)
    asked = text("SELECT operation, details FROM audit_lines WHERE operation LIKE 'record.%' ORDER BY at, chain, seq")
    async with engine.connect() as connection:
        lines = [(row.operation, str(row.details)) for row in await connection.execute(asked)]
    assert [operation for operation, _ in lines] == ["record.viewed"] * 2 + ["record.exported"]
    assert all("visits" in details and "Терапия" not in details for _, details in lines)


async def test_the_history_as_pdf_holds_what_matches_whatever_the_names_are(town: Town) -> None:
    citizen = await a_patient(town)
    odd = "\u202eгипертензия " * 40
    await bring(
        town,
        a_visit(
            citizen,
            1,
            **HEART,
            diagnoses=(Coding(ICD10, "I10", odd), Coding(SNOMED, "1", odd)),
            recommendations=(odd * 9,),
        ),
        a_visit(
            citizen, 2, institution="", doctor="", speciality="", diagnoses=(), recommendations=(), prescriptions=()
        ),
        *(a_visit(citizen, days) for days in range(3, 33)),
    )
    whole = await town.call(ExportVisits, citizen, ALL, "ru", MOSCOW)
    week = await town.call(ExportVisits, citizen, Filters(Span(SpanKind.WEEK)), "en", MOSCOW)
    none = await town.call(ExportVisits, citizen, Filters(Span.own(date(2001, 1, 1), date(2001, 1, 2))), "ru", MOSCOW)
    assert [each.number for each in (whole, week, none)] == [32, 7, 0]
    pages = [len(pikepdf.open(BytesIO(each.content)).pages) for each in (whole, week, none)]
    assert pages[0] > pages[1] >= pages[2] == 1
    assert whole.name == "visit.file_name-2026-11-23.pdf"


def test_a_diagnosis_shows_the_code_of_icd_10_alone() -> None:
    assert diagnosis_of(Coding(ICD10, "I10", "Essential hypertension"), "ru") == "I10 Гипертоническая болезнь"
    assert diagnosis_of(Coding(ICD10, "Q99.9", ""), "ru") == "Q99.9"
    assert diagnosis_of(Coding(SNOMED, "0", "Something"), "en") == "Something"
    assert diagnosis_of(Coding("", "", "Со слов"), "ru") == "Со слов"


WORDS = st.sampled_from(["", "Терапия", "терапия", " Кардиология", "\u202eх", "🫀" * 90])


@given(st.lists(st.tuples(st.integers(0, 800), WORDS, WORDS), max_size=12), st.sampled_from(SpanKind), st.data())
def test_what_a_button_counts_is_what_it_shows(
    told: list[tuple[int, str, str]], kind: SpanKind, data: st.DataObject
) -> None:
    visits = [a_visit(SOMEBODY, days, speciality=one, institution=other) for days, one, other in sorted(told)]
    ids = st.sampled_from([None, *(visit.id for visit in visits)])
    span = Span.own(date(2025, 5, 5), date(2026, 5, 5)) if kind is SpanKind.OWN else Span(kind)
    filters = Filters(span, data.draw(ids), data.draw(ids))
    history = history_of(visits, filters, START, MOSCOW)
    for choice, key in [
        *product(history.specialities, ["speciality"]),
        *product(history.institutions, ["institution"]),
    ]:
        chosen = {"speciality": filters.speciality, "institution": filters.institution, key: choice.id}
        assert len(history_of(visits, Filters(span, **chosen), START, MOSCOW).visits) == choice.count > 0
    for named, number in history.spans.items():
        again = history_of(visits, Filters(Span(named), filters.speciality, filters.institution), START, MOSCOW)
        assert len(again.visits) == number
