"""Once: an update takes effect exactly once, and its person has an answer at least once."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.enums import ChatMemberStatus
from aiogram.types import Chat as TelegramChat
from aiogram.types import TelegramObject, Update, User
from aiogram_dialog.api.entities import DialogUpdate
from dishka import AsyncContainer

from core.domain.ids import ChatId
from core.domain.update import AlreadyDone, UpdateState
from core.services.chat import MeetArrival
from core.services.update import FinishUpdate


class Once(BaseMiddleware):
    """Opens the update's own injection scope, asks whether the update was seen before, and marks it answered at the end.

    An update that took effect, but whose answer may be lost (a crash between the two), is not handled again: the person is
    shown where they are. One that was answered is passed over in silence. Only people in private chats are served; who
    they are is looked up in the same look and left in the data as `met`. A window that is drawn without an update of Telegram's
    takes no effect: there is nothing to be once, nothing to be marked.
    """

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> object:
        assert isinstance(event, Update)  # noqa: S101 (registered on updates alone)
        chat: TelegramChat | None = data.get("event_chat")
        person: User | None = data.get("event_from_user")
        if person is None or person.is_bot or chat is None or chat.type != "private":
            return None
        async with self.container() as scope:
            data["dishka_container"] = scope
            meet, whom = await scope.get(MeetArrival), (event.update_id, ChatId(chat.id), person.language_code)
            change = event.my_chat_member
            speaks = change is None or change.new_chat_member.status != ChatMemberStatus.KICKED
            if isinstance(event, DialogUpdate):
                _, data["met"] = await meet(*whom, speaks=False)
                return await handler(event, data)
            state, data["met"] = await meet(*whom, speaks=speaks)
            if state is UpdateState.ANSWERED:
                return None
            data["show_again"] = state is UpdateState.DONE
            try:
                result = await handler(event, data)
            except AlreadyDone:
                data["show_again"] = True
                state, data["met"] = await meet(*whom, speaks=speaks)
                if state is UpdateState.ANSWERED:
                    # Another process has done all of it meanwhile.
                    return None
                result = await handler(event, data)
            await (await scope.get(FinishUpdate))(event.update_id)
            return result
