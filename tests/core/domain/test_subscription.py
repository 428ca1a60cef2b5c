"""What may be told when: by topic, by channel, outside of quiet hours, in every zone and through every change of clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from core.domain.ids import AccountId, ChatId, NotificationId, new_id
from core.domain.notification import Channel, Lane, Notification, Topic
from core.domain.region import REGIONS
from core.domain.subscription import NIGHT, NOWHERE, InvalidQuietHours, QuietHours, Subscription, may_go_at

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, 21, tzinfo=UTC)
"""By the clock of Moscow both."""
ANNA = AccountId(new_id(NOON))
DEFAULT = Subscription(ANNA)

moments = some.datetimes(datetime(1995, 1, 1), datetime(2037, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))
times = some.times().map(lambda each: each.replace(second=0, microsecond=0))
quiet_hours = some.tuples(times, times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))
ZONES = sorted({region.zone for region in REGIONS.values()} | {"Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"})


def push(topic: Topic | None = Topic.CARD, **other: object) -> Notification:
    return Notification(
        id=NotificationId(new_id(NOON)),
        channel=other.pop("channel", Channel.TELEGRAM),
        lane=Lane.NOTICE,
        key="card.created_later",
        language="ru",
        due_at=NOON,
        account=ANNA,
        topic=topic,
        **other,
    )


def test_until_a_person_chooses_everything_comes_to_the_chat_and_card_results_and_requests_by_mail_too():
    assert all(may_go_at(push(topic), DEFAULT, NOON) == NOON for topic in Topic)
    by_mail = {topic for topic in Topic if may_go_at(push(topic, channel=Channel.MAIL), DEFAULT, NOON)}
    assert by_mail == {Topic.CARD, Topic.RESULTS, Topic.TICKETS}


def test_until_a_person_chooses_nights_are_quiet_by_the_clock_of_moscow_or_their_region():
    assert may_go_at(push(), DEFAULT, MIDNIGHT) == datetime(2026, 11, 24, 5, tzinfo=UTC)
    in_kamchatka = replace(DEFAULT, region="41")
    assert may_go_at(push(), in_kamchatka, MIDNIGHT) == MIDNIGHT
    assert may_go_at(push(), in_kamchatka, NOON + timedelta(hours=3)) == datetime(2026, 11, 23, 20, tzinfo=UTC)


def test_what_is_urgent_passes_quiet_hours_and_what_concerns_safety_passes_everything():
    assert may_go_at(push(urgent=True), DEFAULT, MIDNIGHT) == MIDNIGHT
    stopped = replace(DEFAULT, stopped=True)
    assert may_go_at(push(None), stopped, MIDNIGHT) == MIDNIGHT
    assert may_go_at(push(urgent=True), stopped, NOON) is None
    assert may_go_at(push(), stopped, NOON) is None


def test_a_topic_that_was_turned_off_is_not_told_and_the_others_are():
    chosen = DEFAULT.chosen(Topic.NEWS, Channel.TELEGRAM, wanted=False)
    assert may_go_at(push(Topic.NEWS), chosen, NOON) is None
    assert may_go_at(push(Topic.CARD), chosen, NOON) == NOON
    again = chosen.chosen(Topic.NEWS, Channel.TELEGRAM, wanted=True)
    assert may_go_at(push(Topic.NEWS), again, NOON) == NOON


def test_an_sms_is_for_urgent_things_alone():
    chosen = DEFAULT.chosen(Topic.APPOINTMENTS, Channel.SMS, wanted=True)
    sms = push(Topic.APPOINTMENTS, channel=Channel.SMS)
    assert may_go_at(sms, chosen, NOON) is None
    assert may_go_at(replace(sms, urgent=True), chosen, MIDNIGHT) == MIDNIGHT


def test_a_chat_that_speaks_for_the_account_no_more_is_told_nothing_but_what_concerns_safety():
    here, there = ChatId(1), ChatId(2)
    assert may_go_at(push(chat=here), replace(DEFAULT, chat=here), NOON) == NOON
    assert may_go_at(push(chat=here), replace(DEFAULT, chat=there), NOON) is None
    assert may_go_at(push(chat=here), replace(DEFAULT, chat=NOWHERE), NOON) is None
    assert may_go_at(push(None, chat=here), replace(DEFAULT, chat=there), NOON) == NOON


def test_without_quiet_hours_everything_goes_at_once():
    assert may_go_at(push(), replace(DEFAULT, quiet=None), MIDNIGHT) == MIDNIGHT


@given(some.sampled_from(ZONES), quiet_hours, moments)
@example("Europe/Berlin", QuietHours(time(1), time(2, 30)), datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
@example("Europe/Berlin", QuietHours(time(1), time(2, 30)), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example("Europe/Moscow", NIGHT, datetime(2014, 10, 25, 21, tzinfo=UTC))
@example("Pacific/Apia", NIGHT, datetime(2011, 12, 30, 9, tzinfo=UTC))
def test_quiet_hours_hold_until_they_end_and_no_longer(zone, quiet, now):
    until = quiet.until(now, zone)
    local = now.astimezone(ZoneInfo(zone)).time()
    assert now <= until <= now + timedelta(hours=49)
    assert (local in quiet) or until == now
    if until > now:
        assert until.astimezone(ZoneInfo(zone)).time() not in quiet
        assert quiet.until(until, zone) == until
        before = (until - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).time()
        assert before in quiet


@given(some.sampled_from(sorted(REGIONS)), moments, some.integers(0, 23))
@example("77", datetime(2011, 3, 26, 22, 30, tzinfo=UTC), 2)
def test_a_digest_comes_at_its_hour_within_a_day(region, now, hour):
    chosen = replace(DEFAULT, region=region, digest=hour)
    comes = chosen.next_digest(now)
    assert now < comes <= now + timedelta(hours=49)
    shown = comes.astimezone(ZoneInfo(chosen.zone))
    just_before = (comes - timedelta(seconds=1)).astimezone(ZoneInfo(chosen.zone))
    assert shown.hour == hour or just_before.hour < hour < shown.hour


def test_whoever_asked_for_no_digest_is_told_at_once():
    assert DEFAULT.next_digest(NOON) == NOON


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("22:00–8:00", time(22), time(8)),
        ("с 22 до 7.30", time(22), time(7, 30)),
        ("23-7", time(23), time(7)),
        ("22 8", time(22), time(8)),
        ("2230 0615", time(22, 30), time(6, 15)),
        ("с 24 до 6 утра", time(0), time(6)),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(typed, start, end):
    assert QuietHours.parse(typed) == QuietHours(start, end)


@pytest.mark.parametrize(
    "typed", ["", "ночью", "22", "22-22", "0-24", "25-8", "22:70-8", "1 2 3", "24:30-8", "9" * 400]
)
def test_what_is_not_two_different_times_is_refused(typed):
    with pytest.raises(InvalidQuietHours):
        QuietHours.parse(typed)


def test_a_night_begins_one_day_and_ends_the_next():
    assert all(each in NIGHT for each in (time(22), time(23, 59), time(0), time(7, 59)))
    assert not any(each in NIGHT for each in (time(8), time(12), time(21, 59)))
    assert NIGHT.until(datetime(2026, 12, 31, 20, tzinfo=UTC), "Europe/Moscow").astimezone(
        ZoneInfo("Europe/Moscow")
    ).date() == date(2027, 1, 1)
