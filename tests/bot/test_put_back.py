"""What an administrator puts back: no form takes it for an answer of its own, and its person learns what has become of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram.methods import DeleteMessage, SendMessage

from bot.intake.arrival import Arrival
from core import ports
from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.actor import Citizen, Role, Staff
from core.domain.chat import Chats
from core.domain.ids import AccountId, ChatId, StaffId, new_id
from core.domain.update import Fault
from core.services.consent import GiveConsent
from core.services.update import CountKept, KeepUpdates, RetryUpdate, SetUpdateAside
from tests.bot.processes import NOW, Quarter, button, quarter, says, taps
from tests.bot.street import a_moment, until
from tests.databases import fresh_database

BORN, SEX, STUCK = "<b>Дата рождения", "<b>Пол</b>", "застряло"
"""Words of two questions, and of what is said of a message that got stuck."""


@pytest.fixture
async def alone(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Quarter]:
    """One bot on embedded defaults."""
    async with (
        fresh_database("sqlite", tmp_path) as url,
        quarter(1, url, None, tmp_path / "state", keyring_folder) as found,
    ):
        yield found


async def with_consent(quarter: Quarter, chat: int = 5) -> Citizen:
    citizen = Citizen(AccountId(new_id(NOW)), ChatId(chat))
    async with quarter.bots[0].container() as scope:
        accounts, chats = await scope.get(Accounts), await scope.get(Chats)
        async with await scope.get(ports.Transaction):
            person = PortalPerson("subject", "PR", "Ильина", "Анна")
            await accounts.add(Account(citizen.account, Verification.VERIFIED, person, None, None, 1), NOW)
            await chats.meet(citizen.chat, "ru", NOW)
            await chats.bind(citizen.chat, citizen.account, NOW)
    async with quarter.bots[0].container() as scope:
        await (await scope.get(GiveConsent))(citizen, "ru")
    return citizen


async def asked_when_born(quarter: Quarter) -> None:
    """Lead somebody to the question that takes a date."""
    await with_consent(quarter)
    await quarter.takes(says(1, "/card"))
    shown = quarter.phones.window(5)
    await quarter.takes(taps(2, shown, button(shown, "верно")))
    assert BORN in str(quarter.phones.window(5).text)


async def test_a_text_that_is_put_back_is_no_answer_to_the_window_that_is_open_now(alone: Quarter) -> None:
    await asked_when_born(alone)
    administrator = Staff(StaffId(new_id(NOW)), Role.ADMINISTRATOR)
    async with alone.bots[0].container() as scope:
        given_up = Arrival.of(says(3, "12.03.1985"), tries=5).to_keep
        await (await scope.get(SetUpdateAside))(given_up, Fault("ValueError", "card.py:7"))
    async with alone.bots[0].container() as scope:
        await (await scope.get(RetryUpdate))(administrator, 3)
    await alone.bots[0].intake.lines.look()
    await until(lambda: STUCK in str([each.text for each in alone.phones.calls_of(SendMessage)]))
    (answer,) = [each for each in alone.phones.calls_of(SendMessage) if STUCK in each.text]
    assert answer.reply_parameters is not None
    assert answer.reply_parameters.message_id == 3
    await settled(alone)
    assert BORN in str(alone.phones.window(5).text)
    removed = [each.message_id for each in alone.phones.calls_of(DeleteMessage)]
    assert 3 not in removed, "it stays to be read, and sent again"


async def test_a_text_that_only_waited_is_the_answer_that_it_was(alone: Quarter) -> None:
    await asked_when_born(alone)
    async with alone.bots[0].container() as scope:
        await (await scope.get(KeepUpdates))([Arrival.of(says(3, "12.03.1985")).to_keep])
    await alone.bots[0].intake.lines.look()
    await until(lambda: SEX in str(alone.phones.window(5).text))
    await settled(alone)
    assert STUCK not in str([each.text for each in alone.phones.calls_of(SendMessage)])


async def test_a_command_that_is_put_back_is_followed(alone: Quarter) -> None:
    await asked_when_born(alone)
    async with alone.bots[0].container() as scope:
        await (await scope.get(SetUpdateAside))(Arrival.of(says(3, "/help")).to_keep, Fault("ValueError", ""))
    async with alone.bots[0].container() as scope:
        await (await scope.get(RetryUpdate))(Staff(StaffId(new_id(NOW)), Role.ADMINISTRATOR), 3)
    await alone.bots[0].intake.lines.look()
    await until(lambda: "103" in str(alone.phones.window(5).text))


async def settled(quarter: Quarter) -> None:
    """Wait until nothing is kept any more."""
    while True:
        async with quarter.bots[0].container() as scope:
            if not any((await (await scope.get(CountKept))()).states.values()):
                return
        await a_moment()
