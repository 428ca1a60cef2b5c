"""What one turn of a conversation asks of the database, counted: two hundred people talk at once, and each question counts."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dishka import provide
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.live import Live
from core import ports
from core.domain.actor import Citizen, Visitor
from core.domain.ids import ChatId, ConversationId
from core.security.keyring import KeyRing
from core.services.notification import PUSHES, DeliverDue
from ops.container import make_container
from ops.settings import Settings
from tests.api.conftest import SETTINGS
from tests.api.listening import hired, session_of, watch
from tests.api.office import Office, Town
from tests.api.talking import Member, at_desk, calls, visits, writes
from tests.asked import Asked
from tests.databases import fresh_database

pytestmark = pytest.mark.needs_postgresql

SAID, SEEN, ANSWERED, SENT, NOTHING_DUE, LOOKED = 9, 10, 18, 13, 3, 2
"""Statements, BEGIN and COMMIT among them, of a line of somebody without an account, of its being read by the page, of the
answer, of its way to Telegram, of a look at the outbox when it is empty, and of one look for all pages of a process."""
OF_AN_ACCOUNT = 7
"""More for the page to read of somebody who has one: consent, account, card, application, tickets, and a BEGIN with its COMMIT."""


class Chat:
    """Telegram outside: it takes everything."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, _chat: int, push: ports.Push) -> int:
        self.texts.append(push.text)
        return len(self.texts)


class Outside(Town):
    """The outside of the office, Telegram with it."""

    def __init__(self, keyring: KeyRing) -> None:
        super().__init__(keyring)
        self.chat = Chat()

    @provide
    def messenger(self) -> ports.Messenger:
        return self.chat  # type: ignore[return-value]


@dataclass
class House:
    """An office, what its database was asked, and an operator at the desk."""

    office: Office
    asked: Asked
    chat: Chat
    olga: Member

    async def works(self) -> int:
        """The worker sends what is due; returns how much that was."""
        async with self.office.container() as scope:
            return await (await scope.get(DeliverDue))((PUSHES,))


@pytest.fixture
async def house(keyring: KeyRing, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(keyring, tmp_path) as (office, asked, chat), at_desk(office, "olga") as olga:
        yield House(office, asked, chat, olga)


@asynccontextmanager
async def opened(keyring: KeyRing, tmp_path: Path) -> AsyncIterator[tuple[Office, Asked, Chat]]:
    async with fresh_database("postgresql", tmp_path) as url:
        town, asked = Outside(keyring), Asked()
        container = make_container(Settings(_env_file=None, database_url=url, state_dir=tmp_path), town)
        asked.listen(await container.get(AsyncEngine))
        yield Office(create_app(container, SETTINGS), container, town), asked, town.chat
        await container.close()


async def taken(house: House, conversation: ConversationId) -> int:
    """Olga takes it, and what that sends has gone; returns the epoch."""
    assert (await house.olga.posts(f"/conversations/{conversation}/claim")).status_code == 200
    while await house.works():
        house.office.clock.passes(seconds=2)
    epoch: int = (await house.olga.sees(conversation))["conversation"]["epoch"]
    return epoch


async def turn(
    house: House, who: Citizen | Visitor, conversation: ConversationId, epoch: int, message: int
) -> list[list[str]]:
    """The citizen says something, the page reads it, olga answers, and the worker sends that."""
    house.office.clock.passes(seconds=2)
    office, asked, olga, lines = house.office, house.asked, house.olga, []

    async def said() -> None:
        lines.append(await writes(office, who, "Когда карта будет готова?", message))  # type: ignore[arg-type]

    async def answered() -> None:
        body = {"text": "Сегодня вечером", "epoch": epoch, "seen": lines[0].number}
        assert (await olga.posts(f"/conversations/{conversation}/lines", body)).status_code == 201

    async def sent() -> None:
        assert await house.works() == 1

    async def nothing_due() -> None:
        assert await house.works() == 0

    steps: list[Callable[[], Awaitable[Any]]] = [
        said,
        lambda: olga.sees(conversation, after=lines[0].number - 1),
        answered,
        sent,
        nothing_due,
    ]
    return [await asked.by(step()) for step in steps]


async def test_a_turn_of_a_visitor_costs_no_more_than_it_must(house: House) -> None:
    conversation = await visits(house.office, 7)
    epoch = await taken(house, conversation)
    await turn(house, Visitor(ChatId(7)), conversation, epoch, 1)
    costs = await turn(house, Visitor(ChatId(7)), conversation, epoch, 2)
    for cost, most in zip(costs, (SAID, SEEN, ANSWERED, SENT, NOTHING_DUE), strict=True):
        assert len(cost) <= most, cost
    assert "Сегодня вечером" in house.chat.texts[-1]


async def test_a_turn_of_somebody_with_an_account_costs_little_more(house: House) -> None:
    citizen, conversation = await calls(house.office)
    epoch = await taken(house, conversation)
    await turn(house, citizen, conversation, epoch, 1)
    costs = await turn(house, citizen, conversation, epoch, 2)
    for cost, most in zip(costs, (SAID, SEEN + OF_AN_ACCOUNT, ANSWERED, SENT, NOTHING_DUE), strict=True):
        assert len(cost) <= most, cost


async def test_whoever_listens_is_looked_at_in_one_statement_however_many_they_are(house: House) -> None:
    live: Live = house.office.app.state.live
    for number in range(12):
        staff = await hired(house.office, f"op{number}")
        await live.join(await session_of(house.office, f"op{number}"), watch(staff), "127.0.0.1", None)
    await live.look()  # notes who is there
    assert len(await house.asked.by(live.look())) <= LOOKED
    live.close()
