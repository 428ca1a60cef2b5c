"""Once: an update takes effect exactly once, and its person has an answer at least once."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update
from dishka import AsyncContainer

from core.domain.update import AlreadyDone, UpdateState
from core.services.update import FinishUpdate, MeetUpdate

ShowAgain = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Once(BaseMiddleware):
    """Opens the update's own injection scope, asks whether the update was seen before, and marks it answered at the end.

    An update that took effect, but whose answer may be lost (a crash between the two), is not handled again: the person is
    shown where they are. One that was answered is passed over in silence.
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
        async with self.container() as scope:
            data["dishka_container"] = scope
            state = await (await scope.get(MeetUpdate))(event.update_id)
            if state is UpdateState.ANSWERED:
                return None
            data["show_again"] = state is UpdateState.DONE
            try:
                result = await handler(event, data)
            except AlreadyDone:
                data["show_again"] = True
                result = await handler(event, data)
            await (await scope.get(FinishUpdate))(event.update_id)
            return result
