"""Every window of every dialog, drawn from its invented data in both languages."""

import re
import shutil
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup
from aiogram_dialog import Dialog

from bot.dialogs import dialogs
from bot.preview import draw_map, page, preview_manager, windows
from core.domain.chat import LANGUAGES

TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Telegram(HTMLParser):
    """As strict as Telegram: known tags, every one closed in order, nothing bare that looks like one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(html: str) -> str:
    parser = Telegram()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.text


def labels(markup) -> list[list[str]]:
    if isinstance(markup, InlineKeyboardMarkup):
        rows = markup.inline_keyboard
    else:
        rows = markup.keyboard if isinstance(markup, ReplyKeyboardMarkup) else []
    return [[button.text for button in row] for row in rows if not is_of_a_calendar(row)]


def is_of_a_calendar(row) -> bool:
    """A month is a grid of numbers: its window takes a typed day as well, so nothing hangs on the grid."""
    return all("_day:" in (getattr(button, "callback_data", None) or "") for button in row)


async def drawn(dialog: Dialog, language: str) -> AsyncIterator[tuple[str, str, list[list[str]]]]:
    """Each window of a dialog: its state, its text, the words of its buttons."""
    manager = preview_manager(language)
    manager.set_dialog(dialog)
    for state in dialog.states():
        manager.set_state(state)
        message = await manager.show_raw()
        rows = [[button.text for button in row] for row in message.reply_markup.inline_keyboard]
        yield str(state.state), message.text or "", rows


def test_a_calendar_stands_where_a_day_can_be_typed_too():
    for dialog in dialogs():
        for window in dialog.windows.values():
            if any(each.endswith("_day") for each in widget_ids(window.keyboard)):
                assert window.on_message is not None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_window_can_be_sent_to_telegram(language):
    seen = 0
    async for state, message in windows(language):
        text = read(message.text)
        assert text.strip(), state
        assert len(text.encode("utf-16-le")) // 2 <= 4096, state
        assert not set("{}") & set(text), state
        for row in labels(message.reply_markup):
            assert 1 <= len(row) <= 2, state
            assert all(0 < len(label) <= 64 for label in row), state
        if isinstance(message.reply_markup, InlineKeyboardMarkup):
            for button in (button for row in message.reply_markup.inline_keyboard for button in row):
                assert button.url or button.copy_text or 1 <= len(button.callback_data.encode()) <= 64, state
        seen += 1
    assert seen == sum(len(dialog.states()) for dialog in dialogs())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_window_hides_its_meaning_in_a_picture(language):
    async for state, message in windows(language):
        for row in labels(message.reply_markup):
            assert all(re.search(r"[^\W\d_]{2}", label) for label in row), state


async def test_windows_do_not_shout():
    for language in LANGUAGES:
        async for state, message in windows(language):
            assert "!" not in message.text, state


def test_every_state_of_the_sitemap_has_a_window():
    for dialog in dialogs():
        assert set(dialog.states()) == set(dialog.states_group().__states__)


def test_no_two_windows_of_a_dialog_share_a_widget():
    for dialog in dialogs():
        ids: list[str] = []
        for window in dialog.windows.values():
            ids += sorted(widget_ids(window.keyboard))
        assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)


def widget_ids(keyboard) -> set[str]:
    found = {keyboard.widget_id} if keyboard.widget_id else set()
    for each in getattr(keyboard, "buttons", ()):
        found |= widget_ids(each)
    return found


async def test_the_preview_page_shows_every_dialog():
    html = await page("ru")
    for dialog in dialogs():
        assert dialog.states_group().__qualname__ in html


def test_the_map_of_windows_is_drawn_or_says_what_it_lacks(tmp_path):
    if shutil.which("dot") is None:
        with pytest.raises(SystemExit, match="graphviz"):
            draw_map(tmp_path / "transitions.png")
    else:
        draw_map(tmp_path / "transitions.png")
        assert (tmp_path / "transitions.png").read_bytes().startswith(b"\x89PNG")
