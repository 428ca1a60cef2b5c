"""The rules of papers: ways a paper can go, periods, numbers that can be read out, words of one's own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.account import Account, PortalPerson, Verification
from core.domain.extract import (
    MADE,
    MOVES,
    UNDER_WAY,
    Aim,
    BadPeriod,
    Extract,
    ExtractKind,
    ExtractState,
    Order,
    Span,
    WordsTooLong,
    WordsWanted,
    checked_days,
    checked_words,
    fresh_number,
    fresh_token,
    movable,
    steps_of,
)
from core.domain.ids import AccountId, ExtractId, new_id

NOW = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
TODAY = date(2026, 11, 24)
"""In Moscow it is past midnight already."""


def test_every_state_can_be_reached_and_left_only_by_its_table() -> None:
    assert set(MOVES) == set(ExtractState)
    reached = {to for ways in MOVES.values() for to in ways}
    assert reached == set(ExtractState) - {ExtractState.ASKED}
    ends = {state for state, ways in MOVES.items() if not ways}
    assert ends == {ExtractState.REFUSED, ExtractState.FAILED, ExtractState.DROPPED, ExtractState.WITHDRAWN}
    assert not ends & UNDER_WAY
    assert ExtractState.WAITING not in MADE


@pytest.mark.parametrize("state", ExtractState)
def test_movable_is_the_table_read_backwards(state: ExtractState) -> None:
    assert movable(state) == [each.value for each in ExtractState if state in MOVES[each]]


def test_what_is_made_came_from_the_making_and_from_nowhere_else() -> None:
    assert movable(ExtractState.READY) == ["drafting", "restoring"]
    assert movable(ExtractState.DRAFTING) == ["ordered"]
    assert movable(ExtractState.REFUSED) == ["waiting"]


@given(first=st.dates(), last=st.dates())
def test_days_are_a_period_that_has_been_or_no_period(first: date, last: date) -> None:
    try:
        since, until = checked_days(first, last, TODAY)
    except BadPeriod:
        assert max(first, last) > TODAY or min(first, last) < date(1900, 1, 1)
    else:
        assert date(1900, 1, 1) <= since <= until <= TODAY
        assert {since, until} == {first, last}


def test_a_period_is_whole_days_in_moscow() -> None:
    extract = an_extract(Order(Span.OWN, date(2026, 11, 1), date(2026, 11, 23)))
    assert extract.period.since == datetime(2026, 10, 31, 21, tzinfo=UTC)
    assert extract.period.until == datetime(2026, 11, 23, 21, tzinfo=UTC)
    month = an_extract(Order(Span.MONTH)).period
    assert month.until == datetime(2026, 11, 24, 21, tzinfo=UTC)
    assert an_extract(Order(Span.ALL)).period.since is None


def test_an_order_is_complete_once_everything_is_chosen() -> None:
    whole = Order(Span.ALL, aim=Aim.WORK)
    assert whole.complete
    assert not Order(aim=Aim.WORK).complete
    assert not Order(Span.ALL).complete
    assert not Order(Span.OWN, date(2026, 1, 1), None, Aim.WORK).complete
    assert not Order(Span.ALL, aim=Aim.OTHER).complete
    assert Order(Span.ALL, aim=Aim.OTHER, words="Для бассейна").complete


def test_numbers_can_be_read_out_and_cannot_be_counted_up() -> None:
    numbers = {fresh_number(NOW) for _ in range(500)}
    assert len(numbers) == 500
    for number in numbers:
        month, *groups = number.split("-")
        assert month == "2611"
        assert all(len(group) == 4 and not set(group) & set("01") for group in groups)
    assert len({fresh_token() for _ in range(100)}) == 100
    assert len(fresh_token()) == 22


@given(text=st.text(max_size=300))
def test_own_words_are_kept_in_bounds_or_refused(text: str) -> None:
    try:
        words = checked_words(text, 200)
    except (WordsWanted, WordsTooLong):
        return
    assert 3 <= len(words) <= 200
    assert "\0" not in words
    assert words == "\n".join(line.strip() for line in words.splitlines() if line.strip())


def test_nothing_of_a_paper_is_shown_by_accident() -> None:
    extract = an_extract(Order(Span.ALL, aim=Aim.OTHER, words="Для бассейна"))
    for hidden in ("бассейна", "tokenoftokenoftoken", "Здоров", "Петрова"):
        assert hidden not in repr(extract)
    known = PortalPerson("anna", "PR", "Ильина", "Анна")
    assert "Ильина" not in repr(Account(extract.account, Verification.VERIFIED, known, None, None, 1))


def an_extract(order: Order) -> Extract:
    return Extract(
        ExtractId(new_id(NOW)),
        AccountId(new_id(NOW)),
        ExtractKind.HISTORY,
        ExtractState.ORDERED,
        NOW - timedelta(days=1),
        token="tokenoftokenoftoken",
        order=order,
        conclusion="Здоров",
        doctor_name="Петрова",
        ordered_at=NOW,
    )


@pytest.mark.parametrize(
    ("kind", "state", "signed", "told"),
    [
        (ExtractKind.HISTORY, ExtractState.ORDERED, False, "done ahead"),
        (ExtractKind.VACCINATIONS, ExtractState.DRAFTING, False, "done now"),
        (ExtractKind.HEALTH, ExtractState.ORDERED, False, "done ahead ahead ahead"),
        (ExtractKind.HEALTH, ExtractState.DRAFTING, False, "done now ahead ahead"),
        (ExtractKind.HEALTH, ExtractState.WAITING, False, "done done now ahead"),
        (ExtractKind.HEALTH, ExtractState.ORDERED, True, "done done done ahead"),
        (ExtractKind.HEALTH, ExtractState.DRAFTING, True, "done done done now"),
    ],
)
def test_the_steps_of_a_paper_go_on_in_their_order(
    kind: ExtractKind, state: ExtractState, signed: bool, told: str
) -> None:
    assert " ".join(progress for _, progress in steps_of(kind, state, signed=signed)) == told
