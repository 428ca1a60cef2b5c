"""A person who blocks the bot: nobody's trouble, and noted for as long as it is so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import SendMessage

from core.domain.chat import Chats
from core.domain.ids import ChatId
from core.domain.update import Incoming, Standing
from core.ports import Transaction
from core.services.update import CountKept
from tests.bot.processes import NOW, Process, Quarter, quarter, says, who
from tests.databases import fresh_database

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def alone(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Quarter]:
    """One bot on embedded defaults."""
    async with (
        fresh_database("sqlite", tmp_path) as url,
        quarter(1, url, None, tmp_path / "state", keyring_folder) as found,
    ):
        yield found


async def blocked(process: Process, chat: int = 5) -> bool:
    async with process.container() as scope, (await scope.get(Transaction)).looking():
        return ChatId(chat) in await (await scope.get(Chats)).blocked([ChatId(chat)])


def kicked(number: int, chat: int = 5, *, back: bool = False) -> dict[str, Any]:
    bot = {"id": 42, "is_bot": True, "first_name": "Медкарта"}
    member = {"status": "member", "user": bot}
    return {
        "update_id": number,
        "my_chat_member": {
            "chat": {"id": chat, "type": "private"},
            "from": who(chat),
            "date": 1764000000,
            "old_chat_member": {"status": "kicked", "user": bot, "until_date": 0} if back else member,
            "new_chat_member": member if back else {"status": "kicked", "user": bot, "until_date": 0},
        },
    }


async def test_who_blocks_the_bot_before_the_answer_is_nobodys_trouble(alone: Quarter) -> None:
    alone.phones.gone.add(5)
    assert (await alone.takes(says(1, "/start"))).status_code == 200
    assert len(alone.phones.calls_of(SendMessage)) == 1
    async with alone.bots[0].container() as scope:
        assert (await (await scope.get(CountKept))()).states[Standing.ASIDE] == 0
    assert await blocked(alone.bots[0])
    alone.phones.gone.clear()
    await alone.takes(says(2, "/start"))
    assert not await blocked(alone.bots[0])


async def test_that_somebody_is_back_is_known_to_what_is_settled_late(alone: Quarter) -> None:
    await alone.takes(says(1, "/start"))
    await alone.takes(kicked(2, back=True))
    async with alone.bots[0].container() as scope, await scope.get(Transaction):
        await (await scope.get(Chats)).block(ChatId(5), NOW, unless_heard_since=LONG_AGO)
    assert not await blocked(alone.bots[0])


async def test_that_somebody_blocked_the_bot_stays_noted_however_often_it_is_brought(alone: Quarter) -> None:
    await alone.takes(says(1, "/start"))
    for _ in range(2):
        assert (await alone.takes(kicked(2))).status_code == 200
    # Noted, and not marked as answered before the process died.
    async with alone.bots[0].container() as scope:
        (await scope.get(Incoming)).id = 3
        async with await scope.get(Transaction):
            await (await scope.get(Chats)).block(ChatId(5), NOW)
    assert (await alone.takes(kicked(3))).status_code == 200
    # Something older that is brought again does not undo it.
    assert (await alone.takes(says(1, "/start"))).status_code == 200
    assert await blocked(alone.bots[0])
    async with alone.bots[0].container() as scope:
        assert (await (await scope.get(CountKept))()).states[Standing.ASIDE] == 0
