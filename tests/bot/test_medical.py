"""What is medical is never forwardable, is noted, and is out of the chat when its session ends, whatever fails meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import DeleteMessage, EditMessageText, SendDocument, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import Chat as TelegramChat
from aiogram.types import Message
from aiogram_dialog.api.entities import NewMessage, OldMessage, ShowMode
from structlog.testing import capture_logs

from bot.medical import MedicalLeftovers, send_file, send_words
from bot.sweep import Sweeper
from bot.windows import AnswerFirst
from core.ports import Leftover, Leftovers
from core.security.keyring import KeyRing
from core.services.factor import LockRecord, NoteMedical, TakeMedical
from tests.bot.test_sweep import Chat, fault
from tests.core.services.town import START, Town, settle
from tests.databases import KINDS, fresh_database

CHAT = 1
DAY_S = 24 * 3600.0


@pytest.fixture(scope="module")
def keyring(keyring_folder: Path) -> KeyRing:
    return KeyRing.open(keyring_folder)


@pytest.fixture(params=KINDS)
async def town(request: pytest.FixtureRequest, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(request.param, tmp_path))
        yield await settle(stack, url, tmp_path, keyring)


class Talking(Chat):
    """Gives what is sent a number of its own, and says whether it can be forwarded."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        done = await super().make_request(bot, method, timeout)
        if not isinstance(method, SendMessage | SendPhoto | SendDocument | EditMessageText):
            return done
        number = method.message_id if isinstance(method, EditMessageText) else max(self.there, default=0) + 1
        assert number is not None
        self.there.add(number)
        chat = TelegramChat(id=CHAT, type="private")
        guarded = getattr(method, "protect_content", None)
        return Message(message_id=number, date=START, chat=chat, text="Words", has_protected_content=guarded or None)


class Screen:
    """A chat with windows; `noted` are the numbers that were remembered."""

    def __init__(self) -> None:
        self.chat = Talking()
        self.bot = Bot("42:abcdefgh", session=self.chat)
        self.noted: list[int] = []
        self.windows = AnswerFirst(self.note)

    async def note(self, _chat: int, message: int) -> None:
        self.noted.append(message)

    async def show(self, old: OldMessage | None, *, guarded: bool, mode: ShowMode = ShowMode.EDIT) -> OldMessage:
        new = NewMessage(
            chat=TelegramChat(id=CHAT, type="private"),
            thread_id=None,
            business_connection_id=None,
            text=f"Window {len(self.chat.calls)}",
            reply_markup=None,
            parse_mode=None,
            show_mode=mode,
            media=None,
            link_preview_options=None,
            protect_content=guarded,
        )
        return await self.windows.show_message(self.bot, new, old)


async def test_a_medical_window_is_noted_sent_or_edited_and_others_are_not() -> None:
    screen = Screen()
    menu = await screen.show(None, guarded=False)
    assert screen.noted == []
    results = await screen.show(menu, guarded=True)
    assert screen.noted == [results.message_id]
    assert screen.chat.there == {results.message_id}, "what can be forwarded is not edited into what must not"
    again = await screen.show(results, guarded=True, mode=ShowMode.DELETE_AND_SEND)
    assert screen.noted == [results.message_id, again.message_id]
    edited = OldMessage(
        message_id=again.message_id, chat=again.chat, has_protected_content=True, has_reply_keyboard=False, text="Before",
        media_uniq_id=None, media_id=None,
    )  # fmt: skip
    await screen.show(edited, guarded=True)
    assert screen.noted[2:] == [again.message_id]
    menu = await screen.show(edited, guarded=False)
    assert screen.chat.there == {menu.message_id}


async def test_what_could_not_be_noted_does_not_stay() -> None:
    screen = Screen()

    async def away(_chat: int, _message: int) -> None:
        raise ConnectionError

    screen.windows = AnswerFirst(away)
    with pytest.raises(ConnectionError):
        await screen.show(None, guarded=True)
    assert screen.chat.there == set()


class Manager:
    """As much of a dialog manager as files need."""

    def __init__(self, bot: Bot, scope: object) -> None:
        chat = TelegramChat(id=CHAT, type="private")
        self.middleware_data = {"bot": bot, "event_chat": chat, "dishka_container": scope}


async def test_files_pictures_and_words_are_guarded_and_go_with_the_session(town: Town) -> None:
    citizen = await town.sign_in(CHAT)
    await town.unlock(citizen)
    chat = Talking()
    bot = Bot("42:abcdefgh", session=chat)
    async with town.container() as scope:
        manager: Any = Manager(bot, scope)
        await send_file(manager, b"%PDF", "results.pdf", "Результаты")
        await send_file(manager, b"png", "course.png", "й" * 2000, picture=True)
        await send_words(manager, "Слова")
    document, picture, words = chat.calls
    assert isinstance(document, SendDocument)
    assert isinstance(picture, SendPhoto)
    assert isinstance(words, SendMessage)
    assert len(picture.caption or "") == 1024
    assert all(call.protect_content for call in (document, picture, words))
    assert await town.call(TakeMedical, 10) == []
    await town.call(LockRecord, citizen)
    leftovers = MedicalLeftovers(town.container)
    await Sweeper(bot, leftovers)._try(await leftovers.due(100))
    assert chat.there == set()
    assert await leftovers.due(100) == []


@pytest.mark.parametrize("kind", ["429", "5xx", "network"])
async def test_a_crash_or_a_telegram_that_is_away_leaves_nothing_behind(town: Town, kind: str) -> None:
    citizen = await town.sign_in(CHAT)
    await town.unlock(citizen)
    chat = Talking(*range(1, 4))
    bot = Bot("42:abcdefgh", session=chat)
    for message in (1, 2, 3):
        await town.call(NoteMedical, citizen.chat, message)
    await town.call(LockRecord, citizen)
    # The first bot took them up and died over them; for two minutes they are its own.
    assert len(await town.call(TakeMedical, 10)) == 3
    assert await town.call(TakeMedical, 10) == []
    town.clock.turn(minutes=2)
    leftovers = MedicalLeftovers(town.container)
    sweeper = Sweeper(bot, leftovers, look=0.01)
    chat.moods = [fault(kind)]
    await sweeper._try(await leftovers.due(100))
    assert chat.there == {1, 2, 3}
    assert await leftovers.due(100) == []
    town.clock.turn(minutes=10)
    await sweeper._try(await leftovers.due(100))
    assert chat.there == set()
    town.clock.turn(days=3)
    assert await leftovers.due(100) == []


async def test_what_telegram_never_removes_is_given_up_after_two_days(town: Town) -> None:
    citizen = await town.sign_in(CHAT)
    chat = Talking(1)
    bot = Bot("42:abcdefgh", session=chat)
    await town.call(NoteMedical, citizen.chat, 1)
    chat.moods = [TelegramNetworkError(method=DeleteMessage(chat_id=1, message_id=1), message="reset")] * 10_000
    leftovers, tries = MedicalLeftovers(town.container), 0
    begun = town.clock.now()
    while due := await leftovers.due(100):
        await Sweeper(bot, leftovers)._try(due)
        tries += 1
        town.clock.turn(seconds=601)
    assert tries > 100
    assert 1.8 * DAY_S < (town.clock.now() - begun).total_seconds() < 2.1 * DAY_S


async def test_while_the_database_is_away_the_sweeper_says_so_once_and_goes_on_when_it_is_back() -> None:
    class Away:
        looked = 0

        async def due(self, _limit: int) -> list[Leftover]:
            self.looked += 1
            if self.looked in {4, 6}:
                return []
            if self.looked == 7:
                stop.set()
            raise ConnectionRefusedError if self.looked != 5 else KeyError("a fault of ours")

    stop, away = asyncio.Event(), Away()
    with capture_logs() as logs:
        bot = Bot("42:abcdefgh", session=Talking())
        await Sweeper(bot, cast("Leftovers", away), 0.0, lambda fault: isinstance(fault, OSError)).run(stop)
    assert [each["event"] for each in logs] == ["sweep.away", "sweep.failed", "sweep.away"]
