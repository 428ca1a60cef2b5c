"""While an operator speaks the bot keeps silent: no window is read for what is said, and no button leads away unasked."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject
from dishka import AsyncContainer

from bot.dialogs.talking import HERE, MARK, OURS, asks_to_leave
from bot.places import OPERATOR, GoTo, GoToOne
from bot.steps import STEP, Steps
from core.domain.chat import Chat
from core.domain.conversation import ConversationState
from core.services.conversation import ViewQueuePlace

REPLY_TO = "reply_to"
"""In the data: the id of the message that was answered."""


class Talking(BaseMiddleware):
    """Stands before the dialogs' own middleware, which takes an answer to an old window for a press of its buttons.

    What is answered goes into the data as `reply_to`. While an operator has the conversation, a button that is none of the
    conversation's asks first; beside a step that the operator has opened, all buttons work.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        met: Chat | None = data.get("met")
        if met is None or met.talk is None:
            return await handler(event, data)
        if isinstance(event, Message) and event.reply_to_message is not None:
            data[REPLY_TO] = event.reply_to_message.message_id
            event = event.model_copy(update={"reply_to_message": None})
        elif isinstance(event, CallbackQuery) and not is_ours(event.data or "") and await leads_away(met, data):
            await event.answer()
            text, markup = asks_to_leave(data["language"], *_wanted(event.data or ""))
            await data["bot"].send_message(met.id, text, reply_markup=markup)
            return None
        return await handler(event, data)


def is_ours(pressed: str) -> bool:
    """Whether a button is the conversation's own."""
    place, _ = _wanted(pressed)
    return place in OURS or place == OPERATOR or pressed.rpartition("\x1d")[2].startswith(MARK)


async def leads_away(met: Chat, data: dict[str, Any]) -> bool:
    """Whether an operator has the conversation, and has opened nothing beside it."""
    steps: Steps = data["steps"]
    scope: AsyncContainer = data["dishka_container"]
    place = await (await scope.get(ViewQueuePlace))(met.actor)
    taken = place is not None and place.state is ConversationState.TAKEN
    return taken and await steps.get(met.id, STEP, met.talk) is None


def _wanted(pressed: str) -> tuple[str, str]:
    """Return the place that a button opens, and what it is about; HERE for a window's own."""
    for kind in (GoTo, GoToOne):
        try:
            found = kind.unpack(pressed)
        except (TypeError, ValueError):
            continue
        return found.place, getattr(found, "arg", "")
    return HERE, ""
