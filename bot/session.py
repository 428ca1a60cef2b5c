"""The way to the Bot API: aiogram's session without what costs most in it. Measured in docs/performance.md."""

from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, cast

import orjson
from aiogram import Bot, __version__
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar
from aiohttp.hdrs import USER_AGENT
from aiohttp.http import SERVER_SOFTWARE
from pydantic import TypeAdapter, ValidationError
from yarl import URL

JSON = {"Content-Type": "application/json"}


class NotPlain(Exception):
    """A method carries a file, or a time counted from now: it goes aiogram's own way."""


class LeanSession(AiohttpSession):
    """Sends compact JSON and reads each result once.

    What is left out, and why: a form a call (JSON is smaller and cheaper to write and to read), a model class made anew for
    each response (`Response[T]` is cached weakly, so it dies with the response), validating the answer as that model when
    its `ok` is enough, and a cookie jar that Telegram never fills. Files and everything that is not `ok` take aiogram's way.
    """

    async def create_session(self) -> ClientSession:
        """Return the open session, or open one: aiogram's with no jar for cookies."""
        if self._should_reset_connector:
            await self.close()
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init),
                headers={USER_AGENT: f"{SERVER_SOFTWARE} aiogram/{__version__}"},
                cookie_jar=DummyCookieJar(),
            )
            self._should_reset_connector = False
        return self._session

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own name
    ) -> TelegramType:
        """Call a method. Raises what aiogram's session raises."""
        try:
            body = body_of(method, bot)
        except NotPlain:
            return await super().make_request(bot, method, timeout)
        session = await self.create_session()
        try:
            async with session.post(
                _address(self.api.api_url(token=bot.token, method=method.__api_method__)),
                data=body,
                headers=JSON,
                timeout=_limit(self.timeout if timeout is None else timeout),
            ) as response:
                status, content = response.status, await response.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        return self._read(bot, method, status, content)

    def _read(self, bot: Bot, method: TelegramMethod[TelegramType], status: int, content: bytes) -> TelegramType:
        try:
            answer = orjson.loads(content)
        except orjson.JSONDecodeError:
            answer = None
        if status != 200 or not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
            refused = self.check_response(bot, method, status, content.decode("utf-8", "replace"))
            return cast("TelegramType", refused.result)
        result = answer["result"]
        if isinstance(result, bool):
            return cast("TelegramType", result)
        try:
            return cast("TelegramType", _reader(method.__returning__).validate_python(result, context={"bot": bot}))
        except ValidationError as error:
            raise TelegramNetworkError(method=method, message="a result that cannot be read") from error

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Check an answer as aiogram does; a page of a gateway on the way is a fault of the way, and passes."""
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            kind = TelegramServerError if status_code >= 500 else TelegramNetworkError
            raise kind(method=method, message=f"an answer that cannot be read, status {status_code}") from error


def body_of(method: TelegramMethod[Any], bot: Bot) -> bytes:
    """Return a method's parameters as JSON; what is not given is left out. Raises NotPlain."""
    given = method.model_dump(warnings=False, exclude_none=True)
    plain = {name: _plain(value, bot) for name, value in given.items()}
    return orjson.dumps({name: value for name, value in plain.items() if value not in (None, "")})


def _plain(value: object, bot: Bot) -> object:
    """Return a value as JSON takes it: defaults of the bot filled in, moments as Unix seconds."""
    match value:
        case Enum():
            return value.value
        case str() | bool() | int() | float():
            return value
        case dict():
            filled = {name: _plain(each, bot) for name, each in value.items()}
            return {name: each for name, each in filled.items() if each is not None}
        case list() | tuple():
            return [_plain(each, bot) for each in value]
        case Default():
            return _plain_default(value, bot)
        case datetime():
            return round(value.timestamp())
        case InputFile() | timedelta():
            raise NotPlain
    return value


def _plain_default(value: Default, bot: Bot) -> object:
    chosen = bot.default[value.name]
    if chosen is None:
        return None
    return _plain(
        chosen.model_dump(warnings=False, exclude_none=True) if hasattr(chosen, "model_dump") else chosen, bot
    )


@cache
def _reader(returning: object) -> TypeAdapter[Any]:
    """Return what reads a result; held for ever, since there are as many as kinds of results."""
    return TypeAdapter(returning)


@cache
def _address(url: str) -> URL:
    return URL(url)


@cache
def _limit(seconds: float) -> ClientTimeout:
    return ClientTimeout(total=seconds)
