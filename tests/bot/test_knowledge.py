"""A question in one's own words, asked in the middle of anything: answered above the window that stood open, which waits."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.dialogs.knowledge.windows import TO_OPERATOR, leading_to
from bot.places import PLACES
from bot.states import Help
from core.domain.actor import Citizen
from core.domain.ids import ChatId
from core.domain.knowledge import DOORS
from core.security.keyring import KeyRing
from core.services.knowledge import RecentAsked, SeedArticles
from core.storage.knowledge import ArticleRow
from core.storage.transaction import SqlTransaction
from tests.bot.processes import button
from tests.bot.test_following import CHAT, Room, room

LATER = {"operator", "support", "tickets"}
"""Places of the support itself: where a bot has none of them, the button leads to help."""


@pytest.fixture(scope="module")
def keyring(keyring_folder: Path) -> KeyRing:
    return KeyRing.open(keyring_folder)


@pytest.fixture
async def here(tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        found = await stack.enter_async_context(room("sqlite", tmp_path, keyring))
        await found.town.call(SeedArticles)
        yield found


def text(here: Room) -> str:
    return here.window.text or ""


def labels(here: Room) -> list[str]:
    markup = here.window.reply_markup
    return [each.text for row in markup.inline_keyboard for each in row] if markup else []


async def test_words_in_any_window_of_buttons_are_a_question_and_the_window_waits_beneath(here: Room) -> None:
    await here.says("/status")
    stood = text(here)
    await here.says("как отменить запесь к врачу")
    assert "<b>Как отменить запись</b>" in text(here)
    assert labels(here)[:3] == ["Мои записи", "👍 Помогло", "👎 Не помогло"]
    await here.says("а сколько это стоит")
    assert "<b>Сколько это стоит</b>" in text(here), "the next question takes the place of the last"
    await here.taps("Назад")
    assert text(here) == stood
    assert len(here.phones.windows(CHAT)) == 1


async def test_the_button_does_the_thing(here: Room) -> None:
    await here.says("/menu")
    await here.says("где посмотреть кто открывал мою карту")
    await here.taps("Кто смотрел мои данные")
    assert "Кто и что делал с вашими данными" in text(here)


async def test_what_helped_is_thanked_for_and_counted_once(here: Room) -> None:
    await here.says("/menu")
    await here.says("как сменить язык")
    await here.taps("👍")
    assert "Хорошо" in text(here)
    assert not [each for each in labels(here) if "омогло" in each]
    async with here.town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            counted = await transaction.session.scalars(select(ArticleRow.helped).where(ArticleRow.slug == "language"))
            assert counted.all() == [1]


async def test_when_the_bot_is_not_sure_it_says_so_and_offers_the_nearest(here: Room) -> None:
    await here.says("/menu")
    await here.says("карта, прививка, запись, документ")
    assert "Не уверен" in text(here)
    near = labels(here)[:3]
    assert labels(here)[3] == "Позвать оператора"
    await here.taps(near[1])
    assert f"<b>{near[1]}</b>" in text(here)
    assert "👍 Помогло" in labels(here)


async def test_after_two_answers_that_did_not_help_an_operator_comes_first(here: Room) -> None:
    await here.says("/menu")
    await here.says("как записаться к врачу")
    await here.taps("👎")
    assert "Жаль" in text(here)
    assert "Как записаться к врачу" not in labels(here), "that one did not help"
    here.town.clock.turn(seconds=1)
    await here.says("как перенести запись")
    await here.taps("👎")
    assert "Давайте позову человека" in text(here)
    assert labels(here)[0] == "Позвать оператора"
    assert await here.town.call(RecentAsked, Citizen(here.citizen.account, ChatId(CHAT))) == [
        ("как записаться к врачу", "Как записаться к врачу"),
        ("как перенести запись", "Как перенести запись"),
    ]


async def test_numbers_alone_are_no_question_and_are_not_kept(here: Room) -> None:
    await here.says("/menu")
    await here.says("112-233-445 95")
    assert "выберите кнопку" in text(here)
    assert await here.town.call(RecentAsked, here.citizen) == []


async def test_whoever_is_nowhere_is_answered_too(here: Room) -> None:
    await here.says("что ты умеешь")
    assert "<b>Что умеет этот бот</b>" in text(here)
    assert "‹ Назад" not in labels(here)
    await here.taps("В меню")
    assert button(here.window, "Язык")


async def test_whoever_is_nowhere_and_writes_what_may_belong_into_a_form_is_led_to_the_menu(here: Room) -> None:
    await here.says("Ильина Анна Сергеевна")
    assert "выберите кнопку" in text(here)
    assert button(here.window, "Язык")
    assert await here.town.call(RecentAsked, here.citizen) == []


def test_every_door_of_an_article_is_a_place_or_leads_to_help() -> None:
    assert set(DOORS) - {""} - LATER <= set(PLACES)
    for door in LATER - set(PLACES):
        assert leading_to(door) == Help.main
    assert TO_OPERATOR in DOORS
