"""The windows of support: whatever somebody wrote, each is a message that Telegram takes; nothing of it stays in the store."""

from dataclasses import replace
from uuid import UUID

import pytest

from bot import preview
from bot.dialogs import ticket as dialogs
from bot.dialogs.astray import NotOffered
from bot.dialogs.notice import words_of
from bot.dialogs.ticket import samples
from bot.dialogs.ticket.fetching import a_file, shown_files
from bot.dialogs.ticket.following import shown_list, shown_one
from bot.dialogs.ticket.position import FILES_PAGE
from bot.dialogs.ticket.shown import pages_of
from bot.dialogs.ticket.support import hours_words, shown_contacts
from bot.dialogs.ticket.writing import LONG
from bot.states import Tickets
from bot.words import say
from core.domain.chat import LANGUAGES
from core.domain.ids import RemarkId
from core.domain.record.looking import Paging
from core.domain.ticket import Attachment, FilesTooHeavy, Remark, RemarkSide, TicketState
from core.domain.worktime import FACTS
from core.services.ticket import Known, TicketDraft, TicketList, TicketView
from tests.bot.test_windows import drawn, read

ODD = ["\u202eкод<b>" * 430, "💉" * 1500, "&<>\"'{0}{name}%s" * 170, "x" * 3000]


def all_dialogs():
    return (dialogs.support(), dialogs.request(), dialogs.mine())


def remark(text: str, side: RemarkSide = RemarkSide.STAFF, files: int = 0) -> Remark:
    names = tuple(Attachment(f"<i>{text[:90]}.png", "image/png", 1) for _ in range(files))
    return Remark(RemarkId(samples.ID), samples.ticket().id, side, samples.NOW, text, files=names)


@pytest.mark.parametrize("words", ODD)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_whatever_was_written_every_window_is_a_message_that_telegram_takes(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    words = words[:3000]
    sent = replace(samples.ticket(TicketState.WAITING), description=words)
    said = (remark(words, files=10), remark(words, RemarkSide.CITIZEN), remark("waiting", RemarkSide.EVENT))
    draft = replace(samples.ticket(TicketState.DRAFT), description=words, earlier="26-000001")
    known = Known(words[:60], "•••-•••-445 95", "•• •• •••678")
    files = (Attachment(words[:90], "image/png", 1),) * 10
    monkeypatch.setattr(samples, "draft", lambda: TicketDraft(draft, known, files, (samples.ticket(),) * 5))
    monkeypatch.setattr(samples, "view", lambda state: TicketView(replace(sent, state=state), said, "26-000009"))
    for dialog in all_dialogs():
        async for state, text, rows in drawn(dialog, language):
            shown = read(text)
            assert shown.strip(), state
            assert len(shown.encode("utf-16-le")) // 2 <= 4096, (state, len(shown))
            assert all(label and len(label.encode("utf-16-le")) // 2 <= 64 for row in rows for label in row), state


def test_a_long_talk_is_cut_into_pages_and_nothing_of_it_is_lost() -> None:
    manager = preview.preview_manager("ru")
    said = tuple(remark(f"начало{number} " + "слово " * 450 + f"конец{number}") for number in range(6))
    pages = pages_of(TicketView(samples.ticket(), said), manager)
    whole = "".join(pages)
    assert len(pages) > 3
    assert all(f"начало{number} " in whole and f"конец{number}" in whole for number in range(6))
    assert whole.count("слово") == 6 * 450


def test_the_newest_words_are_seen_first_and_a_closed_one_offers_what_it_can() -> None:
    manager = preview.preview_manager("ru")
    manager.set_dialog(dialogs.mine())
    manager.set_state(Tickets.one)
    said = tuple(remark("слово " * 400 + f"номер {number}") for number in range(4))
    shown = shown_one(TicketView(samples.ticket(), said), manager)
    assert "номер 3" in shown["text"]
    closed = shown_one(samples.view(TicketState.CLOSED), manager)
    assert (closed["reopen"], closed["going"], closed["rate"]) == (True, False, True)
    late = shown_one(samples.view(TicketState.CLOSED), manager, late=True)
    assert (late["reopen"], late["over"], late["until"]) == (False, True, "")


def test_files_of_specialists_are_listed_the_newest_first_and_read_back_from_their_buttons() -> None:
    manager = preview.preview_manager("ru")
    manager.set_dialog(dialogs.mine())
    manager.set_state(Tickets.files)
    first, last = RemarkId(UUID(int=1)), RemarkId(UUID(int=2))
    said = (
        replace(remark("счёт", files=2), id=first),
        remark("моё", RemarkSide.CITIZEN, files=3),
        replace(remark("y" * 90, files=8), id=last),
    )
    view = TicketView(samples.ticket(), said)
    assert shown_one(view, manager)["files"] == "10"
    shown = shown_files(view, manager)
    assert [a_file(item) for item, _ in shown["sent"]] == [(last, place) for place in range(6)]
    assert all(label.endswith(".png") for _, label in shown["sent"])
    manager.dialog_data[FILES_PAGE] = 2
    shown = shown_files(view, manager)
    assert [a_file(item) for item, _ in shown["sent"]] == [(last, 6), (last, 7), (first, 0), (first, 1)]
    none = shown_files(TicketView(samples.ticket(), said[1:2]), manager)
    assert (none["sent"], none["none"], shown_one(TicketView(samples.ticket(), ()), manager)["files"]) == ([], True, "")


@pytest.mark.parametrize(
    "item", ["", "1", f"{UUID(int=1).hex}-", f"{UUID(int=1).hex}--1", f"{UUID(int=1).hex}-1٣", "x-0"]
)
def test_a_press_that_no_window_offers_opens_no_file(item: str) -> None:
    with pytest.raises(NotOffered):
        a_file(item)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_past_the_weight_of_a_request_is_refused_in_one_clear_sentence(language: str) -> None:
    key, values = words_of(FilesTooHeavy())
    said = say(key, language, values)
    assert "100" in said
    assert "{" not in said


def test_an_empty_list_says_so() -> None:
    manager = preview.preview_manager("ru")
    manager.set_dialog(dialogs.mine())
    manager.set_state(Tickets.main)
    assert shown_list(TicketList([], Paging(0, 6), draft=False), manager)["none"]


@pytest.mark.parametrize("text", ["мой снилс 112-233-445 95", "4512345678", "+7 900 000-00-01", "4512 345678, вот"])
def test_words_that_name_somebody_are_known(text: str) -> None:
    assert LONG.search(text)


@pytest.mark.parametrize("text", ["обращение 26-000123", "23.11.2026 в 18:40", "код 123456 не подошёл 3 раза"])
def test_other_numbers_stay(text: str) -> None:
    assert not LONG.search(text)


def test_hours_and_contacts_are_said_in_words() -> None:
    assert hours_words(FACTS, "ru") == "пн–пт 09:00–20:00"
    manager = preview.preview_manager("ru")
    manager.set_dialog(dialogs.support())
    shown = shown_contacts(replace(samples.opening(), open=False), None, None, (), manager)
    assert (shown["hotline"], shown["centres"], shown["opens"]) == ("", False, "23 ноября 2026, 12:00")
