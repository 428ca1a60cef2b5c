"""Keyboards under messages and instead of the keys: checked in the order and in the words of the Bot API."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiogram.types import ForceReply, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove
from pydantic import TypeAdapter, ValidationError

from playground.telegram.entities.links import checked_link
from playground.telegram.refusals import TelegramRefusal, bad_request

Json = dict[str, Any]

BUTTONS_LIMIT = 100
_ACTIONS = (
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "disabled",
    "pay",
    "callback_game",
)
_LOOKS = ("style", "icon_custom_emoji_id")
_STYLES = ("danger", "success", "primary")
_TYPED: TypeAdapter[Any] = TypeAdapter(InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply)
_READ_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Markup:
    """What a reply_markup does: an inline keyboard, keys for the person, or their removal.

    `rigid`: a message sent with it cannot be edited.
    """

    inline: Json | None = None
    keyboard: Json | None = None
    remove: bool = False
    force_reply: Json | None = None

    @property
    def rigid(self) -> bool:
        return self.remove or self.keyboard is not None or self.force_reply is not None


NOTHING = Markup()
_read: OrderedDict[bytes, Markup] = OrderedDict()


def read_markup(raw: object) -> Markup:
    """Checked as Telegram words it, then against aiogram's types; the last ones read are remembered."""
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    key = orjson.dumps(raw)
    known = _read.get(key)
    if known is not None:
        return known
    inline = inline_markup(raw)
    keyboard = None if "inline_keyboard" in raw else reply_keyboard(raw)
    force = {"placeholder": _placeholder(raw)} if raw.get("force_reply") is True else None
    markup = Markup(inline, keyboard, raw.get("remove_keyboard") is True, force)
    try:
        if raw:
            _TYPED.validate_python(raw)
    except ValidationError:
        raise bad_request("object expected as reply markup") from None
    _read[key] = markup
    if len(_read) > _READ_KEPT:
        _read.popitem(last=False)
    return markup


def inline_markup(raw: object) -> Json | None:
    """The reply_markup of a message object; None: no inline keyboard. Raises TelegramRefusal."""
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    rows = raw.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    kept: list[list[Json]] = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
        buttons = [_inline_button(button) for button in row]
        if buttons:
            kept.append(buttons)
    if sum(map(len, kept)) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise _inline("InlineKeyboardButton must be an Object")
    text = _text(button, _inline)
    action = next((name for name in _ACTIONS if button.get(name) is not None), None)
    if action is None:
        raise _inline("Text buttons are unallowed in the inline keyboard")
    value = button[action]
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if action == "callback_data":
        if not isinstance(value, str):
            raise _inline('Field "callback_data" must be of type String')
        if not 1 <= len(value.encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        value = _button_url(value)
    elif action == "copy_text":
        copied = value.get("text") if isinstance(value, dict) else None
        if not isinstance(copied, str) or not 1 <= len(copied) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        value = {"text": copied}
    elif action == "web_app":
        address = value.get("url") if isinstance(value, dict) else None
        value = {"url": _button_url(address)}
    return {"text": text, **_looks(button, _inline), action: value}


def _button_url(value: object) -> str:
    checked = checked_link(value) if isinstance(value, str) else None
    if checked is None:
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return checked


def _text(button: Json, refuse: Callable[[str], TelegramRefusal]) -> str:
    text = button.get("text")
    if text is None:
        raise refuse('Can\'t find field "text"')
    if not isinstance(text, str):
        raise refuse('Field "text" must be of type String')
    return text


def _looks(button: Json, refuse: Callable[[str], TelegramRefusal]) -> Json:
    looks = {name: button[name] for name in _LOOKS if button.get(name)}
    if looks.get("style", "primary") not in _STYLES:
        raise refuse("Invalid button style specified")
    return looks


def reply_keyboard(raw: Json) -> Json | None:
    """The keyboard in the shape of the person's side; None: no keyboard in `raw`. Raises TelegramRefusal."""
    rows = raw.get("keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array')
    kept: list[list[Json]] = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
        buttons = [_reply_button(button) for button in row]
        if buttons:
            kept.append(buttons)
    if not kept:
        raise bad_request("reply keyboard must be non-empty")
    if len(kept) > BUTTONS_LIMIT or max(map(len, kept)) > 12:
        raise bad_request("reply markup is too long")
    return {
        "rows": kept,
        "resize": bool(raw.get("resize_keyboard")),
        "one_time": bool(raw.get("one_time_keyboard")),
        "persistent": bool(raw.get("is_persistent")),
        "placeholder": _placeholder(raw),
    }


def _placeholder(raw: Json) -> str | None:
    placeholder = raw.get("input_field_placeholder")
    if placeholder is not None and (not isinstance(placeholder, str) or len(placeholder) > 64):
        raise bad_request("PLACEHOLDER_INVALID")
    return placeholder or None


def _reply_button(button: object) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise _reply("KeyboardButton must be an Object")
    text = _text(button, _reply)
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    return {
        "text": text,
        "request_contact": bool(button.get("request_contact")),
        "request_location": bool(button.get("request_location")),
        **_looks(button, _reply),
    }


def _inline(text: str) -> TelegramRefusal:
    return bad_request(f"can't parse inline keyboard button: {text}")


def _reply(text: str) -> TelegramRefusal:
    return bad_request(f"can't parse keyboard button: {text}")
