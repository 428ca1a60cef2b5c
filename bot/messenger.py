"""`core.ports.Messenger` by Telegram: what the worker sends."""

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.handlers.places import GoTo
from core.ports import Later, Push, Refused, Unavailable

BLOCKED = "blocked"


class TelegramMessenger:
    """Sends pushes. No client library retries here: the outbox decides."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def send(self, chat: int, push: Push) -> int:
        """Send one push and return the message id. Raises Refused, Later, Unavailable."""
        rows = [
            [InlineKeyboardButton(text=label, callback_data=GoTo(place=place).pack()) for label, place in row]
            for row in push.buttons
        ]
        try:
            message = await self.bot.send_message(
                chat,
                push.text,
                reply_markup=InlineKeyboardMarkup(inline_keyboard=rows) if rows else None,
                disable_notification=push.silent,
            )
        except TelegramRetryAfter as pause:
            raise Later(pause.retry_after) from pause
        except TelegramForbiddenError as refusal:
            raise Refused(BLOCKED) from refusal
        except TelegramBadRequest as refusal:
            raise Refused(refusal.message) from refusal
        except (TelegramNetworkError, TelegramServerError) as fault:
            raise Unavailable("telegram") from fault
        except TelegramAPIError as fault:
            raise Refused(fault.message) from fault
        return message.message_id
