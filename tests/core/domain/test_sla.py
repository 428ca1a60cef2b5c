"""Limits: working minutes for talks, hours of the clock for tickets, and how much of them is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.domain.ids import StaffId, TeamId
from core.domain.sla import InvalidLimits, Limits, Work, due
from core.domain.worktime import FACTS

TALK, TICKET = Work.CONVERSATION, Work.TICKET
FRIDAY = datetime(2026, 11, 27, 19, 50, tzinfo=ZoneInfo("Europe/Moscow"))
MONDAY = FRIDAY + timedelta(days=3)
LIMITS = Limits()


def test_a_talk_is_answered_within_working_minutes_and_a_ticket_within_a_day() -> None:
    assert (
        LIMITS.due(TALK, FACTS, FRIDAY)
        == due(FACTS, FRIDAY, timedelta(minutes=30))
        == MONDAY.replace(hour=9, minute=20)
    )
    assert LIMITS.due(TICKET, FACTS, FRIDAY) == FRIDAY + timedelta(days=1)
    working = replace(LIMITS, ticket=timedelta(hours=1), working_tickets=True)
    assert working.due(TICKET, FACTS, FRIDAY) == MONDAY.replace(hour=9, minute=50)


def test_over_the_weekend_nothing_of_a_talks_limit_is_used_up() -> None:
    until = LIMITS.due(TALK, FACTS, FRIDAY)
    assert LIMITS.used(TALK, FACTS, FRIDAY, FRIDAY + timedelta(days=1), until) == 33
    assert LIMITS.left(TALK, FACTS, FRIDAY + timedelta(days=1), until) == timedelta(minutes=20)
    assert LIMITS.used(TALK, FACTS, FRIDAY, MONDAY, until) == 100
    assert LIMITS.left(TALK, FACTS, until + timedelta(minutes=7), until) == -timedelta(minutes=7)
    assert LIMITS.used(TICKET, FACTS, FRIDAY, FRIDAY + timedelta(hours=12), FRIDAY + timedelta(days=1)) == 50


def test_a_clock_that_stood_still_goes_on_with_what_was_left() -> None:
    assert LIMITS.resumed(TICKET, FACTS, MONDAY, 3600) == MONDAY + timedelta(hours=1)
    assert LIMITS.resumed(TALK, FACTS, FRIDAY, 1200) == MONDAY.replace(hour=9, minute=10)
    assert LIMITS.resumed(TICKET, FACTS, MONDAY, -5) == MONDAY


def test_a_promise_is_renewed_before_it_is_broken_and_a_short_one_not_at_once() -> None:
    assert LIMITS.renews_at(TALK, MONDAY) == MONDAY - timedelta(minutes=5)
    assert LIMITS.renews_at(TICKET, MONDAY) == MONDAY - timedelta(hours=1)
    assert replace(LIMITS, conversation=timedelta(minutes=6)).renews_at(TALK, MONDAY) == MONDAY - timedelta(minutes=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"conversation": timedelta(seconds=59)},
        {"ticket": timedelta(days=31)},
        {"warn_at": (80, 50)},
        {"warn_at": (50, 50)},
        {"warn_at": (0,)},
        {"warn_at": (100,)},
        {"warn_at": (1, 2, 3, 4, 5, 6)},
        {"staff": StaffId(UUID(int=1)), "team": TeamId(UUID(int=2))},
    ],
)
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidLimits):
        replace(LIMITS, **wrong).checked()  # type: ignore[arg-type]
    assert LIMITS.checked() is LIMITS
