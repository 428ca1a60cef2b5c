"""The windows of /visits: whatever a clinic sent, each is a message that Telegram takes; empty ones say what to do."""

import re
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot import preview
from bot.dialogs.astray import NotOffered
from bot.dialogs.visit import dialog, samples
from bot.dialogs.visit.position import ANY, an_id_or_any
from bot.dialogs.visit.shown import times_of
from bot.states import Visits
from core.domain.chat import LANGUAGES
from core.domain.handover import LONGEST_RECIPIENT, TRIES, HandoverState
from core.domain.record import Coding, Visit
from core.domain.record.coding import ICD10
from core.domain.record.history import Filters, history_of
from core.domain.record.looking import Paging, Span
from core.services.record import VisitPage
from tests.bot.test_windows import drawn, read

ODD = ["\u202eхолестерин<b>" * 30, "💉" * 300, "&<>\"'{0}{name}%s" * 20, "x" * 5000, "a\nb\x00c", ""]


def hostile(words: str, days: int) -> Visit:
    """Return a visit as bad as it can be."""
    diagnoses = tuple(Coding(ICD10, f"{number}{words}"[:300], words) for number in range(40))
    return replace(
        samples.visit(days, words, words, words, *diagnoses),
        kind=Coding("", "", words),
        recommendations=(words,) * 30,
        prescriptions=(words,) * 30,
    )


def fill(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Let every sample be like that."""
    every = [hostile(words, days) for days in range(1, 60)]
    every = [replace(each, speciality=words[: 200 + days]) for days, each in enumerate(every)]
    history = history_of(every, Filters(Span.all(), every[0].id, every[0].id), samples.NOW, UTC)
    monkeypatch.setattr(samples, "visits", lambda: every)
    monkeypatch.setattr(samples, "history", lambda: history)
    monkeypatch.setattr(samples, "page", lambda: VisitPage(history, Paging(len(history.visits), 8, 1)))
    handed = samples.handed()
    long = [
        replace(each, handover=replace(each.handover, recipient="<&>💉" * (LONGEST_RECIPIENT // 4), tries=TRIES))
        for each in handed
    ]
    monkeypatch.setattr(samples, "handed", lambda: long * 10)


@pytest.mark.parametrize("words", ODD)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_whatever_came_every_window_is_a_message_that_telegram_takes(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    fill(monkeypatch, words)
    async for state, text, rows in drawn(dialog(), language):
        shown = read(text)
        assert shown.strip(), state
        assert len(shown.encode("utf-16-le")) // 2 <= 4096, state
        assert all(label and len(label.encode("utf-16-le")) // 2 <= 64 for row in rows for label in row), (state, rows)
        assert sum(map(len, rows)) <= 100, state


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_had_to_be_cut_is_said_and_what_was_not_is_not(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    told = {"ru": "Здесь не всё", "en": "not all of it"}[language]
    shown = {state: text async for state, text, _ in drawn(dialog(), language)}
    assert told not in shown["Visits:visit"]
    fill(monkeypatch, "x" * 5000)
    shown = {state: text async for state, text, _ in drawn(dialog(), language)}
    assert told in shown["Visits:visit"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_empty_windows_say_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    nothing = history_of([], Filters(Span.all()), samples.NOW, UTC)
    monkeypatch.setattr(samples, "page", lambda: VisitPage(nothing, Paging(0, 5)))
    monkeypatch.setattr(samples, "handed", list)
    told = {state: (read(text), rows) async for state, text, rows in drawn(dialog(), language)}
    hints = {"ru": ("передаст сведения", "никому ничего"), "en": ("sends them", "nothing over yet")}[language]
    for state, hint in zip(("Visits:main", "Visits:handed"), hints, strict=True):
        text, rows = told[state]
        assert hint in text, state
        assert not any("PDF" in label or "🤝" in label or "🔍" in label for row in rows for label in row)


async def test_each_state_of_a_handover_reads_differently() -> None:
    told = {state: text async for state, text, _ in drawn(dialog(), "ru")}["Visits:handed"]
    for words in ("Ещё не открыто", "Открыто 23 ноября", "Отозвано 22 ноября", "Не открыли, время вышло"):
        assert words in told
    assert {each.state for each in samples.handed()} == set(HandoverState)


async def test_every_window_of_visits_is_protected() -> None:
    for window in dialog().windows.values():
        assert window.protect_content is True


def test_the_end_of_a_visit_is_shown_where_it_says_something() -> None:
    manager = preview.preview_manager("ru")
    visit = samples.visits()[0]
    assert times_of(visit, manager) == "19 ноября 2026, 12:30–12:50"
    assert times_of(replace(visit, ended_at=visit.started_at), manager) == "19 ноября 2026, 12:30"
    assert times_of(replace(visit, ended_at=visit.started_at + timedelta(days=3)), manager).endswith(
        "22 ноября 2026, 12:30"
    )


@pytest.mark.parametrize("item", ["", "all", "7", "../x", "терапия"])
def test_a_choice_that_no_window_offers_is_refused(item: str) -> None:
    assert an_id_or_any(ANY) == ANY
    with pytest.raises(NotOffered):
        an_id_or_any(item)


def test_every_state_of_visits_has_a_window() -> None:
    assert set(dialog().states()) == set(Visits.__states__)


@pytest.mark.parametrize(
    ("language", "days"), [("ru", r"\d\. .+, \d\d\.\d\d\.2026"), ("en", r"\d\. .+, \d{1,2} [A-Z][a-z]+ 2026")]
)
async def test_visits_to_one_doctor_are_told_apart_by_the_day_on_their_buttons(
    monkeypatch: pytest.MonkeyPatch, language: str, days: str
) -> None:
    every = [replace(samples.visits()[0], started_at=samples.NOW - timedelta(days=each)) for each in range(4)]
    history = history_of(every, Filters(Span.all()), samples.NOW, UTC)
    monkeypatch.setattr(samples, "page", lambda: VisitPage(history, Paging(4, 5, 1)))
    rows = {state: rows async for state, _, rows in drawn(dialog(), language)}["Visits:main"]
    labels = [label for row in rows for label in row if label[0].isdigit()]
    assert len(labels) == 4
    assert all(re.fullmatch(days, label) for label in labels), labels
    assert len({label.partition(" ")[2] for label in labels}) == 4
