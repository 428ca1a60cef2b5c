"""Commands, pushes and deep links open places from anywhere."""

import pytest
from aiogram.types import BotCommand

from bot.commands import commands_in
from bot.dialogs.notice import NOTICES
from bot.handlers.places import LOOKS_LIKE_A_COMMAND, door
from bot.places import ABOUT, ABOUT_ONE, COMMANDS, PLACE, PLACES, GoTo, GoToOne, pressed
from bot.states import Menu, SignIn, Status
from bot.words import say
from core.domain.actor import Citizen, Visitor
from core.domain.chat import LANGUAGES
from core.domain.ids import AccountId, ChatId, new_id
from tests.bot.test_account import NOW

VISITOR = Visitor(ChatId(1))
CITIZEN = Citizen(AccountId(new_id(NOW)), ChatId(1))


def test_a_citizens_command_opens_its_place():
    assert door("status", CITIZEN) == (Status.main, None)


def test_a_visitor_is_led_to_the_portal_and_told_why():
    state, first = door("status", VISITOR)
    assert state == SignIn.link
    assert first is not None
    assert first[NOTICES][0]["key"] == "signin.first"


@pytest.mark.parametrize("place", ["menu", "language", "help", "signin", "about"])
def test_what_is_open_to_all_asks_nobody_to_sign_in(place):
    assert door(place, VISITOR) == (PLACES[place], None)


def test_a_deep_link_to_nowhere_opens_the_menu():
    assert door("nowhere", VISITOR) == (Menu.main, None)


def test_every_place_fits_into_a_button():
    for place in (*PLACES, "signin.move", "signin.stay"):
        assert GoTo.unpack(GoTo(place=place).pack()).place == place


def test_a_place_about_one_thing_takes_its_id_along_and_fits_into_a_button():
    booking = str(new_id(NOW))
    for place in ABOUT_ONE:
        assert place in PLACES
        sent = pressed(place, booking)
        assert len(sent.encode()) <= 64
        read = GoToOne.unpack(sent)
        assert door(read.place, CITIZEN, read.arg) == (PLACES[place], {PLACE: place, ABOUT: booking})


def test_buttons_of_older_pushes_open_their_places_still():
    assert GoTo.unpack("go:status").place == "status"
    assert pressed("status") == "go:status"


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_and_descriptions_keep_telegrams_limits(language):
    commands = commands_in(language)
    assert [each.command for each in commands] == list(COMMANDS)
    assert all(isinstance(each, BotCommand) and 1 <= len(each.description) <= 256 for each in commands)
    assert len(say("command.bot_description", language)) <= 512
    assert len(say("command.bot_short_description", language)) <= 120


@pytest.mark.parametrize("text", ["/foo", "/results", "/foo@medkarta_bot", "/pay now"])
def test_an_unknown_command_is_no_answer_to_a_form(text):
    assert LOOKS_LIKE_A_COMMAND.fullmatch(text)


@pytest.mark.parametrize("text", ["12/3", "/", "/ 5", "/12", "ул. Лесная, 5/1"])
def test_a_slash_in_an_answer_is_no_command(text):
    assert not LOOKS_LIKE_A_COMMAND.fullmatch(text)
