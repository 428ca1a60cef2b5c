"""Working time: nights, split days, holidays and moved days, clocks that are set forward, and what nobody can keep."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.worktime import FACTS, Interval, InvalidHours, NeverOpen, Worktime, read_intervals

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")
NIGHT, SPLIT = Interval(time(22), time(6)), read_intervals("09:00-13:00, 14:00–18:30")


def moscow(*told: int) -> datetime:
    return datetime(*told, tzinfo=MOSCOW)  # type: ignore[arg-type,misc]


def on_every_day(*intervals: Interval, zone: str = "Europe/Moscow", holidays: bool = False) -> Worktime:
    return Worktime(zone, dict.fromkeys(range(7), intervals), holidays=holidays)


def test_half_an_hour_asked_for_before_closing_goes_on_in_the_morning() -> None:
    friday = moscow(2026, 11, 27, 19, 50)
    assert FACTS.after(friday, timedelta(minutes=30)) == moscow(2026, 11, 30, 9, 20)
    assert FACTS.between(friday, moscow(2026, 11, 30, 9, 20)) == timedelta(minutes=30)
    assert FACTS.opens_at(moscow(2026, 11, 28, 12)) == moscow(2026, 11, 30, 9)


def test_people_answer_from_the_first_moment_and_no_longer_at_the_last() -> None:
    assert FACTS.is_open(moscow(2026, 11, 27, 9))
    assert not FACTS.is_open(moscow(2026, 11, 27, 8, 59))
    assert not FACTS.is_open(moscow(2026, 11, 27, 20))


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ((2026, 12, 31, 10), (2027, 1, 11, 9)),
        ((2027, 2, 22, 10), (2027, 2, 24, 9)),
        ((2026, 5, 9, 10), (2026, 5, 12, 9)),
        ((2026, 11, 3, 21), (2026, 11, 5, 9)),
        ((2027, 2, 20, 9), (2027, 2, 20, 9)),
    ],
)
def test_holidays_and_moved_days_are_the_countrys(asked: tuple[int, ...], opens: tuple[int, ...]) -> None:
    assert FACTS.opens_at(moscow(*asked)) == moscow(*opens)


def test_a_saturday_that_is_worked_as_another_day_has_that_days_hours() -> None:
    week = {day: read_intervals("09:00-18:00") for day in range(5)} | {0: read_intervals("10:00-12:00")}
    assert Worktime("Europe/Moscow", week).hours_of(date(2027, 2, 20)) == week[0]


def test_a_day_of_its_own_comes_before_holidays() -> None:
    duty = Worktime("Europe/Moscow", FACTS.week, {date(2027, 1, 1): SPLIT, date(2026, 11, 30): ()})
    assert duty.opens_at(moscow(2027, 1, 1, 3)) == moscow(2027, 1, 1, 9)
    assert duty.opens_at(moscow(2026, 11, 28, 3)) == moscow(2026, 12, 1, 9)


def test_lunch_is_no_working_time() -> None:
    split = on_every_day(*SPLIT)
    assert split.after(moscow(2026, 11, 27, 12, 30), timedelta(hours=1)) == moscow(2026, 11, 27, 14, 30)
    assert split.between(moscow(2026, 11, 27, 0), moscow(2026, 11, 28, 0)) == timedelta(hours=8, minutes=30)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    fridays = Worktime("Europe/Moscow", {4: (NIGHT,)}, holidays=False)
    assert fridays.is_open(moscow(2026, 11, 28, 5, 59))
    assert not fridays.is_open(moscow(2026, 11, 27, 5))
    assert fridays.after(moscow(2026, 11, 27, 23), timedelta(hours=8)) == moscow(2026, 12, 4, 23)


def test_round_the_clock_has_no_seams() -> None:
    always = on_every_day(Interval(time(0), time(0)))
    begins = moscow(2026, 11, 27, 13, 17)
    assert always.after(begins, timedelta(days=9)) == begins + timedelta(days=9)


def test_nights_in_berlin_are_as_long_as_they_are_when_clocks_change() -> None:
    nights = on_every_day(NIGHT, zone="Europe/Berlin")
    spring, autumn = datetime(2027, 3, 27, 22, tzinfo=BERLIN), datetime(2026, 10, 24, 22, tzinfo=BERLIN)
    assert nights.between(spring, datetime(2027, 3, 28, 6, tzinfo=BERLIN)) == timedelta(hours=7)
    assert nights.between(autumn, datetime(2026, 10, 25, 6, tzinfo=BERLIN)) == timedelta(hours=9)


def test_an_hour_that_does_not_exist_is_not_worked() -> None:
    early = on_every_day(Interval(time(2, 30), time(3)), Interval(time(3), time(4)), zone="Europe/Berlin")
    jump = datetime(2027, 3, 28, 0, tzinfo=UTC)
    assert early.between(jump, jump + timedelta(hours=6)) == timedelta(hours=1)


def test_hours_without_any_are_never_open() -> None:
    for never in (Worktime("Europe/Moscow", {}), Worktime("Europe/Moscow", {1: ()}, {date(2026, 1, 1): SPLIT})):
        with pytest.raises(NeverOpen):
            never.opens_at(moscow(2026, 11, 27, 12))
        with pytest.raises(NeverOpen):
            never.after(moscow(2026, 11, 27, 12), timedelta(minutes=1))


@pytest.mark.parametrize(
    "text", ["9", "09:00", "25:00-26:00", "09:00-10:60", "09:00-10:00;11:00-12:00", "a:b-c:d", ","]
)
def test_what_is_no_interval_is_not_read(text: str) -> None:
    with pytest.raises(InvalidHours):
        read_intervals(text)


@pytest.mark.parametrize(
    "wrong",
    [
        Worktime("Mars/Phobos", FACTS.week),
        Worktime("Europe/Moscow", {7: SPLIT}),
        Worktime("Europe/Moscow", {0: read_intervals("09:00-13:00, 12:59-14:00")}),
        Worktime("Europe/Moscow", {0: (NIGHT,), 1: read_intervals("05:59-09:00")}),
        Worktime("Europe/Moscow", {6: (NIGHT,), 0: read_intervals("05:59-09:00")}),
        Worktime("Europe/Moscow", {}, {date(2026, 12, 1): (NIGHT,), date(2026, 12, 2): read_intervals("00:00-01:00")}),
        Worktime("Europe/Moscow", {0: tuple(Interval(time(hour), time(hour, 30)) for hour in range(7))}),
    ],
)
def test_hours_that_nobody_can_keep_are_refused(wrong: Worktime) -> None:
    with pytest.raises(InvalidHours):
        wrong.checked()


def test_hours_that_touch_are_fine() -> None:
    touching = Worktime("Europe/Moscow", {0: (NIGHT,), 1: read_intervals("06:00-12:00, 12:00-13:00")})
    assert touching.checked() is touching
    assert FACTS.checked() is FACTS


WALLS = st.times(time(0), time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
DAYS = st.lists(st.builds(Interval, WALLS, WALLS), max_size=3)
HOURS = st.builds(
    Worktime,
    st.sampled_from(["Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka", "America/St_Johns"]),
    st.dictionaries(st.integers(0, 6), DAYS, min_size=1),
    st.dictionaries(st.dates(date(2026, 10, 20), date(2027, 4, 5)), DAYS, max_size=5),
    st.booleans(),
)
MOMENTS = st.datetimes(datetime(2026, 10, 20), datetime(2027, 4, 5), timezones=st.just(UTC))


@given(HOURS, MOMENTS)
def test_spans_are_in_order_and_never_over_each_other(hours: Worktime, since: datetime) -> None:
    reached = None
    for begins, ends in hours.spans(since):
        assert begins < ends
        assert ends > since
        assert reached is None or begins >= reached
        reached = ends


@given(HOURS, MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(hours=60)))
def test_what_comes_after_so_much_work_lies_so_much_work_away(
    hours: Worktime, since: datetime, working: timedelta
) -> None:
    try:
        then = hours.after(since, working)
    except NeverOpen:
        return
    assert hours.between(since, then) == working
    assert hours.between(since, then - timedelta(seconds=1)) < working
    assert hours.between(then, since) == timedelta()


@given(HOURS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=9)))
def test_working_time_adds_up(hours: Worktime, since: datetime, first: timedelta, second: timedelta) -> None:
    middle, last = since + first, since + first + second
    assert hours.between(since, middle) + hours.between(middle, last) == hours.between(since, last)
    assert hours.between(since, last) <= first + second


@given(HOURS, MOMENTS)
def test_whenever_people_are_back_they_are_there(hours: Worktime, moment: datetime) -> None:
    try:
        back = hours.opens_at(moment)
    except NeverOpen:
        return
    assert hours.is_open(back)
    assert hours.is_open(moment) == (back == moment)
