"""Windows that point to pages where nothing personal is shown in the chat."""

import pytest
from aiogram.types import InlineKeyboardMarkup

from bot.app import make_bot
from bot.dialogs import dialogs
from bot.dialogs.pointing import CLOSED, POINTED, by_telephone, pointing
from bot.handlers.received import inputs_of
from bot.handlers.typed import names_a_person
from bot.preview import preview_manager
from bot.states import Asking, Notifications, Support
from bot.words import say
from core.domain.chat import LANGUAGES
from core.domain.page import Place


def test_without_personal_data_every_window_of_the_sitemap_is_there_still():
    usual, other = dialogs(), dialogs(personal=False)
    assert {each.states_group() for each in usual} <= {each.states_group() for each in other}
    for each in other:
        assert set(each.states()) == set(each.states_group().__states__)
    assert make_bot("42:abcdefgh", None) is not None


def test_without_personal_data_windows_take_no_words_but_hours_regions_and_questions():
    taking = {state for state, inputs in inputs_of(dialogs(personal=False)).items() if inputs}
    questions = {Asking.answer.state, Asking.near.state}
    assert taking == questions | {Notifications.own_hours.state, Notifications.region.state, Support.centres.state}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_without_personal_data_no_window_is_of_the_kind_that_shows_something_medical(language: str):
    for dialog in dialogs(personal=False):
        manager = preview_manager(language)
        manager.set_dialog(dialog)
        for state in dialog.states():
            manager.set_state(state)
            assert not (await manager.show_raw()).protect_content, state


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_pointing_window_says_why_and_leads_to_a_page_by_a_link(language: str):
    for group, place in POINTED:
        dialog, manager = pointing(group, place), preview_manager(language)
        manager.set_dialog(dialog)
        for state in dialog.states():
            manager.set_state(state)
            message = await manager.show_raw()
            assert message.text is not None
            assert say(f"page.point.{place.value}", language).splitlines()[0] in message.text
            assert not message.protect_content
            assert isinstance(message.reply_markup, InlineKeyboardMarkup)
            buttons = [button for row in message.reply_markup.inline_keyboard for button in row]
            assert [button.text for button in buttons] == [
                say("page.point.open", language),
                say("page.point.again", language),
                say("card.to_menu", language),
            ]
            assert buttons[0].url is not None
            assert buttons[0].url.startswith("https://")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_booking_is_turned_off_then_and_the_telephone_is_given(language: str):
    for group in CLOSED:
        dialog, manager = by_telephone(group), preview_manager(language)
        manager.set_dialog(dialog)
        for state in dialog.states():
            manager.set_state(state)
            message = await manager.show_raw()
            assert message.text is not None
            assert say("book.not_by_chat", language).splitlines()[0] in message.text
            assert "+7 800 000-00-00" in message.text
            assert isinstance(message.reply_markup, InlineKeyboardMarkup)
            assert [[each.text for each in row] for row in message.reply_markup.inline_keyboard] == [
                [say("card.to_menu", language)]
            ]


def test_every_place_of_a_page_is_pointed_to_or_is_the_list_of_all():
    assert {place for _, place in POINTED} | {Place.HOME} == set(Place)


class Said:
    def __init__(self, text: str | None) -> None:
        self.text = text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("112-233-445 95", True),
        ("11223344595", True),
        ("45 12 345678", True),
        ("7756000812345677", True),
        ("112-233-445 96", False),
        ("123456", False),
        ("Здравствуйте", False),
        ("", False),
        (None, False),
        ("1" * 4096, False),
    ],
)
async def test_numbers_that_name_a_person_are_told_from_other_words(text: str | None, names: bool):
    assert await names_a_person(Said(text)) is names  # type: ignore[arg-type]
