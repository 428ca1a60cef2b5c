"""editMessageText, editMessageCaption, editMessageReplyMarkup, editMessageMedia."""

import time

from aiogram.methods import EditMessageCaption, EditMessageMedia, EditMessageReplyMarkup, EditMessageText

from playground.telegram.attachments import MEDIA_KINDS, media_content
from playground.telegram.compose import caption_content, text_content
from playground.telegram.methods.registry import Context, method
from playground.telegram.parameters import given
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json, Message, Person

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_CAPTION_KEYS = ("caption", "caption_entities", "show_caption_above_media")


@method(EditMessageText)
def edit_text(context: Context, call: EditMessageText) -> Json:
    content = text_content(call.text or "", given(call.parse_mode), call.entities)
    person, message = _target(context, call)
    if "text" not in message.payload:
        raise bad_request("there is no text in the message to edit")
    return _apply(context, person, message, ("text", "entities"), content)


@method(EditMessageCaption)
def edit_caption(context: Context, call: EditMessageCaption) -> Json:
    content = caption_content(call)
    person, message = _target(context, call)
    if not any(kind in message.payload for kind in MEDIA_KINDS):
        raise bad_request("there is no caption in the message to edit")
    return _apply(context, person, message, _CAPTION_KEYS, content)


@method(EditMessageReplyMarkup)
def edit_reply_markup(context: Context, call: EditMessageReplyMarkup) -> Json:
    person, message = _target(context, call)
    return _apply(context, person, message, (), {})


@method(EditMessageMedia)
async def edit_media(context: Context, call: EditMessageMedia) -> Json:
    _target(context, call)
    kind, attached = await media_content(context, call.media)
    content = {kind: attached, **caption_content(call.media)}
    person, message = _target(context, call)
    if "media_group_id" in message.payload and kind not in message.payload:
        raise bad_request("message can't be edited")
    return _apply(context, person, message, (*MEDIA_KINDS, *_CAPTION_KEYS, "text", "entities"), content)


def _target(
    context: Context, call: EditMessageText | EditMessageCaption | EditMessageReplyMarkup | EditMessageMedia
) -> tuple[Person, Message]:
    """The bot's own message that the call means. Raises TelegramRefusal when there is none or it is not editable."""
    if call.inline_message_id is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    person = context.telegram.person(call.chat_id)
    if not call.message_id:
        raise bad_request("message identifier is not specified")
    message = person.chat.messages.get(call.message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if (
        not message.from_bot
        or message.rigid
        or "forward_origin" in message.payload
        or "pinned_message" in message.payload
    ):
        raise bad_request("message can't be edited")
    return person, message


def _apply(context: Context, person: Person, message: Message, replaced: tuple[str, ...], content: Json) -> Json:
    """Replace those keys and the keyboard. Payloads are never changed in place: journals and replies hold them."""
    old = message.payload
    new = {key: value for key, value in old.items() if key not in replaced and key != "reply_markup"}
    new.update(content)
    markup = context.asked.markup
    if markup.rigid:
        raise bad_request("inline keyboard expected")
    if markup.inline is not None:
        new["reply_markup"] = markup.inline
    if new == old:
        raise bad_request(_NOT_MODIFIED)
    if replaced:
        new["edit_date"] = int(time.time())
    message.payload = new
    if not message.hidden:
        person.chat.put(message)
    return new
