"""Once, with whole bots: two with the same update, foreign and stale buttons, a hold that was lost; and what an answer carries."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramRetryAfter, TelegramServerError
from aiogram.methods import AnswerCallbackQuery, DeleteMessage, DeleteMessages, EditMessageText, SendMessage
from redis.asyncio import Redis
from structlog.testing import capture_logs

from bot.middlewares.throttle import BURST
from core.domain.chat import Chat
from core.domain.ids import ChatId
from core.domain.update import Incoming, Standing
from core.services.chat import ChooseLanguage, MeetChat
from core.services.update import CountKept
from tests.bot.processes import Process, Quarter, button, quarter, says, taps
from tests.bot.street import PATIENCE_S, until
from tests.databases import fresh_database
from tests.services import own_redis

OWN = own_redis("bot.processes")


@pytest.fixture
async def alone(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Quarter]:
    """One bot on embedded defaults."""
    async with (
        fresh_database("sqlite", tmp_path) as url,
        quarter(1, url, None, tmp_path / "state", keyring_folder) as found,
    ):
        yield found


@pytest.fixture
async def two(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Quarter]:
    """Two bots on PostgreSQL and Redis."""
    async with (
        Redis.from_url(OWN) as redis,
        fresh_database("postgresql", tmp_path) as url,
        quarter(2, url, OWN, tmp_path / "state", keyring_folder) as found,
    ):
        yield found
        await redis.flushdb()


@pytest.fixture
async def slow_two(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Quarter]:
    """Two bots that give a chat its burst, and then nothing for hours."""
    async with (
        Redis.from_url(OWN) as redis,
        fresh_database("postgresql", tmp_path) as url,
        quarter(2, url, OWN, tmp_path / "state", keyring_folder, rate=0.001) as found,
    ):
        yield found
        await redis.flushdb()


async def met(process: Process, chat: int = 5) -> Chat:
    async with process.container() as scope:
        return await (await scope.get(MeetChat))(ChatId(chat), "ru")


class Stalled:
    """A bot that stands still once it has read where its person is: the chat is held, nothing is done yet."""

    def __init__(self, process: Process) -> None:
        self.there, self.go_on = asyncio.Event(), asyncio.Event()
        self.redis: Any = process.dispatcher["fsm_storage"].redis
        self.read = self.redis.hgetall
        self.redis.hgetall = self._read

    async def _read(self, name: str) -> Any:
        found = await self.read(name)
        if not self.there.is_set():
            self.there.set()
            await asyncio.wait_for(self.go_on.wait(), PATIENCE_S)
        return found


async def test_a_turn_that_waits_for_words_makes_them_itself_and_the_press_is_answered_in_the_response(
    alone: Quarter,
) -> None:
    phones = alone.phones
    assert (await alone.takes(says(1, "/language"))).content == b""
    assert len(phones.calls_of(SendMessage)) == 1
    window = phones.window(5)
    answer = await alone.takes(taps(2, window, button(window, "Назад")))
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "2"}
    assert answer.headers["content-type"] == "application/json"
    # The window's words were a call whose outcome was seen; the press had no call of its own.
    assert len(phones.calls_of(EditMessageText)) == 1
    assert phones.calls_of(AnswerCallbackQuery) == []
    assert "Медкарта" in (phones.window(5).text or "")


async def test_a_turn_that_only_removes_a_window_of_ours_lets_the_response_do_it(alone: Quarter) -> None:
    await alone.takes(says(1, "/language"))
    old = alone.phones.window(5).message_id
    answer = await alone.takes(says(2, "/help"))
    assert answer.json() == {"method": "deleteMessage", "chat_id": 5, "message_id": old}
    assert alone.phones.calls_of(DeleteMessage, DeleteMessages) == []
    assert len(alone.phones.calls_of(SendMessage)) == 2


async def test_a_stale_button_does_nothing_but_say_so(alone: Quarter) -> None:
    await alone.takes(says(1, "/language"))
    old = alone.phones.window(5)
    english = button(old, "English")
    await alone.takes(says(2, "/help"))
    await alone.takes(taps(3, old, english))
    assert [each for each in alone.phones.toasts() if "не действует" in each]
    assert (await met(alone.bots[0])).language == "ru"


async def test_a_button_copied_from_somebody_elses_window_does_nothing_to_either_and_says_so(alone: Quarter) -> None:
    phones = alone.phones
    await alone.takes(says(1, "/language", chat=5))
    theirs = phones.window(5)
    await alone.takes(says(2, "/language", chat=6))
    # Replayed with the message that it belongs to, and grafted onto the own window.
    await alone.takes(taps(3, theirs, button(theirs, "English"), chat=6))
    assert [each for each in phones.toasts() if "не действует" in each]
    answer = await alone.takes(taps(7, phones.window(6), button(theirs, "English"), chat=6))
    assert answer.json()["method"] == "answerCallbackQuery"
    assert [(await met(alone.bots[0], chat)).language for chat in (5, 6)] == ["ru", "ru"]
    # The owner's button still works.
    await alone.takes(taps(4, theirs, button(theirs, "English"), chat=5))
    assert [(await met(alone.bots[0], chat)).language for chat in (5, 6)] == ["en", "ru"]


@pytest.mark.parametrize(("typed", "goes"), [("с 22 до 8", True), ("/ 5", True), ("/language", False)])
async def test_what_took_effect_before_a_crash_is_answered_and_what_was_typed_goes_wherever_one_is(
    alone: Quarter, typed: str, goes: bool
) -> None:
    await alone.takes(says(1, "/language"))
    async with alone.bots[0].container() as scope:
        # The effect of an update whose process died before its answer.
        (await scope.get(Incoming)).id = 7
        await (await scope.get(ChooseLanguage))(ChatId(5), "en")
    await alone.takes(says(7, typed))
    assert "language" in (alone.phones.window(5).text or "").lower()
    removed = {number for each in alone.phones.calls_of(DeleteMessages) for number in each.message_ids}
    assert (7 in removed) is goes


async def test_the_language_that_was_chosen_is_known_without_the_database_at_once(alone: Quarter) -> None:
    await alone.takes(says(1, "/language"))
    window = alone.phones.window(5)
    tongues = alone.bots[0].intake.tongues
    assert await tongues.of(5) == "ru"
    await alone.takes(taps(2, window, button(window, "English")))
    assert await tongues.of(5) == "en"


@pytest.mark.parametrize(
    "fault",
    [
        TelegramRetryAfter(SendMessage(chat_id=5, text="x"), "Too Many Requests", 3600),
        TelegramServerError(SendMessage(chat_id=5, text="x"), "Bad Gateway"),
    ],
    ids=["a pause of an hour", "a long 502"],
)
async def test_what_took_effect_while_telegram_takes_no_answers_is_not_done_twice_and_answered_afterwards(
    alone: Quarter, fault: Exception
) -> None:
    await alone.takes(says(1, "/language"))
    window = alone.phones.window(5)
    alone.phones.faults = [fault] * 50
    assert (await alone.takes(taps(2, window, button(window, "English")))).status_code == 200
    assert (await met(alone.bots[0])).language == "en"
    # Chosen elsewhere meanwhile: the press must not take effect a second time.
    async with alone.bots[0].container() as scope:
        await (await scope.get(ChooseLanguage))(ChatId(5), "ru")
    await until(lambda: not alone.phones.faults and alone.phones.window(5).message_id > window.message_id)
    assert "На каком языке" in (alone.phones.window(5).text or "")
    assert (await met(alone.bots[0])).language == "ru"
    async with alone.bots[0].container() as scope:
        assert (await (await scope.get(CountKept))()).states[Standing.ASIDE] == 0


@pytest.mark.needs_postgresql
@pytest.mark.needs_redis
async def test_two_processes_with_the_same_update_at_once_have_one_effect_and_one_answer(two: Quarter) -> None:
    await two.takes(says(1, "/language"))
    window = two.phones.window(5)
    english = taps(2, window, button(window, "English"))
    before = len(two.phones.calls)
    answers = await asyncio.gather(*(each.takes(english) for each in two.bots))
    assert [each.status_code for each in answers] == [200, 200]
    assert [type(each) for each in two.phones.calls[before:]].count(EditMessageText) == 1
    # The press is answered once as well, in one of the two responses.
    assert sorted(bool(each.content) for each in answers) == [False, True]
    assert (await met(two.bots[0])).language == "en"
    assert "Language" in (two.phones.window(5).text or "") or "English" in (two.phones.window(5).text or "")


@pytest.mark.needs_postgresql
@pytest.mark.needs_redis
async def test_two_bots_give_a_flood_no_more_than_one_would_and_say_so_once(slow_two: Quarter) -> None:
    first, second = slow_two.bots
    flood = [
        asyncio.ensure_future((first if number % 2 else second).takes(says(number, f"шум {number}")))
        for number in range(1, 71)
    ]
    try:
        await until(lambda: sum(each.done() for each in flood) == BURST)
        # The others are slowed down by both bots; somebody else is not.
        await until(lambda: all("slow" in each.intake.lines._queues.lines[5].told for each in slow_two.bots))
        for number, bot in ((100, first), (101, second)):
            assert (await bot.takes(says(number, "привет", chat=6))).status_code == 200
        told = [each for each in slow_two.phones.calls_of(SendMessage) if "Сообщений сразу много" in each.text]
        assert [each.chat_id for each in told] == [5]
        assert sum(each.done() for each in flood) == BURST
    finally:
        for each in flood:
            each.cancel()
        for each in slow_two.bots:
            each.intake.lines._serving.stopping = True


@pytest.mark.needs_postgresql
@pytest.mark.needs_redis
async def test_whoever_lost_the_chat_unnoticed_neither_stores_nor_answers_what_the_next_one_did(two: Quarter) -> None:
    await two.takes(says(1, "/language"))
    window = two.phones.window(5)
    english = taps(2, window, button(window, "English"))
    stalled = Stalled(two.bots[0])
    late = asyncio.ensure_future(two.bots[0].takes(english))
    await until(stalled.there.is_set)
    async with Redis.from_url(OWN) as redis:
        await redis.delete("medkarta:chat:5")  # its lease ran out, and it does not know yet
    assert (await two.bots[1].takes(english)).status_code == 200
    edits = len(two.phones.calls_of(EditMessageText))
    stalled.go_on.set()
    assert (await asyncio.wait_for(late, PATIENCE_S)).status_code == 200
    assert len(two.phones.calls_of(EditMessageText)) == edits == 1
    assert two.phones.calls_of(SendMessage)[1:] == []
    assert (await met(two.bots[0])).language == "en"


@pytest.mark.needs_postgresql
@pytest.mark.needs_redis
async def test_whoever_lost_the_chat_unnoticed_does_not_undo_what_came_after(two: Quarter) -> None:
    await two.takes(says(1, "/language"))
    window = two.phones.window(5)
    stalled = Stalled(two.bots[0])
    with capture_logs() as logs:
        late = asyncio.ensure_future(two.bots[0].takes(taps(2, window, button(window, "English"))))
        await until(stalled.there.is_set)
        async with Redis.from_url(OWN) as redis:
            await redis.delete("medkarta:chat:5")
        assert (await two.bots[1].takes(says(3, "/help"))).status_code == 200
        assert (await two.bots[1].takes(says(4, "/language"))).status_code == 200
        now = two.phones.window(5)
        assert (await two.bots[1].takes(taps(5, now, button(now, "Русский")))).status_code == 200
        stalled.go_on.set()
        assert (await asyncio.wait_for(late, PATIENCE_S)).status_code == 200
    # Under its old hold it could store nothing; under a new one its button was a stale one.
    assert "update.lost_lock" in [each["event"] for each in logs]
    assert (await met(two.bots[0])).language == "ru"
    assert [each for each in two.phones.toasts() if "не действует" in each]
