"""The buttons of a conversation that stand under messages: stay or leave, return, how it was, the paper, the step."""

from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery, ForceReply, Message
from aiogram_dialog import DialogManager, StartMode
from dishka import AsyncContainer

from bot.dialogs.conversation.sharing import open_sections
from bot.dialogs.notice import said
from bot.dialogs.talking import (
    LEAVE,
    OURS,
    PAPER,
    RATE,
    RETURN,
    SHARE,
    STAY,
    STEP,
    asks_for_stars,
    back_from_talk,
    fresh,
    is_talking,
)
from bot.handlers.places import door
from bot.handlers.showing import show_below, without_buttons
from bot.places import PLACES, GoTo, GoToOne
from bot.states import Conversation
from bot.steps import Steps
from bot.sweep import remove_later
from bot.words import say
from core.domain.actor import Citizen, NotAllowed, Visitor
from core.domain.chat import Chat
from core.domain.conversation import ConversationNotThere
from core.services.conversation import LeaveConversation, MayRate, RateConversation


class Press:
    """A tap on one of them, with what the handlers of the product know."""

    def __init__(self, callback: CallbackQuery, manager: DialogManager, arg: str, data: dict[str, Any]) -> None:
        self.callback, self.manager, self.arg = callback, manager, arg
        self.actor: Visitor | Citizen = data["actor"]
        self.met: Chat = data["met"]
        self.language: str = data["language"]
        self.steps: Steps = data["steps"]
        self.scope: AsyncContainer = data["dishka_container"]

    async def say(self, key: str, **values: object) -> None:
        """Answer in a box that is read and closed."""
        await self.callback.answer(say(key, self.language, values), show_alert=True)

    async def remove(self) -> None:
        """Let the message of the button go."""
        message = self.callback.message
        if message is not None and self.callback.bot is not None:
            await remove_later(self.callback.bot, message.chat.id, message.message_id)


async def stay(press: Press) -> None:
    """«Остаться»: the question goes."""
    await press.callback.answer()
    await press.remove()


async def leave(press: Press) -> None:
    """«Выйти»: it is over; then there where the person wanted to go, or back."""
    await (await press.scope.get(LeaveConversation))(press.actor)
    await press.callback.answer()
    await press.remove()
    await ask_for_stars(press)
    wanted, _, about = press.arg.partition("/")
    if wanted not in PLACES:
        await back_from_talk(press.manager, said("talk.left"))
        return
    mode = await fresh(press.manager)
    state, first = door(wanted, press.actor, about)
    await press.manager.start(state, data=first, mode=StartMode.RESET_STACK, show_mode=mode)


async def go_back(press: Press) -> None:
    """«Вернуться»: the window in which the person was, and the question how it was."""
    if press.met.talk is not None:
        await press.say("talk.still")
        return
    await press.callback.answer()
    await without_buttons(press.callback)
    await ask_for_stars(press)
    await back_from_talk(press.manager)


async def rate(press: Press) -> None:
    """So many stars."""
    try:
        await (await press.scope.get(RateConversation))(press.actor, int(press.arg))
    except (ConversationNotThere, NotAllowed, ValueError):
        await press.say("talk.not_rated")
        return
    await press.callback.answer()
    if isinstance(press.callback.message, Message):
        await press.callback.message.edit_text(say("talk.rated", press.language, {"stars": press.arg}))


async def paper(press: Press) -> None:
    """«Прислать документ»: the next file answers the question of the operator."""
    message = press.callback.message
    if press.met.talk is None or message is None or press.callback.bot is None:
        await press.say("talk.paper_late")
        return
    await press.callback.answer()
    hint = ForceReply(input_field_placeholder=say("talk.paper_hint", press.language))
    prompt = await press.callback.bot.send_message(press.met.id, say("talk.paper", press.language), reply_markup=hint)
    await press.steps.put(press.met.id, PAPER, press.met.talk, f"{message.message_id} {prompt.message_id}")


async def step(press: Press) -> None:
    """A step that the operator opened: beside the conversation, which goes on."""
    if press.met.talk is not None:
        await press.steps.put(press.met.id, STEP, press.met.talk, press.arg)
    await press.callback.answer()
    wanted, _, about = press.arg.partition("/")
    if is_talking(press.manager):
        # What was open before the conversation is not what the operator means.
        await press.manager.mark_closed()
    await show_below(press.manager, *door(wanted, press.actor, about))


async def share(press: Press) -> None:
    """«Показать оператору из карты»: what, is asked in a window."""
    if press.met.talk is None or not isinstance(press.actor, Citizen):
        await press.say("talk.share_late")
        return
    await press.callback.answer()
    await open_sections(press.manager)
    mode = await fresh(press.manager)
    while is_talking(press.manager):
        await press.manager.mark_closed()
    await press.manager.start(Conversation.sections, mode=StartMode.NORMAL, show_mode=mode)


DOES = {STAY: stay, LEAVE: leave, RETURN: go_back, RATE: rate, PAPER: paper, STEP: step, SHARE: share}


async def ask_for_stars(press: Press) -> None:
    """Ask how it was, in a message of its own, whoever has spoken with somebody."""
    if not await (await press.scope.get(MayRate))(press.actor):
        return
    text, markup = asks_for_stars(press.language)
    if press.callback.bot is not None:
        await press.callback.bot.send_message(press.met.id, text, reply_markup=markup)


def talk_buttons_router() -> Router:
    """Return the router. It is asked before that of the places."""
    router = Router(name="talk_buttons")

    @router.callback_query(GoTo.filter(F.place.in_(OURS)))
    @router.callback_query(GoToOne.filter(F.place.in_(OURS)))
    async def pressed(
        callback: CallbackQuery, callback_data: GoTo | GoToOne, dialog_manager: DialogManager, **data: Any
    ) -> None:
        arg = callback_data.arg if isinstance(callback_data, GoToOne) else ""
        await DOES[callback_data.place](Press(callback, dialog_manager, arg, data))

    return router
