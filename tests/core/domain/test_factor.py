"""Rules of the second factor: locks grow to an hour, a session slides and never lasts longer than eight, codes off paper."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.domain.factor import (
    LONGEST,
    SPANS,
    Factor,
    FactorKind,
    Unlock,
    recovery,
)
from core.domain.ids import AccountId, ChatId, new_id
from core.domain.lockout import LOCK, LONGEST_LOCK, TRIES, lock_after

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNT = AccountId(new_id(NOW))
looks = st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=2)), max_size=60)


@given(st.integers(0, 1000))
def test_every_fifth_wrong_code_locks_no_shorter_than_the_one_before_and_an_hour_at_most(failures: int) -> None:
    until = lock_after(failures, NOW)
    assert (until is not None) == (failures > 0 and failures % TRIES == 0)
    if until is not None:
        assert LOCK <= until - NOW <= LONGEST_LOCK
        before = lock_after(failures - TRIES, NOW)
        assert before is None or before <= until


@given(st.integers(0, 200))
def test_tries_left_lead_to_the_next_lock(failures: int) -> None:
    factor = Factor(ACCOUNT, FactorKind.TOTP, failures=failures)
    assert 1 <= factor.left <= TRIES
    assert lock_after(failures + factor.left, NOW) is not None
    assert all(lock_after(failures + more, NOW) is None for more in range(1, factor.left))


@given(looks, st.sampled_from(SPANS))
def test_a_session_is_open_only_while_each_look_follows_the_last_within_its_span(
    pauses: list[timedelta], span: timedelta
) -> None:
    unlock = Unlock(ACCOUNT, ChatId(1), NOW, NOW + span, span)
    now = NOW
    for pause in pauses:
        now += pause
        expected = pause < span and now < NOW + LONGEST
        assert unlock.open_at(now) == expected
        if not expected:
            break
        unlock = Unlock(ACCOUNT, ChatId(1), NOW, unlock.slid(now), span)
        assert now < unlock.until <= NOW + LONGEST


@given(looks)
def test_what_is_set_up_can_be_changed_only_soon_after_the_code(pauses: list[timedelta]) -> None:
    later = NOW + sum(pauses, timedelta(0))
    unlock = Unlock(ACCOUNT, ChatId(1), NOW, later + timedelta(minutes=1))
    assert unlock.fresh_at(later) == (later - NOW < timedelta(minutes=10))


@given(st.text(recovery.ALPHABET, min_size=10, max_size=10), st.data())
def test_a_recovery_code_is_read_however_a_person_writes_it(bare: str, data: st.DataObject) -> None:
    twins = {"0": "0OoОо", "1": "1IiLl", "A": "AaАа", "B": "BbВв", "E": "EeЕе", "K": "KkКк", "M": "MmМм", "H": "HhНн",
             "P": "PpРр", "C": "CcСс", "T": "TtТт", "X": "XxХх", "Y": "YyУу"}  # fmt: skip
    spelled = "".join(data.draw(st.sampled_from(twins.get(each, each + each.lower()))) for each in bare)
    gap = data.draw(st.sampled_from(["", "-", " ", " - ", "\u2013", "\u00a0"]))
    assert recovery.canonical(f" {spelled[:5]}{gap}{spelled[5:]}\n") == bare


@given(st.text(max_size=60))
def test_nothing_else_is_taken_for_a_recovery_code(typed: str) -> None:
    found = recovery.canonical(typed)
    assert found is None or (len(found) == 10 and set(found) <= set(recovery.ALPHABET))


def test_six_digits_are_never_a_recovery_code() -> None:
    assert recovery.canonical("123456") is None
    assert recovery.canonical("9" * 5000) is None


def test_recovery_codes_are_not_drawn_twice() -> None:
    assert len({recovery.fresh() for _ in range(1000)}) == 1000
