"""Parameters of a call: every value may come as text (forms) or as JSON; aiogram's typed method has the last word."""

import re
import types
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import orjson
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import ValidationError

from playground.telegram.http import Upload
from playground.telegram.keyboards import NOTHING, Markup, read_markup
from playground.telegram.refusals import TelegramRefusal, bad_request

_NUMBER = re.compile(r"-?\d{1,18}$")
_PLAIN = (str, int, float, bool, InputFile, Default, type(None))
_MARKUP_FIELD = "reply_markup"
# What the real server says when a required parameter is absent or makes no sense.
_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "file_id": "invalid file_id specified",
    "action": "wrong parameter action in request",
    "commands": "can't parse commands: expected an Array of BotCommand",
    "media": "media is empty",
    "url": "bad webhook: URL host is empty",
}
_MISSING_FILES = {
    "photo",
    "document",
    "video",
    "audio",
    "voice",
    "sticker",
    "animation",
    "video_note",
}


@dataclass(slots=True)
class Asked:
    """A call as it came: raw parameters by name, the uploaded files that they point at, and the keyboard once read."""

    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    markup: Markup = NOTHING


M = TypeVar("M", bound=TelegramMethod[Any])
T = TypeVar("T")


def validated(model: type[M], asked: Asked) -> M:
    """The typed method. Raises TelegramRefusal in Telegram's words for what is missing or wrong."""
    kinds = _kinds(model)
    values: dict[str, object] = {}
    for name, value in asked.values.items():
        kind = kinds.get(name)
        if kind is None:
            continue
        if value is None:
            if name == _MARKUP_FIELD:
                raise bad_request("object expected as reply markup")
            continue
        fitted = _fit(name, kind, value)
        if name == _MARKUP_FIELD:
            asked.markup = read_markup(fitted)
        else:
            values[name] = fitted
    for name in asked.files:
        if kinds.get(name) == "file":
            values.setdefault(name, f"attach://{name}")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refusal(error) from None


def given(value: T | Default | None) -> T | None:
    """What the bot gave; aiogram's placeholders for its own defaults count as nothing."""
    return None if isinstance(value, Default) else value


def _fit(name: str, kind: str, value: object) -> object:
    if kind == "json":
        if isinstance(value, str):
            try:
                return orjson.loads(value)
            except ValueError:
                raise _unreadable(name) from None
        return value
    if isinstance(value, str):
        if kind == "chat" and _NUMBER.match(value):
            return int(value)
        if kind == "plain" and value == "":
            return None
        return value
    if kind in ("text", "file"):
        return value if isinstance(value, InputFile) else orjson.dumps(value).decode()
    return value


@cache
def _kinds(model: type[TelegramMethod[Any]]) -> dict[str, str]:
    """How each field is read: text, chat (number or @name), file, json, plain (numbers and flags)."""
    kinds: dict[str, str] = {}
    for name, info in model.model_fields.items():
        parts = _flat(info.annotation)
        if any(part not in _PLAIN for part in parts):
            kinds[name] = "json"
        elif InputFile in parts:
            kinds[name] = "file"
        elif str in parts:
            kinds[name] = "chat" if int in parts else "text"
        else:
            kinds[name] = "plain"
    return kinds


def _flat(annotation: object) -> list[object]:
    if get_origin(annotation) in (Union, types.UnionType):
        return [part for argument in get_args(annotation) for part in _flat(argument)]
    return [annotation]


def _unreadable(name: str) -> TelegramRefusal:
    if name == _MARKUP_FIELD:
        return bad_request("can't parse reply keyboard markup JSON object")
    return bad_request(f"can't parse {name} JSON object")


def _refusal(error: ValidationError) -> TelegramRefusal:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if name in _MISSING_FILES:
        return bad_request(f"there is no {name.replace('_', ' ')} in the request")
    if name == "media" and len(first["loc"]) > 1:
        return bad_request("can't parse InputMedia: wrong InputMedia specified")
    if name == _MARKUP_FIELD:
        return bad_request("object expected as reply markup")
    if name in _MISSING:
        return bad_request(_MISSING[name])
    if first["type"] == "missing":
        return bad_request(f'parameter "{name}" is required')
    return bad_request(f"can't parse {name}: {first['msg']}")
