"""Versions of a resource: which one stands; and ids that are the same for the same one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import AccountId, ClinicId
from core.domain.resource import Arrived, Key, Outcome, Stamp, outcome_of, record_id

CLINIC, OTHER_CLINIC = ClinicId(UUID(int=1)), ClinicId(UUID(int=2))
ANNA, BORIS = AccountId(UUID(int=3)), AccountId(UUID(int=4))
KEY = Key("Observation", "o1")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stamp(version: str = "", updated: datetime | None = None, digest: str = "a") -> Stamp:
    return Stamp(version, updated, digest)


def arrived(new: Stamp, *, removed: bool = False) -> Arrived:
    return Arrived(KEY, "Observation", new, {}, b"", {}, removed)


@pytest.mark.parametrize(
    ("kept", "new", "outcome"),
    [
        (stamp(), stamp(), Outcome.UNCHANGED),
        (stamp(), stamp(digest="b"), Outcome.UPDATED),
        (stamp("1"), stamp("2", digest="b"), Outcome.UPDATED),
        (stamp("10"), stamp("9", digest="b"), Outcome.STALE),
        (stamp("2"), stamp("2", digest="b"), Outcome.UNCHANGED),
        (stamp("v1"), stamp("v1", digest="b"), Outcome.UNCHANGED),
        (stamp("v1"), stamp("v2", digest="b"), Outcome.UPDATED),
        (stamp("v2", NOON), stamp("v1", NOON - timedelta(hours=1), "b"), Outcome.STALE),
        (stamp("", NOON), stamp("", NOON - timedelta(seconds=1), "b"), Outcome.STALE),
        (stamp("", NOON), stamp("", NOON + timedelta(seconds=1), "b"), Outcome.UPDATED),
        (stamp("", NOON), stamp("", NOON, "b"), Outcome.UPDATED),
        (stamp("2", NOON), stamp("3", NOON - timedelta(days=1), "b"), Outcome.UPDATED),
        (stamp("", NOON), stamp(digest="b"), Outcome.UPDATED),
    ],
)
def test_the_newer_version_stands(kept: Stamp, new: Stamp, outcome: Outcome) -> None:
    assert outcome_of(arrived(new), kept) is outcome


def test_what_was_entered_in_error_is_taken_back_once_and_may_come_again() -> None:
    assert outcome_of(arrived(stamp(digest="b"), removed=True), stamp()) is Outcome.REMOVED
    assert outcome_of(arrived(stamp("1", digest="b"), removed=True), stamp("2")) is Outcome.STALE
    assert outcome_of(arrived(stamp(), removed=True), stamp(), was_removed=True) is Outcome.UNCHANGED
    assert outcome_of(arrived(stamp(digest="b")), stamp(), was_removed=True) is Outcome.CREATED


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_whatever_the_order_in_which_versions_come_the_highest_stands(versions: list[int]) -> None:
    kept: Stamp | None = None
    for version in versions:
        new = stamp(str(version), digest=str(version))
        if outcome_of(arrived(new), kept).changes:
            kept = new
    assert kept == stamp(str(max(versions)), digest=str(max(versions)))


def test_an_id_is_the_same_for_the_same_resource_and_another_for_every_other() -> None:
    one = record_id(CLINIC, ANNA, KEY)
    assert one == record_id(CLINIC, ANNA, Key("Observation", "o1"))
    others = {
        record_id(OTHER_CLINIC, ANNA, KEY),
        record_id(CLINIC, BORIS, KEY),
        record_id(CLINIC, None, KEY),
        record_id(CLINIC, ANNA, Key("Observation", "o2")),
        record_id(CLINIC, ANNA, Key("Condition", "o1")),
    }
    assert len(others | {one}) == 6
    assert (one.version, one.variant) == (8, "specified in RFC 4122")


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_what_belongs_to_one_person_lies_together(first: str, second: str) -> None:
    ids = [record_id(CLINIC, ANNA, Key("Observation", each)) for each in (first, second)]
    assert ids[0].int >> 80 == ids[1].int >> 80
    assert (ids[0] == ids[1]) == (first == second)
