"""The slots that follow from hours: none overlaps, all lie inside, whatever the clocks and the calendar do."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.schedule import Exceptional, Hours, InvalidHours, Slot, check_exceptional, check_hours
from core.domain.schedule.making import slots_of
from core.domain.schedule.resting import worked_as
from tests.core.storage.receiving import a_doctor, a_facility
from tests.zones import enact

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DOCTOR, HERE = a_doctor(1), a_facility(1)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""The Sundays on which Berlin moves its clocks: from two to three, and from three to two."""
ZONES = ("Europe/Moscow", "Asia/Kamchatka", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut")


def weekly(weekday: int, start: time, end: time, minutes: int = 15, number: int = 1, **other: object) -> Hours:
    plain = Hours(UUID(int=number), DOCTOR.id, weekday, start, end, minutes, date(2026, 1, 1))
    return replace(plain, **other)  # type: ignore[arg-type]


EVERY_DAY = [weekly(each, time(8), time(10), 30, number=each) for each in range(7)]


def exceptional(day: date, **other: object) -> Exceptional:
    return replace(Exceptional(UUID(int=1), HERE.id, day), **other)  # type: ignore[arg-type]


def made(
    hours: list[Hours], first: date, last: date | None = None, *exceptions: Exceptional, zone: str = "Europe/Moscow"
) -> list[Slot]:
    return slots_of(replace(HERE, zone=zone), DOCTOR, hours, exceptions, first, last or first, NOW)


def walls(slots: list[Slot], zone: str = "Europe/Moscow") -> list[str]:
    return [f"{each.starts_at.astimezone(ZoneInfo(zone)):%H:%M}" for each in slots]


def times(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@st.composite
def weeks(draw: st.DrawFn) -> list[Hours]:
    """Hours of a week that the desk would take."""
    taken: list[Hours] = []
    for number in range(draw(st.integers(1, 12))):
        start = draw(st.integers(0, 23 * 60))
        end = draw(st.integers(start + 5, 24 * 60 - 1))
        minutes = draw(st.integers(5, min(120, end - start)))
        next_ = weekly(draw(st.integers(0, 6)), times(start), times(end), minutes, number)
        try:
            check_hours(next_, taken)
        except InvalidHours:
            continue
        taken.append(next_)
    return taken


@given(
    weeks(),
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2028, 12, 1))
    | st.sampled_from([SPRING, AUTUMN, date(2028, 2, 28), date(2027, 3, 14)]),
)
def test_slots_lie_inside_their_hours_have_their_length_and_overlap_nothing(
    week: list[Hours], zone: str, first: date
) -> None:
    clock = ZoneInfo(zone)
    slots = made(week, first, first + timedelta(days=9), zone=zone)
    assert len({each.id for each in slots}) == len(slots)
    for one, two in pairwise(slots):
        assert one.ends_at <= two.starts_at
    for each in slots:
        shown, over = each.starts_at.astimezone(clock), each.ends_at.astimezone(clock)
        assert each.day == shown.date()
        weekday = worked_as(each.day)
        length = (each.ends_at - each.starts_at) / timedelta(minutes=1)
        inside = [
            hours
            for hours in week
            if hours.weekday == weekday
            and hours.start <= shown.time()
            and over.time() <= hours.end
            and hours.minutes == length
        ]
        assert inside, (shown, over)


@given(weeks(), st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2028, 12, 1)))
def test_slots_made_again_are_the_same_and_a_day_alone_is_as_in_its_month(
    week: list[Hours], zone: str, first: date
) -> None:
    month = made(week, first, first + timedelta(days=5), zone=zone)
    assert made(week, first, first + timedelta(days=5), zone=zone) == month
    third = first + timedelta(days=2)
    assert made(week, third, zone=zone) == [each for each in month if each.day == third]


def test_a_working_day_is_filled_from_start_to_end_and_no_further() -> None:
    slots = made([weekly(1, time(8), time(9, 10), 20)], date(2026, 12, 1))
    assert walls(slots) == ["08:00", "08:20", "08:40"]
    assert slots[0].starts_at == datetime(2026, 12, 1, 5, tzinfo=UTC)


def test_hours_hold_from_their_first_day_to_their_last() -> None:
    hours = [weekly(1, time(8), time(9), 60, since=date(2026, 12, 8), until=date(2026, 12, 15))]
    found = made(hours, date(2026, 12, 1), date(2026, 12, 30))
    assert [each.day for each in found] == [date(2026, 12, 8), date(2026, 12, 15)]


def test_the_29th_of_february_is_a_day_like_another() -> None:
    days = {each.day for each in made(EVERY_DAY, date(2028, 2, 28), date(2028, 3, 1))}
    assert days == {date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)}
    assert {each.day for each in made(EVERY_DAY, date(2027, 2, 28), date(2027, 3, 1))} == {
        date(2027, 2, 28), date(2027, 3, 1),
    }  # fmt: skip


def test_times_that_a_clock_passes_over_are_nobodys() -> None:
    night = [weekly(6, time(1), time(4), 30)]
    slots = made(night, SPRING, zone="Europe/Berlin")
    assert walls(slots, "Europe/Berlin") == ["01:00", "01:30", "03:00", "03:30"]
    assert slots[1].ends_at == slots[2].starts_at


def test_an_appointment_that_would_last_past_its_hours_by_the_gap_is_not_given() -> None:
    # 01:40 and half an hour more is ten past three, when the hours until half past two have long been over.
    assert walls(made([weekly(6, time(1, 10), time(2, 30), 30)], SPRING, zone="Europe/Berlin"), "Europe/Berlin") == [
        "01:10"
    ]


def test_an_hour_that_a_clock_shows_twice_is_given_once() -> None:
    slots = made([weekly(6, time(1), time(4), 30)], AUTUMN, zone="Europe/Berlin")
    assert walls(slots, "Europe/Berlin") == ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
    assert slots[3].ends_at - slots[3].starts_at == timedelta(minutes=30)
    assert slots[4].starts_at - slots[3].ends_at == timedelta(hours=1)


def test_a_slot_stays_itself_when_the_law_of_its_zone_changes(laws: Path) -> None:
    hours = [weekly(1, time(8), time(9), 30)]
    enact(laws, "Europe/Tver", "Europe/Moscow")
    before = made(hours, date(2026, 12, 1), zone="Europe/Tver")
    enact(laws, "Europe/Tver", "Europe/Samara")
    after = made(hours, date(2026, 12, 1), zone="Europe/Tver")
    assert [each.id for each in before] == [each.id for each in after]
    assert after[0].starts_at == before[0].starts_at - timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 8), None),
        (date(2027, 1, 11), 0),
        (date(2027, 2, 22), None),
        (date(2027, 2, 20), 0),
        (date(2027, 2, 27), 5),
        (date(2027, 3, 8), None),
        (date(2027, 5, 10), None),
        (date(2027, 11, 5), None),
        (date(2026, 11, 4), None),
        (date(2024, 11, 2), 1),
    ],
)
def test_days_off_and_moved_working_days_are_those_of_the_decree(day: date, weekday: int | None) -> None:
    assert worked_as(day) == weekday


def test_a_worked_saturday_has_the_hours_of_the_day_that_was_moved() -> None:
    hours = [weekly(0, time(8), time(9), 30), weekly(5, time(12), time(13), 30, number=2)]
    assert walls(made(hours, date(2027, 2, 20))) == ["08:00", "08:30"]
    assert made(hours, date(2027, 2, 22)) == []
    assert walls(made(hours, date(2027, 2, 27))) == ["12:00", "12:30"]


def test_a_facility_that_works_on_a_holiday_says_by_which_weekday() -> None:
    hours = [weekly(4, time(8), time(9), 30)]
    holiday = date(2027, 1, 4)
    assert made(hours, holiday) == []
    assert walls(made(hours, holiday, None, exceptional(holiday, as_weekday=4))) == ["08:00", "08:30"]


def test_a_closed_day_and_a_short_day_hold_for_everybody_but_those_with_a_day_of_their_own() -> None:
    tuesday, hours = date(2026, 12, 1), [weekly(1, time(8), time(12), 60)]
    closed = exceptional(tuesday, why="Санитарный день")
    short = exceptional(tuesday, start=time(9, 30), end=time(11, 30))
    own = exceptional(tuesday, doctor=DOCTOR.id, start=time(18), end=time(19), minutes=30)
    away = exceptional(tuesday, doctor=DOCTOR.id)
    theirs = exceptional(tuesday, doctor=a_doctor(2).id)
    assert made(hours, tuesday, None, closed) == []
    assert walls(made(hours, tuesday, None, short)) == ["09:30", "10:30"]
    assert walls(made(hours, tuesday, None, closed, own)) == ["18:00", "18:30"]
    assert walls(made(hours, tuesday, None, replace(own, minutes=None))) == ["18:00", "18:15", "18:30", "18:45"]
    assert made(hours, tuesday, None, away, short) == []
    assert walls(made(hours, tuesday, None, theirs)) == ["08:00", "09:00", "10:00", "11:00"]


def test_nobody_receives_who_is_gone_or_where_it_is_closed() -> None:
    day = date(2026, 12, 1)
    assert slots_of(HERE, replace(DOCTOR, gone=True), EVERY_DAY, [], day, day, NOW) == []
    assert slots_of(replace(HERE, closed=True), DOCTOR, EVERY_DAY, [], day, day, NOW) == []


@pytest.mark.parametrize(
    "wrong",
    [
        weekly(0, time(9), time(9)),
        weekly(0, time(9), time(8)),
        weekly(0, time(9), time(9, 10), 15),
        weekly(0, time(9), time(10), 4),
        weekly(0, time(9), time(18), 121),
        weekly(7, time(9), time(10)),
        weekly(0, time(9), time(10, 0, 30)),
        weekly(0, time(9), time(10), until=date(2025, 1, 1)),
        weekly(0, time(11, 59), time(13), number=2),
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: Hours) -> None:
    with pytest.raises(InvalidHours):
        check_hours(wrong, [weekly(0, time(10), time(12), number=3)])


def test_hours_may_touch_replace_themselves_and_follow_each_other_in_time() -> None:
    others = [weekly(0, time(10), time(12), number=3, until=date(2026, 12, 31))]
    for fine in (
        weekly(0, time(12), time(13)),
        weekly(1, time(10), time(12)),
        weekly(0, time(10), time(12), number=3),
        weekly(0, time(10), time(12), since=date(2027, 1, 1)),
    ):
        check_hours(fine, others)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": time(9)},
        {"end": time(9)},
        {"as_weekday": 7},
        {"as_weekday": 0, "start": time(9), "end": time(10)},
        {"start": time(10), "end": time(9)},
        {"start": time(9), "end": time(10), "minutes": 90},
        {"start": time(11), "end": time(13)},
    ],
)
def test_days_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    day = date(2026, 12, 1)
    there = exceptional(day, start=time(12), end=time(14), id=UUID(int=2))
    with pytest.raises(InvalidHours):
        check_exceptional(exceptional(day, **wrong), [there])
    check_exceptional(exceptional(day, start=time(14), end=time(15)), [there])
    check_exceptional(exceptional(day, start=time(12), end=time(15), doctor=DOCTOR.id), [there])
