"""A window that waits for a paper follows it without a tap, while it is open, for minutes at most, and asks nothing for nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import TelegramNetworkError
from aiogram.fsm.storage.memory import DisabledEventIsolation, MemoryStorage
from aiogram.methods import EditMessageText, SendMessage, TelegramMethod
from aiogram.types import Message, Update

from bot.app import make_dispatcher
from bot.following import FOLLOWED_S, Following
from core.domain.actor import Citizen
from core.domain.extract import ExtractKind, Extracts
from core.domain.ids import ExtractId
from core.ports import Transaction
from core.security.keyring import KeyRing
from core.services.extract import MakePaper, RefuseExtract, SignExtract
from core.services.factor import LockRecord
from ops.lock import LocalLocks
from tests.bot.processes import Phones, button, says, taps
from tests.bot.street import until
from tests.core.services.papers import a_doctor, order, totp_code, work
from tests.core.services.patient import a_patient
from tests.core.services.town import Town, settle
from tests.databases import KINDS, fresh_database

CHAT = 1


class Guarded(Phones):
    """Tells of a message whether it can be forwarded, as Telegram does."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        kept = None
        if isinstance(method, EditMessageText):
            before = self.seen.get((int(method.chat_id or 0), int(method.message_id or 0)))
            kept = before.has_protected_content if before else None
        made = await super().make_request(bot, method, timeout)
        if isinstance(method, SendMessage | EditMessageText):
            guarded = kept or getattr(method, "protect_content", None) or None
            made = made.model_copy(update={"has_protected_content": guarded}).as_(bot)
            self.seen[made.chat.id, made.message_id] = made
        return made


@dataclass
class Room:
    """One bot over a town; `now` are the ticks by which it follows."""

    town: Town
    citizen: Citizen
    phones: Guarded
    bot: Bot
    dispatcher: Dispatcher
    following: Following
    ticks: list[float] = field(default_factory=lambda: [1000.0])
    number: int = 100

    @property
    def window(self) -> Message:
        return self.phones.window(CHAT)

    async def takes(self, update: dict[str, Any]) -> None:
        await self.dispatcher.feed_update(self.bot, Update.model_validate(update, context={"bot": self.bot}))

    async def says(self, text: str) -> None:
        self.number += 1
        await self.takes(says(self.number, text, CHAT))

    async def taps(self, label: str) -> None:
        self.number += 1
        window = self.window
        await self.takes(taps(self.number, window, button(window, label), CHAT))

    async def waits_for(self, kind: ExtractKind = ExtractKind.HISTORY) -> None:
        """Order a paper, and look at it."""
        await order(self.town, self.citizen, kind)
        await self.says("/documents")
        await self.taps("⏳")


@asynccontextmanager
async def room(kind: str, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Room]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(kind, tmp_path))
        town = await settle(stack, url, tmp_path, keyring)
        citizen = await a_patient(town)
        phones, ticks = Guarded(), [1000.0]
        bot = Bot("42:abcdefgh", session=phones, default=DefaultBotProperties(parse_mode="HTML"))
        dispatcher = make_dispatcher(town.container, MemoryStorage(), DisabledEventIsolation())
        dispatcher["public_url"] = "http://127.0.0.1"
        dispatcher["hotline"] = dispatcher["support_mail"] = None
        following = Following(bot, dispatcher, town.container, LocalLocks(), lambda: ticks[0], look=0.01)
        dispatcher["following"] = following
        yield Room(town, citizen, phones, bot, dispatcher, following, ticks)


@pytest.fixture(scope="module")
def keyring(keyring_folder: Path) -> KeyRing:
    return KeyRing.open(keyring_folder)


@pytest.fixture(params=KINDS)
async def here(request: pytest.FixtureRequest, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Room]:
    async with room(request.param, tmp_path, keyring) as found:
        yield found


async def test_the_window_follows_the_paper_to_its_end_in_the_same_message(here: Room) -> None:
    await here.waits_for()
    window = here.window
    assert "✅ Заказ принят\n▫️ Бумага с электронной подписью" in (window.text or "")
    await here.following.look()
    assert here.window == window, "nothing has moved on, and nothing was drawn"
    await here.town.call(MakePaper)
    await here.following.look()
    assert here.window.message_id == window.message_id
    assert "Готова и подписана" in (here.window.text or "")
    assert "Бумага с" not in (here.window.text or "")
    assert button(here.window, "Скачать PDF")
    assert here.following.waiting == 0, "there is nothing to wait for any more"


async def test_a_doctors_paper_is_followed_to_the_doctor_and_again_from_the_doctor_on(here: Room) -> None:
    await here.waits_for(ExtractKind.HEALTH)
    await here.town.call(MakePaper)
    await here.following.look()
    assert "Ждёт подписи врача" in (here.window.text or "")
    assert "⏳ Подпись врача\n▫️ Бумага" in (here.window.text or "")
    assert here.following.waiting == 0, "that is a working day"


async def test_whoever_went_to_another_window_is_left_there(here: Room) -> None:
    await here.waits_for()
    await here.taps("Назад")
    there = here.window
    await work(here.town)
    await here.following.look()
    assert here.window == there
    assert here.following.waiting == 0
    await here.waits_for(ExtractKind.VACCINATIONS)
    await here.says("/help")
    there = here.window
    await work(here.town)
    await here.following.look()
    assert here.phones.windows(CHAT) == [there]


async def test_whoever_locked_the_record_meanwhile_sees_nothing_of_it(here: Room) -> None:
    await here.waits_for()
    before, calls = here.window, len(here.phones.calls)
    await here.town.call(LockRecord, here.citizen)
    await work(here.town)
    await here.following.look()
    assert here.window == before
    assert len(here.phones.calls) == calls
    assert here.following.waiting == 0


async def test_a_telegram_that_is_away_leaves_the_button(here: Room) -> None:
    await here.waits_for()
    await work(here.town)
    here.phones.faults = [TelegramNetworkError(method=SendMessage(chat_id=1, text="x"), message="reset")]
    await here.following.look()
    assert here.following.waiting == 0
    await here.taps("Обновить")
    assert "Готова и подписана" in (here.window.text or "")


async def test_nobody_is_followed_for_longer_than_minutes(here: Room) -> None:
    await here.waits_for()
    here.ticks[0] += FOLLOWED_S
    here.town.clock.turn(minutes=6)
    await here.following.look()
    assert "Сегодня дольше обычного" in (here.window.text or "")
    assert here.following.waiting == 0
    await here.taps("Обновить")
    assert here.following.waiting == 1


async def test_looks_of_ours_make_nobody_wait_longer(here: Room) -> None:
    await here.waits_for()
    here.ticks[0] += FOLLOWED_S - 1
    async with here.town.container() as scope, await scope.get(Transaction):
        await (await scope.get(Extracts)).claim(here.town.clock.now(), here.town.clock.now())
    await here.following.look()
    assert "⏳ Бумага с электронной подписью" in (here.window.text or "")
    assert here.following.waiting == 1
    here.ticks[0] += 1
    await here.following.look()
    assert here.following.waiting == 0


async def test_it_runs_beside_everything_else_and_asks_nothing_while_nobody_waits(here: Room) -> None:
    asked = 0
    look = here.following.look

    async def counted() -> None:
        nonlocal asked
        asked += 1
        await look()

    here.following.look = counted  # type: ignore[method-assign]
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(here.following.run(stop))
        await here.says("/documents")
        assert asked == 0
        await here.waits_for()
        await work(here.town)
        await until(lambda: "Готова и подписана" in (here.window.text or ""))
        await until(lambda: here.following.waiting == 0)
        stop.set()
    assert asked > 0


async def test_a_refusal_ends_the_steps_and_a_signature_goes_on_with_them(here: Room) -> None:
    await here.waits_for(ExtractKind.HEALTH)
    doctor, secret = await a_doctor(here.town)
    await work(here.town)
    await here.following.look()
    (waiting,) = [each async for each in _waiting(here.town)]
    await here.town.call(SignExtract, doctor, waiting, "Здоров, ограничений нет.", totp_code(here.town, secret))
    await here.taps("Обновить")
    assert "✅ Подпись врача\n▫️ Бумага" in (here.window.text or "")
    await work(here.town)
    await here.following.look()
    assert "Готова и подписана" in (here.window.text or "")
    await here.waits_for(ExtractKind.HEALTH)
    await work(here.town)
    (waiting,) = [each async for each in _waiting(here.town)]
    await here.town.call(RefuseExtract, doctor, waiting, "Нужен осмотр")
    await here.following.look()
    assert "Нужен осмотр" in (here.window.text or "")
    assert "▫️" not in (here.window.text or "")


async def _waiting(town: Town) -> AsyncIterator[ExtractId]:
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        for each in await (await scope.get(Extracts)).waiting(10):
            yield each.id
