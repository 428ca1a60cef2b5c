"""The last call of a turn, when nobody needs its result, goes into the answer to the webhook: one round trip less.

Telegram does not tell what became of a call in an answer, and when the answer is lost on its way the call is lost with it: the
update is done by then, and a repetition of it is passed over in silence. So only what may fail unseen travels there:

- a silent answer to a press: the clock on the button goes away by itself;
- the removal of a window of ours that was replaced: it stays above the new one, and its buttons say that they are stale.

Never what a person waits for. A window's edit would need no result, and would be the call that is worth most; but a refusal
(a window that was deleted meanwhile, 429, a text that Telegram cannot parse) would leave the person before the old
window with nobody knowing, where a call of its own is tried again and counted. Never the removal of what a person typed either:
it may name them, and is tried until it is gone (`bot/sweep.py`).
"""

from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, DeleteMessage, DeleteMessages, Response, TelegramMethod
from aiogram.methods.base import TelegramType

TOO_OLD = "query is too old"


class Reply:
    """What one answer to the webhook will carry. A call that is followed by another one is made after all, in its place."""

    def __init__(self) -> None:
        self.waiting: TelegramMethod[Any] | None = None

    def body(self) -> dict[str, Any] | None:
        """Return the call as Telegram reads it in an answer, and forget it."""
        method, self.waiting = self.waiting, None
        if method is None:
            return None
        return {"method": method.__api_method__, **method.model_dump(mode="json", exclude_none=True)}


REPLY: ContextVar[Reply | None] = ContextVar("REPLY", default=None)


@dataclass(eq=False, slots=True)
class Heard:
    """Whether Telegram has taken anything that was said of one update."""

    by_telegram: bool = False


HEARD: ContextVar[Heard | None] = ContextVar("HEARD", default=None)


def can_wait(method: TelegramMethod[Any]) -> bool:
    """Whether it may fail unseen."""
    if isinstance(method, AnswerCallbackQuery):
        return not method.text and not method.url
    return isinstance(method, DeleteMessage | DeleteMessages)


class Replying(BaseRequestMiddleware):
    """Holds back the call that may be the last one; and takes it for done that a press is too old to be answered."""

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        reply = REPLY.get()
        if reply is not None:
            before, reply.waiting = reply.waiting, None
            if before is not None:
                # As in an answer: whether it worked is not told.
                with suppress(TelegramBadRequest):
                    await make_request(bot, before)
            if can_wait(method):
                reply.waiting = method
                return Response[TelegramType](ok=True, result=True)  # type: ignore[arg-type]  # each of them answers True
        try:
            answer = await make_request(bot, method)
        except TelegramBadRequest as refusal:
            if isinstance(method, AnswerCallbackQuery) and TOO_OLD in refusal.message:
                return Response[TelegramType](ok=True, result=True)  # type: ignore[arg-type]
            raise
        heard = HEARD.get()
        if heard is not None:
            heard.by_telegram = True
        return answer
