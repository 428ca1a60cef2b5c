"""What all sent messages have in common: formatted text, reply, protection, keyboards."""

from typing import Protocol

from aiogram.client.default import Default
from aiogram.types import MessageEntity, ReplyParameters

from playground.telegram.entities import format_text
from playground.telegram.methods.registry import Context
from playground.telegram.parameters import given
from playground.telegram.refusals import bad_request
from playground.telegram.state import Chat, Json, Message, Person

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


class Captioned(Protocol):
    """A typed method or media with a caption."""

    @property
    def caption(self) -> str | None: ...

    @property
    def parse_mode(self) -> str | Default | None: ...

    @property
    def caption_entities(self) -> list[MessageEntity] | None: ...


class Replying(Protocol):
    """A typed method that may answer to an earlier message, in the new or in the old way."""

    @property
    def reply_parameters(self) -> ReplyParameters | None: ...

    @property
    def reply_to_message_id(self) -> int | None: ...

    @property
    def allow_sending_without_reply(self) -> bool | None: ...


class Sendable(Replying, Protocol):
    """A typed method that posts one message."""

    @property
    def chat_id(self) -> int | str: ...

    @property
    def protect_content(self) -> bool | Default | None: ...


def text_content(text: str, parse_mode: str | None, entities: list[MessageEntity] | None) -> Json:
    """`text` and `entities` of a message object. Raises TelegramRefusal for empty, long or malformed text."""
    plain, found = format_text(text, parse_mode, entities)
    if not plain:
        raise bad_request("message text is empty")
    if len(plain) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": plain, "entities": found} if found else {"text": plain}


def caption_content(call: Captioned) -> Json:
    """`caption` and `caption_entities` of any typed method or media that has them."""
    if not call.caption:
        return {}
    plain, found = format_text(call.caption, given(call.parse_mode), call.caption_entities)
    if len(plain) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    if not plain:
        return {}
    content: Json = {"caption": plain}
    if found:
        content["caption_entities"] = found
    if given(getattr(call, "show_caption_above_media", None)):
        content["show_caption_above_media"] = True
    return content


def send(context: Context, call: Sendable, content: Json) -> Message:
    """Post `content` into the chat of a typed send method, with all that any of them may carry."""
    telegram = context.telegram
    person = telegram.reachable(call.chat_id)
    reply = reply_content(person.chat, call)
    telegram.limits.spend(person.id)
    return put(context, person, {**reply, **content}, protect=bool(given(call.protect_content)))


def put(context: Context, person: Person, content: Json, protect: bool) -> Message:
    """Post with the keyboard that the call brought along."""
    markup = context.asked.markup
    if protect:
        content["has_protected_content"] = True
    if markup.inline is not None:
        content["reply_markup"] = markup.inline
    if markup.keyboard is not None:
        person.chat.reply_keyboard = markup.keyboard
    elif markup.remove:
        person.chat.reply_keyboard = None
    message = context.telegram.post_from_bot(person, content, rigid=markup.rigid)
    if markup.keyboard is not None:
        person.chat.reply_keyboard_of = message.id
    if markup.force_reply is not None:
        person.chat.force_reply = {"message_id": message.id, **markup.force_reply}
    return message


def reply_content(chat: Chat, call: Replying) -> Json:
    """`reply_to_message`, when the call answers to one."""
    if call.reply_parameters is not None:
        wanted = call.reply_parameters.message_id
        lenient = given(call.reply_parameters.allow_sending_without_reply)
    else:
        wanted, lenient = call.reply_to_message_id, call.allow_sending_without_reply
    if wanted is None:
        return {}
    original = chat.messages.get(wanted)
    if original is None:
        if lenient:
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": quoted(original)}


def quoted(original: Message) -> Json:
    """A message inside another one: Telegram does not nest replies."""
    return {key: value for key, value in original.payload.items() if key != "reply_to_message"}
