"""Who did what: every line of the journal has words, and nothing in a table becomes a formula."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.dialogs.activity import deed_of, table_of
from bot.preview import preview_manager
from core.domain.access import Section
from core.domain.activity import Act, Who
from core.domain.actor import Role
from core.domain.audit import Operation
from core.domain.chat import LANGUAGES
from core.services.activity import ActivityView

NOW = datetime(2026, 11, 28, 18, 46, tzinfo=UTC)
STAFF = UUID(int=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_operation_and_section_has_words(language: str) -> None:
    for operation in Operation:
        assert deed_of(Act(NOW, Who.OWNER, operation), language)
    for section in Section:
        assert deed_of(Act(NOW, Who.CLINIC, Operation.RECORDS_VIEWED, details={"section": section.value}), language)


@pytest.mark.parametrize("begins", ["=", " =", "\n\t@", "＝", "＋", "－", "＠", "|", "%", "+", "-"])
def test_a_name_that_looks_like_a_formula_stays_a_name(begins: str) -> None:
    act = Act(NOW, Who.STAFF, Operation.DOCUMENT_OPENED, STAFF)
    view = ActivityView([act], {STAFF: f"{begins}2+2"}, {STAFF: Role.DOCTOR}, 1, 0, NOW + timedelta(minutes=1))
    table = table_of(view, preview_manager("ru")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table, newline=""), delimiter=";"))
    assert rows[1][0] == "28.11.2026 21:46:00"
    assert rows[1][1].startswith(f"'{begins}2+2, ")
