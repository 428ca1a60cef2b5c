"""The national calendar: what it says of a newborn, a child, an adult; and what holds for everybody."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import AccountId, RecordId, new_id
from core.domain.record import Coding, Vaccination
from core.domain.record.calendar import (
    ATC,
    CALENDAR,
    PROTECTS,
    Disease,
    Due,
    Plan,
    Standing,
    comes_next,
    later,
    plan,
    protects_from,
)
from core.domain.record.coding import CVX, SNOMED

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TODAY = NOW.date()
ANYBODY = AccountId(new_id(NOW))
CODES = sorted(PROTECTS)


def dose(day: date, code: str = "140", system: str = CVX, next_on: date | None = None) -> Vaccination:
    return Vaccination(RecordId(new_id(NOW)), ANYBODY, day, Coding(system, code, "words"), next_on=next_on)


def of(found: Plan, disease: Disease) -> Due | None:
    return next((each for each in found.every if each.disease is disease), None)


days = st.dates(date(1930, 1, 1), date(2040, 1, 1))
histories = st.lists(st.tuples(days, st.sampled_from(CODES)), max_size=25).map(
    lambda told: [dose(day, code, system) for day, (system, code) in told]
)


def test_a_newborn_is_due_for_hepatitis_today_and_bcg_in_three_days() -> None:
    found = plan(TODAY, [], TODAY)
    assert [(each.disease, each.dose) for each in found.due] == [(Disease.HEPATITIS_B, 1)]
    first = found.upcoming[0]
    assert (first.disease, first.on) == (Disease.TUBERCULOSIS, TODAY + timedelta(days=3))
    assert not found.overdue


@pytest.mark.parametrize(
    ("disease", "months", "before"),
    [
        (Disease.PNEUMOCOCCUS, 2, 0),
        (Disease.DIPHTHERIA, 3, 0),
        (Disease.POLIO, 3, 0),
        (Disease.HIB, 3, 0),
        (Disease.MEASLES, 12, 0),
        (Disease.FLU, 6, 0),
    ],
)
def test_the_first_dose_comes_with_its_age(disease: Disease, months: int, before: int) -> None:
    born = date(2026, 3, 10)
    eve = later(born, months) - timedelta(days=1)
    due = of(plan(born, [], eve), disease)
    assert due is not None
    assert due.standing is Standing.NEXT
    assert due.on == later(born, months)
    now = of(plan(born, [], eve + timedelta(days=1)), disease)
    assert now is not None
    assert now.standing is Standing.DUE


def test_a_child_by_the_calendar_owes_nothing_and_learns_what_comes() -> None:
    born = date(2021, 1, 15)
    course = [(0, "08"), (1, "08"), (6, "08"), (2, "133"), (5, "133"), (15, "133"), (12, "03")]
    combined = [(3, "20"), (5, "20"), (7, "20"), (20, "20"), (3, "10"), (5, "10"), (7, "10"), (18, "10"), (21, "02")]
    hib = [(3, "48"), (5, "48"), (7, "48"), (20, "48")]
    given_ = [dose(later(born, months), code) for months, code in [*course, *combined, *hib]]
    given_ += [dose(born + timedelta(days=4), "19"), dose(date(2026, 10, 1), "140")]
    found = plan(born, given_, TODAY)
    assert not found.overdue
    assert not found.due
    told = {each.disease: (each.dose, each.on) for each in found.upcoming}
    assert told[Disease.DIPHTHERIA] == (5, date(2027, 1, 15))
    assert told[Disease.POLIO] == (6, date(2027, 1, 15))
    assert told[Disease.MEASLES] == (2, date(2027, 1, 15))
    assert told[Disease.TUBERCULOSIS] == (2, date(2027, 1, 15))
    assert told[Disease.FLU] == (None, date(2027, 9, 1))
    assert Disease.HEPATITIS_B not in told


def test_an_adult_is_asked_about_diphtheria_every_ten_years() -> None:
    born = date(1980, 5, 2)
    again = of(plan(born, [dose(date(2017, 3, 1), "113")], TODAY), Disease.DIPHTHERIA)
    assert again is not None
    assert (again.dose, again.on, again.standing) == (None, date(2027, 3, 1), Standing.NEXT)
    late = of(plan(born, [dose(date(2015, 3, 1), "113")], TODAY), Disease.DIPHTHERIA)
    assert late is not None
    assert late.standing is Standing.OVERDUE


@pytest.mark.parametrize(("born", "asked"), [("1991-11-24", True), ("1990-11-23", False), ("1970-12-01", False)])
def test_measles_is_asked_about_up_to_thirty_five(born: str, asked: bool) -> None:
    assert (of(plan(date.fromisoformat(born), [], TODAY), Disease.MEASLES) is not None) is asked


def test_nobody_of_sixty_is_asked_about_a_childhood_course_but_about_flu_they_are() -> None:
    found = plan(date(1960, 1, 1), [], TODAY)
    assert {each.disease for each in found.every} == {Disease.DIPHTHERIA, Disease.FLU}
    flu, younger = of(found, Disease.FLU), of(plan(date(1985, 1, 1), [], TODAY), Disease.FLU)
    assert flu is not None
    assert younger is not None
    assert (flu.for_groups, younger.for_groups) == (False, True)


@pytest.mark.parametrize(
    ("today", "given_on", "on"),
    [
        ("2026-11-23", "2026-08-20", "2027-09-01"),
        ("2026-11-23", "2026-07-31", "2026-09-01"),
        ("2027-02-10", None, "2026-09-01"),
        ("2027-03-01", None, "2027-09-01"),
        ("2027-02-10", "2026-10-01", "2027-09-01"),
        ("2028-02-29", None, "2028-09-01"),
    ],
)
def test_flu_belongs_to_its_season(today: str, given_on: str | None, on: str) -> None:
    doses = [dose(date.fromisoformat(given_on))] if given_on else []
    due = of(plan(date(1950, 1, 1), doses, date.fromisoformat(today)), Disease.FLU)
    assert due is not None
    assert due.on == date.fromisoformat(on)


@pytest.mark.parametrize(
    ("system", "code", "protects"),
    [
        (CVX, "3", {Disease.MEASLES}),
        (CVX, "120", {Disease.DIPHTHERIA, Disease.POLIO, Disease.HIB}),
        (ATC, "J07CA09", {Disease.DIPHTHERIA, Disease.POLIO, Disease.HIB, Disease.HEPATITIS_B}),
        (SNOMED, "399014008", {Disease.DIPHTHERIA}),
        (CVX, "207", set()),
        ("", "", set()),
        ("urn:somebody", "03", set()),
    ],
)
def test_a_code_says_what_it_protects_from_and_words_are_not_guessed(
    system: str, code: str, protects: set[Disease]
) -> None:
    assert protects_from(Coding(system, code, "от кори")) == protects


@given(days, histories, days)
def test_of_each_disease_one_dose_at_most_and_it_stands_where_its_day_says(
    born: date, told: list[Vaccination], today: date
) -> None:
    found = plan(born, told, today)
    assert len({each.disease for each in found.every}) == len(found.every)
    assert all(each.on > today for each in found.upcoming)
    assert all(each.on <= today for each in (*found.overdue, *found.due))
    assert all(each.on >= born for each in found.every)
    assert list(found.upcoming) == sorted(found.upcoming, key=lambda each: (each.on, each.disease))


@given(days, histories, days, st.randoms())
def test_the_order_and_repeats_of_what_was_given_change_nothing(
    born: date, told: list[Vaccination], today: date, chance: object
) -> None:
    mixed = [*told, *told]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert plan(born, mixed, today) == plan(born, told, today)


@given(days, histories, days)
def test_a_dose_given_today_is_not_asked_for_again_today(born: date, told: list[Vaccination], today: date) -> None:
    before = plan(born, told, today)
    for due in before.due:
        if due.disease is Disease.FLU or today < born:
            continue
        code = next(code for (system, code), protects in sorted(PROTECTS.items()) if protects == {due.disease})
        system = next(system for (system, each) in PROTECTS if each == code)
        fresh = any(each.given_on == today and due.disease in protects_from(each.vaccine) for each in told)
        after = of(plan(born, [*told, dose(today, code, system)], today), due.disease)
        assert fresh or after is None or after.on > today or after.dose != due.dose


@given(days, histories, days)
def test_doses_to_come_and_before_birth_count_for_nothing(born: date, told: list[Vaccination], today: date) -> None:
    counted = [each for each in told if born <= each.given_on <= today]
    assert plan(born, told, today) == plan(born, counted, today)


@given(st.dates(), st.integers(0, 2000))
def test_months_later_is_never_earlier_and_keeps_the_day_where_there_is_one(day: date, months: int) -> None:
    found = later(day, months)
    assert found >= day or found == date.max
    assert found == date.max or found.day <= day.day


def test_the_table_asks_for_doses_in_order() -> None:
    for disease, steps in CALENDAR.items():
        assert [step.dose for step in steps] == list(range(1, len(steps) + 1)), disease
        assert [step.months for step in steps] == sorted(step.months for step in steps), disease
        assert all(step.disease is disease for step in steps)


def test_days_to_come_are_the_calendars_and_the_clinics_until_the_dose_is_given() -> None:
    born, advised = date(1980, 1, 1), date(2027, 1, 10)
    told = [dose(date(2020, 1, 10), "113"), dose(date(2026, 10, 10), "43", next_on=advised)]
    found = plan(born, told, TODAY)
    assert comes_next(found, told, TODAY) == (advised, date(2030, 1, 10))
    given_ = [*told, dose(date(2026, 11, 10), "08")]
    assert comes_next(plan(born, given_, TODAY), given_, TODAY)[0] > advised


def test_a_course_of_which_a_dose_is_known_is_told_apart_from_one_nobody_wrote_down() -> None:
    born = date(1980, 5, 2)
    found = plan(born, [dose(date(2015, 3, 1), "113")], TODAY)
    assert {each.disease: each.known for each in found.overdue} == {
        Disease.DIPHTHERIA: True,
        Disease.HEPATITIS_B: False,
    }
