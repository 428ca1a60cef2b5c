"""The audit chain: whatever is done to its lines or checkpoints is found, and the finding says where."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.security.chain import (
    GENESIS,
    AuditCheck,
    AuditEntry,
    ChainLine,
    Checkpoint,
    Fault,
    Finding,
    link,
    sign_checkpoint,
    verify_lines,
)
from core.security.keyring import KeyRing

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def entry(chain: int, seq: int, what: str = "card.viewed") -> AuditEntry:
    at = NOW + timedelta(seconds=seq)
    return AuditEntry(chain, seq, at, "citizen:1", what, "account:1", {"section": "results", "why": "сам"}, "bot")


def linked(entries: Sequence[AuditEntry], previous: bytes = GENESIS) -> list[ChainLine]:
    lines = []
    for one in entries:
        lines.append(ChainLine(one, previous, link(previous, one)))
        previous = lines[-1].hash
    return lines


def chain(length: int, name: int = 0) -> list[ChainLine]:
    return linked([entry(name, seq) for seq in range(1, length + 1)])


def heads(*chains: Sequence[ChainLine]) -> dict[int, tuple[int, bytes]]:
    return {lines[-1].entry.chain: (lines[-1].entry.seq, lines[-1].hash) for lines in chains if lines}


def signed(keyring: KeyRing, lines: Sequence[ChainLine], every: int = 3) -> list[Checkpoint]:
    """A checkpoint after every few lines, and one at the end."""
    checkpoints: list[Checkpoint] = []
    for end in sorted({*range(every, len(lines) + 1, every), len(lines)}):
        previous = checkpoints[-1] if checkpoints else None
        checkpoints.append(sign_checkpoint(NOW, heads(lines[:end]), previous, keyring.sign))
    return checkpoints


def names(findings: Sequence[Finding], seq: int) -> bool:
    return any(finding.chain == 0 and finding.seq <= seq <= finding.last for finding in findings)


def test_an_untouched_journal_of_several_chains_is_sound(keyring: KeyRing) -> None:
    chains = [chain(length, name) for name, length in enumerate([7, 0, 1, 30])]
    first = sign_checkpoint(NOW, heads(*(lines[:1] for lines in chains)), None, keyring.sign)
    second = sign_checkpoint(NOW, heads(*chains), first, keyring.sign)
    lines = [line for lines in chains for line in lines]
    interleaved = sorted(lines, key=lambda line: line.entry.seq)
    for order in (lines, interleaved):
        assert verify_lines(order, [first, second], keyring.audit_key, [first, second]) == []


def test_lines_after_the_last_checkpoint_are_checked_too(keyring: KeyRing) -> None:
    lines = chain(6)
    checkpoints = [sign_checkpoint(NOW, heads(lines[:3]), None, keyring.sign)]
    assert verify_lines(lines, checkpoints, keyring.audit_key) == []
    lines[4] = replace(lines[4], entry=entry(0, 5, "card.created"))
    assert verify_lines(lines, checkpoints, keyring.audit_key) == [Finding(0, 5, Fault.CHANGED, 5)]


CHANGES = st.sampled_from([
    {"operation": "card.created"}, {"actor": "staff:9"}, {"subject": "account:2"}, {"details": {}}, {"channel": "desk"},
    {"at": NOW - timedelta(days=1)}, {"chain": 1}, {"details": {"section": "results", "why": "сам "}},
])  # fmt: skip


@given(length=st.integers(1, 20), spot=st.integers(0), change=CHANGES)
def test_a_changed_line_is_found_and_named_alone(
    keyring: KeyRing, length: int, spot: int, change: dict[str, object]
) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    at = spot % length
    changed = replace(lines[at].entry, **change)
    lines[at] = replace(lines[at], entry=changed)
    findings = verify_lines(lines, checkpoints, keyring.audit_key)
    if changed.chain == 0:
        assert findings == [Finding(0, at + 1, Fault.CHANGED, at + 1)]
    else:
        assert names(findings, at + 1)


@given(length=st.integers(1, 20), spot=st.integers(0), column=st.sampled_from(["hash", "previous"]))
def test_a_changed_hash_is_found(keyring: KeyRing, length: int, spot: int, column: str) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    at = spot % length
    lines[at] = replace(lines[at], **{column: bytes(range(32))})
    assert names(verify_lines(lines, checkpoints, keyring.audit_key), at + 1)


@given(length=st.integers(1, 20), spot=st.integers(0))
def test_a_line_changed_together_with_its_hash_is_found(keyring: KeyRing, length: int, spot: int) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    at = spot % length
    lines[at : at + 1] = linked([entry(0, at + 1, "card.created")], lines[at].previous)
    assert names(verify_lines(lines, checkpoints, keyring.audit_key), at + 1)


@given(length=st.integers(1, 20), spot=st.integers(0))
def test_a_tail_rewritten_with_all_its_hashes_is_found(keyring: KeyRing, length: int, spot: int) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    at = spot % length
    forged = [entry(0, at + 1, "card.created"), *(line.entry for line in lines[at + 1 :])]
    findings = verify_lines([*lines[:at], *linked(forged, lines[at].previous)], checkpoints, keyring.audit_key)
    assert findings[0].what is Fault.REWRITTEN
    assert names(findings, at + 1)
    # No earlier than the checkpoint before the first forged line.
    assert findings[0].seq > at - at % 3


@given(length=st.integers(1, 20), spot=st.integers(0), count=st.integers(1, 5))
def test_removed_lines_are_named(keyring: KeyRing, length: int, spot: int, count: int) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    start = spot % length
    gone = [line.entry.seq for line in lines[start : start + count]]
    del lines[start : start + count]
    what = Fault.REMOVED if len(lines) > start else Fault.CUT_OFF
    assert verify_lines(lines, checkpoints, keyring.audit_key) == [Finding(0, gone[0], what, gone[-1])]


@given(length=st.integers(2, 20), data=st.data())
def test_swapped_lines_are_named(keyring: KeyRing, length: int, data: st.DataObject) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    first, second = sorted(data.draw(st.lists(st.integers(0, length - 1), min_size=2, max_size=2, unique=True)))
    lines[first], lines[second] = lines[second], lines[first]
    findings = verify_lines(lines, checkpoints, keyring.audit_key)
    assert names(findings, first + 1)
    # The same done by exchanging the contents of two rows.
    lines = chain(length)
    one, two = lines[first], lines[second]
    lines[first] = replace(two, entry=replace(two.entry, seq=first + 1))
    lines[second] = replace(one, entry=replace(one.entry, seq=second + 1))
    findings = verify_lines(lines, checkpoints, keyring.audit_key)
    assert names(findings, first + 1)
    assert names(findings, second + 1)


@given(length=st.integers(1, 20), spot=st.integers(0), relink=st.booleans(), shift=st.booleans())
def test_an_inserted_line_is_named(keyring: KeyRing, length: int, spot: int, relink: bool, shift: bool) -> None:
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    at = spot % length
    extra = linked([entry(0, at + 1, "consent.given")], lines[at].previous)
    after = [line.entry for line in lines[at:]]
    if shift:
        after = [replace(one, seq=one.seq + 1) for one in after]
    tail = (
        linked(after, extra[0].hash)
        if relink
        else [replace(line, entry=one) for line, one in zip(lines[at:], after, strict=True)]
    )
    assert names(verify_lines([*lines[:at], *extra, *tail], checkpoints, keyring.audit_key), at + 1)


@given(length=st.integers(1, 20), kept=st.integers(0, 19))
def test_a_cut_tail_is_found_even_when_the_journal_grew_again(keyring: KeyRing, length: int, kept: int) -> None:
    kept = min(kept, length - 1)
    lines = chain(length)
    checkpoints = signed(keyring, lines)
    short = lines[:kept]
    assert verify_lines(short, checkpoints, keyring.audit_key) == [Finding(0, kept + 1, Fault.CUT_OFF, length)]
    # The product writes on, unaware, and signs what it finds.
    previous = short[-1].hash if short else GENESIS
    grown = short + linked([entry(0, seq, "card.created") for seq in range(kept + 1, length + 4)], previous)
    checkpoints.append(sign_checkpoint(NOW, heads(grown), checkpoints[-1], keyring.sign))
    assert names(verify_lines(grown, checkpoints, keyring.audit_key), kept + 1)


def test_a_whole_chain_gone_is_found(keyring: KeyRing) -> None:
    first, second = chain(4, 0), chain(5, 1)
    checkpoints = [sign_checkpoint(NOW, heads(first, second), None, keyring.sign)]
    assert verify_lines(first, checkpoints, keyring.audit_key) == [Finding(1, 1, Fault.CUT_OFF, 5)]


def test_lines_and_checkpoints_cut_together_are_found_by_the_copy_outside(keyring: KeyRing) -> None:
    lines = chain(9)
    checkpoints = signed(keyring, lines)
    assert verify_lines(lines[:3], checkpoints[:1], keyring.audit_key) == []
    findings = verify_lines(lines[:3], checkpoints[:1], keyring.audit_key, checkpoints)
    assert Finding(0, 4, Fault.CUT_OFF, 9) in findings
    assert Finding(None, 2, Fault.ONE_COPY, 2) in findings


def test_a_stop_between_the_two_copies_of_a_checkpoint_is_no_finding(keyring: KeyRing) -> None:
    lines = chain(9)
    checkpoints = signed(keyring, lines)
    assert verify_lines(lines, checkpoints, keyring.audit_key, checkpoints[:-1]) == []
    assert verify_lines(lines, checkpoints[:-1], keyring.audit_key, checkpoints) == []
    assert verify_lines(lines, checkpoints, keyring.audit_key, checkpoints[1:]) == []


def test_a_copy_outside_that_lost_checkpoints_is_told(keyring: KeyRing) -> None:
    lines = chain(12)
    points = signed(keyring, lines)
    assert verify_lines(lines, points, keyring.audit_key, points[:1]) == [Finding(None, 1, Fault.ONE_COPY, 3)]
    holed = [points[0], *points[2:]]
    assert verify_lines(lines, points, keyring.audit_key, holed) == [Finding(None, 1, Fault.ONE_COPY, 1)]


@given(spot=st.integers(0, 3), what=st.sampled_from(["change", "remove", "swap", "another key"]))
def test_whatever_is_done_to_a_checkpoint_is_found(keyring: KeyRing, spot: int, what: str) -> None:
    lines = chain(12)
    checkpoints = signed(keyring, lines)
    touched = list(checkpoints)
    if what == "change":
        touched[spot] = replace(touched[spot], heads={0: (1, lines[0].hash)})
    elif what == "another key":
        touched[spot] = replace(touched[spot], signature=bytes(64))
    elif what == "swap":
        touched[spot], touched[spot - 1] = touched[spot - 1], touched[spot]
    else:
        del touched[spot]
    findings = verify_lines(lines, touched, keyring.audit_key, [] if spot < 3 or what != "remove" else checkpoints)
    last_removed = what == "remove" and spot == 3
    assert findings or last_removed
    assert all(finding.chain is None for finding in findings)


def test_two_honest_signatures_over_different_pasts_are_told_apart(keyring: KeyRing) -> None:
    lines, other = chain(3), linked([entry(0, seq, "card.created") for seq in range(1, 4)])
    here, there = (sign_checkpoint(NOW, heads(one), None, keyring.sign) for one in (lines, other))
    findings = verify_lines(lines, [here], keyring.audit_key, [there])
    assert Finding(None, 0, Fault.COPIES_DIFFER, 0) in findings
    assert names(findings, 3)


def test_a_checkpoint_put_in_place_of_another_does_not_fit_the_next(keyring: KeyRing) -> None:
    lines = chain(4)
    first, second = signed(keyring, lines)
    earlier = sign_checkpoint(NOW, heads(lines[:1]), None, keyring.sign)
    assert verify_lines(lines, [earlier, second], keyring.audit_key) == [Finding(None, 1, Fault.UNLINKED, 1)]
    assert verify_lines(lines, [first, second], keyring.audit_key) == []


def test_a_long_journal_can_be_checked_by_parts(keyring: KeyRing) -> None:
    first, second = chain(4, 0), chain(5, 1)
    point = sign_checkpoint(NOW, heads(first, second), None, keyring.sign)
    check = AuditCheck(keyring.audit_key, chains={0})
    assert check.stored(point) == []
    assert [found for line in first for found in check.line(line)] == []
    assert check.finish() == []


def test_a_finding_reads_as_a_sentence() -> None:
    assert str(Finding(3, 5, Fault.REMOVED, 7)) == "chain 3, line 5 to 7: removed"
    assert str(Finding(None, 2, Fault.FORGED, 2)) == "checkpoint 2: signature is wrong"


@settings(max_examples=30)
@given(length=st.integers(1, 8))
def test_a_checkpoint_survives_the_file_outside(keyring: KeyRing, length: int) -> None:
    point = signed(keyring, chain(length))[-1]
    again = Checkpoint.loads(point.dumps())
    assert again == point
    assert again.is_signed_by(keyring.audit_key)
    assert "\n" not in point.dumps()


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"checkpoint": {}, "signature": ""}', "не то"])
def test_a_line_that_is_no_checkpoint_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a line of a checkpoint"):
        Checkpoint.loads(line)
