"""What is done in the windows of a conversation."""

from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, ShowMode, StartMode
from aiogram_dialog.context.storage import StorageProxy
from aiogram_dialog.widgets.kbd import Button
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.conversation.getters import OPENS_AT
from bot.dialogs.notice import carry, said
from bot.dialogs.talking import CALLING, Calling, asks_for_stars, back_from_talk, place_of
from bot.places import PLACES
from bot.states import Conversation, Help
from bot.text import language_of
from core.domain.chat import Chat
from core.domain.conversation import OutsideHours, Side
from core.services.conversation import CallOperator, LeaveConversation, MayRate
from core.services.knowledge import RecentAsked


@inject
async def begin(
    start_data: object, manager: DialogManager, call: FromDishka[CallOperator], recent: FromDishka[RecentAsked]
) -> None:
    """The window opens: an operator is called, unless one is already. Outside hours it says when people are back."""
    carry(start_data, manager)
    met: Chat = manager.middleware_data["met"]
    calling: Calling = manager.middleware_data.pop(CALLING, None) or Calling()
    if met.talk is not None:
        return
    try:
        await call(
            manager.middleware_data["actor"],
            topic=calling.topic,
            words=calling.words,
            doing=await _doing(manager),
            urgent=calling.urgent,
            bot=said_before(await recent(manager.middleware_data["actor"], language_of(manager))),
        )
    except OutsideHours as closed:
        manager.dialog_data[OPENS_AT] = closed.opens_at.isoformat()
        await manager.switch_to(Conversation.closed)


def said_before(asked: Sequence[tuple[str, str]]) -> list[tuple[Side, str]]:
    """Return what was asked of the bot, and the titles of its answers, so that nobody has to say it twice."""
    both = [((Side.CITIZEN, words), (Side.BOT, title)) for words, title in asked]
    return [each for pair in both for each in pair if each[1]]


async def _doing(manager: DialogManager) -> str:
    """Return the place of the window beneath."""
    intents, proxy = manager.current_stack().intents, manager.middleware_data.get("aiogd_storage_proxy")
    if len(intents) < 2 or not isinstance(proxy, StorageProxy):
        return "menu"
    return place_of((await proxy.load_context(intents[-2])).state)


@inject
async def call_again(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, call: FromDishka[CallOperator]
) -> None:
    """«Позвать оператора» once more, in the same window."""
    try:
        await call(manager.middleware_data["actor"])
    except OutsideHours as closed:
        manager.dialog_data[OPENS_AT] = closed.opens_at.isoformat()
        await manager.switch_to(Conversation.closed)
    else:
        await manager.switch_to(Conversation.main)


async def go_back(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Back to what was open before; whoever waits goes on waiting."""
    await back_from_talk(manager)


@inject
async def leave(
    _callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    leave_it: FromDishka[LeaveConversation],
    may_rate: FromDishka[MayRate],
) -> None:
    """Out of the queue, or out of the conversation, which is asked about then; back to what was open before."""
    await leave_it(manager.middleware_data["actor"])
    spoken = await may_rate(manager.middleware_data["actor"])
    if spoken:
        await ask_for_stars(manager)
    await back_from_talk(manager, said("talk.left" if spoken else "talk.left_queue"))


@inject
async def request_instead(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, leave_it: FromDishka[LeaveConversation]
) -> None:
    """«Оставить обращение»: nobody waits any more."""
    await leave_it(manager.middleware_data["actor"])
    await manager.start(PLACES.get("support", Help.main), mode=StartMode.RESET_STACK, show_mode=ShowMode.EDIT)


async def ask_for_stars(manager: DialogManager) -> None:
    """Ask how it was, in a message of its own."""
    bot: Any = manager.middleware_data["bot"]
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    text, markup = asks_for_stars(language_of(manager))
    await bot.send_message(manager.middleware_data["event_chat"].id, text, reply_markup=markup)
