"""The windows of /results: whatever a clinic sent, each is a message that Telegram takes; empty ones say what to do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogs.astray import NotOffered
from bot.dialogs.fitting import cut, length
from bot.dialogs.paging import a_page, turns
from bot.dialogs.result import dialog, samples
from bot.dialogs.result.position import a_category
from bot.states import Results
from core.domain.chat import LANGUAGES
from core.domain.record import Category, Coding, Kind, Measured, Panel, Result
from core.domain.record.course import courses_of
from core.domain.record.looking import Paging
from core.services.record import Categories, CourseView, Entry, ResultPage
from tests.bot.test_windows import drawn, read

ODD = ["\u202eхолестерин<b>" * 30, "💉" * 300, "&<>\"'{0}{name}%s" * 20, "x" * 5000, "a\nb\x00c", ""]


def hostile(words: str, days: int, values: int = 1, panel: bool = False) -> Result:
    coding = Coding("odd", words[:7] + str(days % 2), words)
    measured = tuple(
        Measured(coding, Decimal(f"1.{days}") if panel else None, words, words, reference=words) for _ in range(values)
    )
    kept = samples.result(days, coding, *measured)
    return replace(kept, note=words, institution=words, doctor=words)


def fill(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Let every sample be as bad as it can be."""
    alone = [hostile(words, days, 1 + days % 5) for days in range(10)]
    panel = replace(samples.lipids(1).record, coding=alone[0].coding, institution=words)
    assert isinstance(panel, Panel)
    panel = replace(panel, conclusion=words)
    whole = Entry(panel, tuple(hostile(words, days, 3) for days in range(200)))
    page = ResultPage((whole, *(Entry(each, (each,)) for each in alone[:7])), Paging(5000, 8, 300), exist=True)
    numbers = [
        replace(each, measured=tuple(replace(value, number=Decimal("1e300")) for value in each.measured))
        for each in alone
    ]
    monkeypatch.setattr(samples, "page", lambda: page)
    monkeypatch.setattr(samples, "lipids", lambda _days: whole)
    course = CourseView(alone[0].coding, tuple(numbers), Paging(5000, 10, 7), tuple(courses_of(numbers)))
    monkeypatch.setattr(samples, "course", lambda: course)
    monkeypatch.setattr(samples, "found", lambda: [Kind(each, 10**6) for each in (*alone[:9], panel)])


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


@pytest.mark.parametrize("language", LANGUAGES)
async def test_empty_windows_say_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(samples, "categories", lambda: Categories({}))
    monkeypatch.setattr(samples, "found", list)
    monkeypatch.setattr(samples, "page", lambda: ResultPage((), Paging(0, 8), exist=True))
    told = {state: (read(text), rows) async for state, text, rows in drawn(dialog(), language)}
    hints = {"ru": ("пришлёт", "короче", "побольше"), "en": ("sends them", "shorter", "longer")}[language]
    for state, hint in zip(("Results:main", "Results:search", "Results:list"), hints, strict=True):
        text, rows = told[state]
        assert hint in text, state
        assert not any("PDF" in label or "🔍" in label for row in rows for label in row)


async def test_the_calendar_speaks_the_readers_language_and_offers_no_day_to_come() -> None:
    months = {"ru": "Ноябрь 2026", "en": "November 2026"}
    for language in LANGUAGES:
        told = {state: rows async for state, _, rows in drawn(dialog(), language)}
        rows = told["Results:since"]
        assert months[language] in rows[0][0]
        days = [label for row in rows[2:] for label in row if label.isdecimal()]
        assert days == [str(number) for number in range(1, samples.NOW.date().day + 1)]


async def test_every_window_of_the_record_is_protected() -> None:
    for window in dialog().windows.values():
        assert window.protect_content is True


@given(st.integers(0, 6000), st.integers(-5, 9000))
def test_the_buttons_between_pages_lead_to_pages_that_are_there(total: int, asked: int) -> None:
    paging = Paging(total, 8, asked)
    pages = [a_page(item) for item, _ in turns(paging, "ru")]
    assert all(1 <= page <= paging.pages and page != paging.number for page in pages)
    assert len({item for item, _ in turns(paging, "ru")}) == len(pages)
    assert (paging.number > 1) == (1 in pages)
    assert (paging.number < paging.pages) == (paging.pages in pages and paging.pages > paging.number)


@pytest.mark.parametrize("item", ["", "n", "-1n", "1e9n", "²n", "99999999n", "x"])
def test_a_page_that_no_window_offers_is_refused(item: str) -> None:
    with pytest.raises(NotOffered):
        a_page(item)


def test_a_category_that_no_window_offers_is_refused() -> None:
    assert [a_category(each.value) for each in Category] == [each.value for each in Category]
    with pytest.raises(NotOffered):
        a_category("psychiatry")


@given(st.text(max_size=400), st.integers(8, 100))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_cut_is_short_enough_and_whole_where_it_fits(text: str, most: int) -> None:
    assert len(cut(text, most).encode("utf-16-le", "surrogatepass")) // 2 <= most


def test_length_counts_as_telegram_does() -> None:
    assert length("<b>а&amp;💉</b>") == 4


def test_every_state_of_results_has_a_window() -> None:
    assert set(dialog().states()) == set(Results.__states__)
    assert samples.NOW.date() > date(2026, 1, 1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_results_of_one_name_are_told_apart_by_the_day_on_their_buttons(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    pressure = Coding("http://loinc.org", "85354-9", "Blood pressure panel")
    every = [samples.result(days, pressure, Measured(pressure, Decimal(120))) for days in range(8)]
    page = ResultPage(tuple(Entry(each, (each,)) for each in every), Paging(8, 8), exist=True)
    monkeypatch.setattr(samples, "page", lambda: page)
    rows = {state: rows async for state, _, rows in drawn(dialog(), language)}["Results:list"]
    labels = [label.partition(" ")[2] for row in rows for label in row if label[0].isdigit()]
    assert len(labels) == len(set(labels)) == 8
    assert all("2026" in label for label in labels)
