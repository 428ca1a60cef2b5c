"""`core.ports.Messenger` by Telegram: what the worker sends, in one light call of the Bot API each."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import aiohttp
import orjson

from bot.places import pressed
from core.ports import Carried, Enclosure, Later, Push, Refused, Unavailable, Uncertain

BLOCKED = "blocked"
TELEGRAM = "https://api.telegram.org"
FREE_RATE = 30
CONNECT_SECONDS = 5.0
SECONDS = 15.0
UPLOADING = aiohttp.ClientTimeout(total=90.0, connect=CONNECT_SECONDS)
"""A file of 20 MB over a slow line."""
MOST_OF_A_PHOTO = 10 * 1024 * 1024
"""Telegram takes larger pictures as documents only."""
KEPT_ALIVE_SECONDS = 4.0
"""Shorter than servers keep an idle connection, so that a call is rarely written into one that is just being closed."""
ANSWER_LIMIT = 64 * 1024
CONNECTIONS = 200
TIRED = 504
"""A gateway passed the call on and did not wait for its end."""
GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot can't initiate conversation")
SAME, NOT_THERE = "message is not modified", "message to delete not found"
JSON = {"Content-Type": "application/json"}


class TelegramMessenger:
    """Sends pushes. Nothing repeats a call here: the outbox decides.

    Not aiogram's client: it builds and checks typed objects for a message id, at twenty times the cost.
    """

    def __init__(self, token: str, api_url: str | None, *, rate: int = FREE_RATE) -> None:
        self._url = f"{api_url or TELEGRAM}/bot{token}"
        self._paid = rate > FREE_RATE
        self._session: aiohttp.ClientSession | None = None

    async def send(self, chat: int, push: Push) -> int:
        """Send one push and return the message id. Raises Refused, Later, Unavailable, Uncertain."""
        asked = self._asked(chat, push)
        if push.enclosure is None:
            asked |= {"text": push.text, "link_preview_options": {"is_disabled": True}}
            sent = await self._call("sendMessage", orjson.dumps(asked))
        else:
            sent = await self._call(*_enclosing(push.enclosure, asked | {"caption": push.text}))
        return int(sent["message_id"])

    async def pin(self, chat: int, message: int) -> None:
        """Put a message to the top of its chat, silently. Raises as `send`."""
        asked = {"chat_id": chat, "message_id": message, "disable_notification": True}
        await self._call("pinChatMessage", orjson.dumps(asked))

    async def unpin(self, chat: int, message: int) -> None:
        """Take it down. Raises as `send`."""
        await self._call("unpinChatMessage", orjson.dumps({"chat_id": chat, "message_id": message}))

    async def edit(self, chat: int, message: int, text: str, *, caption: bool = False) -> None:
        """Let a message say something else; saying what it says already is no fault. Raises as `send`."""
        asked: dict[str, Any] = {"chat_id": chat, "message_id": message, "parse_mode": "HTML"}
        asked |= {"caption": text} if caption else {"text": text, "link_preview_options": {"is_disabled": True}}
        try:
            await self._call("editMessageCaption" if caption else "editMessageText", orjson.dumps(asked))
        except Refused as refused:
            if SAME not in refused.reason:
                raise

    async def remove(self, chat: int, message: int) -> None:
        """Delete it; one that is gone already is no fault. Raises as `send`."""
        try:
            await self._call("deleteMessage", orjson.dumps({"chat_id": chat, "message_id": message}))
        except Refused as refused:
            if NOT_THERE not in refused.reason:
                raise

    async def typing(self, chat: int) -> None:
        """Show for some five seconds that somebody writes. Raises as `send`."""
        await self._call("sendChatAction", orjson.dumps({"chat_id": chat, "action": "typing"}))

    async def _call(self, method: str, asked: bytes | aiohttp.FormData) -> Any:  # noqa: ANN401 - whatever it answers
        told = {"headers": JSON} if isinstance(asked, bytes) else {"timeout": UPLOADING}
        try:
            async with self._client().post(f"{self._url}/{method}", data=asked, **told) as answer:
                status, body = answer.status, await answer.content.read(ANSWER_LIMIT)
                while not answer.content.at_eof():
                    body += await answer.content.read(ANSWER_LIMIT)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as fault:
            # Nothing was written.
            raise Unavailable("telegram") from fault
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise Uncertain("telegram") from fault
        return _read(status, body)

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEPT_ALIVE_SECONDS),
                timeout=aiohttp.ClientTimeout(total=SECONDS, connect=CONNECT_SECONDS),
                auto_decompress=False,
                skip_auto_headers=("User-Agent",),
            )
        return self._session

    def _asked(self, chat: int, push: Push) -> dict[str, Any]:
        asked: dict[str, Any] = {"chat_id": chat, "parse_mode": "HTML"}
        if push.buttons:
            rows = [[{"text": label, "callback_data": _pressed(place)} for label, place in row] for row in push.buttons]
            asked["reply_markup"] = {"inline_keyboard": rows}
        if push.reply_to is not None:
            # The person may have deleted it since: what is said goes anyway.
            asked["reply_parameters"] = {"message_id": push.reply_to, "allow_sending_without_reply": True}
        if push.silent:
            asked["disable_notification"] = True
        if self._paid:
            asked["allow_paid_broadcast"] = True
        return asked


def _enclosing(enclosure: Enclosure, asked: Mapping[str, Any]) -> tuple[str, aiohttp.FormData]:
    """Return the method that carries a file, and its form: what is no text or number goes as JSON within it."""
    kind = enclosure.kind
    if kind is Carried.PHOTO and len(enclosure.content) > MOST_OF_A_PHOTO:
        kind = Carried.DOCUMENT
    form = aiohttp.FormData(quote_fields=False)
    for name, value in asked.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    name = "".join(each for each in enclosure.name if each.isprintable()) or kind.value
    form.add_field(kind.value, enclosure.content, filename=name, content_type=enclosure.mime)
    return f"send{kind.value.capitalize()}", form


def _read(status: int, body: bytes) -> Any:  # noqa: ANN401 - whatever the method answers
    """Return the result. Raises Refused, Later, Unavailable, Uncertain."""
    try:
        told = orjson.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        # A gateway on the way says no, unless it only got tired of waiting; a 200 that cannot be read is yes or no.
        raise Unavailable("telegram") if status >= 500 and status != TIRED else Uncertain("telegram")
    if told.get("ok"):
        return told["result"]
    code, description = int(told.get("error_code") or status), str(told.get("description") or "")
    seconds = (told.get("parameters") or {}).get("retry_after")
    if code == 429:
        raise Later(float(seconds or 1))
    if code == TIRED:
        raise Uncertain("telegram")
    if code >= 500 or code in {401, 404, 409}:
        # A wrong token or address is our fault: what is due waits until it is put right.
        raise Unavailable("telegram")
    if code == 403 or any(word in description for word in GONE):
        raise Refused(BLOCKED)
    raise Refused(description or f"status {code}")


@cache
def _pressed(place: str) -> str:
    return pressed(*place.split("/", 1))
