"""copyMessage, forwardMessage: both refused for protected content."""

from aiogram.methods import CopyMessage, ForwardMessage

from playground.telegram.attachments import MEDIA_KINDS
from playground.telegram.compose import caption_content, put, reply_content
from playground.telegram.methods.registry import Context, method
from playground.telegram.parameters import given
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json, Message

_COPIED = ("text", "entities", "caption", "caption_entities", "contact", "location", "venue", *MEDIA_KINDS)


@method(CopyMessage)
def copy_message(context: Context, call: CopyMessage) -> Json:
    original = _original(context, call.from_chat_id, call.message_id, "copy")
    person = context.telegram.reachable(call.chat_id)
    content = {key: original.payload[key] for key in _COPIED if key in original.payload}
    if call.caption is not None and any(kind in content for kind in MEDIA_KINDS):
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content.update(caption_content(call))
    reply = reply_content(person.chat, call)
    context.telegram.limits.spend(person.id)
    copied = put(context, person, {**reply, **content}, bool(given(call.protect_content)))
    return {"message_id": copied.id}


@method(ForwardMessage)
def forward_message(context: Context, call: ForwardMessage) -> Json:
    original = _original(context, call.from_chat_id, call.message_id, "forward")
    person = context.telegram.reachable(call.chat_id)
    content = {key: original.payload[key] for key in _COPIED if key in original.payload}
    content["forward_origin"] = original.payload.get("forward_origin") or {
        "type": "user",
        "sender_user": original.payload["from"],
        "date": original.payload["date"],
    }
    context.telegram.limits.spend(person.id)
    return put(context, person, content, bool(given(call.protect_content))).payload


def _original(context: Context, chat_id: int | str, message_id: int, verb: str) -> Message:
    original = context.telegram.person(chat_id).chat.messages.get(message_id)
    if original is None:
        raise bad_request(f"message to {verb} not found")
    if original.payload.get("has_protected_content") or not any(key in original.payload for key in _COPIED):
        raise bad_request("message can't be copied" if verb == "copy" else "message can't be forwarded")
    return original
