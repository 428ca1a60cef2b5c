"""Lines of the audit chain: one content, one text, one chain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.security.chain import AuditEntry, chain_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_hashed_bytes_do_not_depend_on_order_or_zone() -> None:
    one = AuditEntry(0, 1, NOW, "citizen:1", "card.viewed", "account:1", {"section": "results", "why": "сам"}, "bot")
    moscow = timezone(timedelta(hours=3))
    same = replace(one, at=one.at.astimezone(moscow), details=dict(reversed(one.details.items())))
    assert same.canonical() == one.canonical()
    assert b'"at":"2026-11-23T12:00:00.000000+00:00"' in one.canonical()
    with pytest.raises(ValueError, match="time zone"):
        replace(one, at=one.at.replace(tzinfo=None)).canonical()


@given(st.text(max_size=40))
def test_a_subject_always_belongs_to_the_same_chain(subject: str) -> None:
    assert 0 <= chain_of(subject, 64) < 64
    assert chain_of(subject, 64) == chain_of(subject, 64)
    assert chain_of(subject, 1) == 0
