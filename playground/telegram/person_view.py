"""What a person sees in their chat: messages, keys, menu, in the shape that browsers and tests read."""

import asyncio
import time
from typing import Any

from playground.telegram.bot_profile import USERNAME
from playground.telegram.files import StoredFile
from playground.telegram.server import Telegram
from playground.telegram.state import Chat, Json, Message, Person

LONGEST_WAIT = 30.0
_FILE_KINDS = ("photo", "document", "video", "audio", "voice", "sticker", "animation", "video_note")


async def watch(telegram: Telegram, person: Person, after: int, wait: float) -> Json:
    """The chat since `after`; with `wait` (seconds) not before something has changed or the time is over."""
    chat = person.chat
    if wait > 0 and 0 < after == chat.seq and not telegram.hung_up:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        chat.waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, min(wait, LONGEST_WAIT))
        except TimeoutError:
            pass
        finally:
            chat.waiters.discard(waiter)
    return chat_view(telegram, person, after)


def chat_view(telegram: Telegram, person: Person, after: int) -> Json:
    """`after` 0 (or from before a restart): everything. Else what is new, changed or deleted since."""
    chat = person.chat
    whole = after <= 0 or after > chat.seq
    messages = [m for m in chat.messages.values() if not m.hidden] if whole else _changed(chat, after)
    deleted = [] if whole else [one for seq, one in chat.deleted if seq > after]
    chat.read_seq = chat.seq
    action = chat.action if chat.action and chat.action_until > time.monotonic() else None
    return {
        "seq": chat.seq,
        "messages": [message_view(telegram, message) for message in messages],
        "deleted": deleted,
        "reply_keyboard": chat.reply_keyboard,
        "force_reply": chat.force_reply,
        "commands": telegram.bot.commands_for(person.id, person.language),
        "menu_button": chat.menu_button or telegram.bot.menu_button,
        "pinned": chat.pinned[-1] if chat.pinned else None,
        "action": action,
        "blocked": person.blocked,
        "bot": {
            "id": telegram.bot.id,
            "name": telegram.bot.names.get(person.language, telegram.bot.name),
            "username": USERNAME,
            "description": telegram.bot.descriptions.get(person.language, telegram.bot.descriptions.get("", "")),
        },
    }


def unread(person: Person) -> int:
    """Messages of the bot that came or changed since the person last looked."""
    return sum(1 for message in _changed(person.chat, person.chat.read_seq) if message.from_bot)


def _changed(chat: Chat, after: int) -> list[Message]:
    found: list[Message] = []
    for message_id in reversed(chat.changed):
        message = chat.messages[message_id]
        if message.seq <= after:
            break
        found.append(message)
    found.sort(key=lambda message: message.id)
    return found


def message_view(telegram: Telegram, message: Message) -> Json:
    payload = message.payload
    replied = payload.get("reply_to_message")
    markup = payload.get("reply_markup")
    contact = payload.get("contact")
    return {
        "id": message.id,
        "from": "bot" if message.from_bot else "person",
        "date": payload["date"],
        "edited": payload.get("edit_date"),
        "text": payload.get("text"),
        "caption": payload.get("caption"),
        "entities": payload.get("entities") or payload.get("caption_entities") or [],
        "keyboard": [[_button(one) for one in row] for row in markup["inline_keyboard"]] if markup else None,
        "file": _file(telegram, payload),
        "media_group_id": payload.get("media_group_id"),
        "reply_to": replied["message_id"] if replied else None,
        "protected": bool(payload.get("has_protected_content")),
        "contact": {"user_id": None, **contact} if contact else None,
        "location": payload.get("location"),
        "venue": _venue(payload),
        "forwarded": "forward_origin" in payload,
        "service": "pinned" if "pinned_message" in payload else None,
    }


def _venue(payload: Json) -> Json | None:
    venue = payload.get("venue")
    return {"title": venue["title"], "address": venue["address"]} if venue else None


def _button(button: Json) -> Json:
    shown: Json = {"text": button["text"]}
    if "callback_data" in button:
        shown["data"] = button["callback_data"]
    if "copy_text" in button:
        shown["copy_text"] = button["copy_text"]["text"]
    url = button.get("url") or button.get("web_app", {}).get("url")
    if url:
        shown["url"] = url
    if "disabled" in button:
        shown["disabled"] = True
    if "style" in button:
        shown["style"] = button["style"]
    return shown


def _file(telegram: Telegram, payload: Json) -> Json | None:
    for kind in _FILE_KINDS:
        field: Any = payload.get(kind)
        if field:
            one = field[-1] if kind == "photo" else field
            stored: StoredFile | None = telegram.files.get(one["file_id"])
            shown: Json = {
                "kind": kind,
                "file_id": one["file_id"],
                "name": stored.name if stored else one.get("file_name", ""),
                "mime": stored.mime if stored else one.get("mime_type", ""),
                "size": one["file_size"],
                "url": f"/files/{one['file_id']}" if stored else None,
            }
            width, height = (
                one.get("width") or (stored and stored.width),
                one.get("height") or (stored and stored.height),
            )
            if width and height:
                shown["width"], shown["height"] = width, height
            return shown
    return None
