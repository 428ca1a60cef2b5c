"""What the bot may ask and do about a chat: getChat, members, pinned messages, reactions, profile photos."""

from aiogram.methods import (
    GetChat,
    GetChatMember,
    GetUserProfilePhotos,
    PinChatMessage,
    SetMessageReaction,
    UnpinAllChatMessages,
    UnpinChatMessage,
)

from playground.telegram.compose import quoted
from playground.telegram.methods.registry import Context, method
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json


@method(GetChat)
def get_chat(context: Context, call: GetChat) -> Json:
    person = context.telegram.person(call.chat_id)
    chat: Json = {**person.chat_payload, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}
    if person.chat.pinned:
        chat["pinned_message"] = quoted(person.chat.messages[person.chat.pinned[-1]])
    return chat


_GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}


@method(GetChatMember)
def get_chat_member(context: Context, call: GetChatMember) -> Json:
    telegram = context.telegram
    person = telegram.person(call.chat_id)
    if call.user_id == telegram.bot.id:
        return {"status": "left" if person.blocked else "member", "user": telegram.bot_user()}
    if call.user_id != person.id:
        raise bad_request("user not found")
    return {"status": "member", "user": person.user}


@method(GetUserProfilePhotos)
def get_user_profile_photos(context: Context, call: GetUserProfilePhotos) -> Json:
    if call.user_id not in context.telegram.people:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


@method(PinChatMessage)
def pin_chat_message(context: Context, call: PinChatMessage) -> bool:
    telegram = context.telegram
    person = telegram.person(call.chat_id)
    chat = person.chat
    message = chat.messages.get(call.message_id)
    if message is None:
        raise bad_request("message to pin not found")
    if call.message_id in chat.pinned:
        chat.pinned.remove(call.message_id)
    chat.pinned.append(call.message_id)
    telegram.post_from_bot(person, {"pinned_message": quoted(message)})
    return True


@method(UnpinChatMessage)
def unpin_chat_message(context: Context, call: UnpinChatMessage) -> bool:
    chat = context.telegram.person(call.chat_id).chat
    wanted = call.message_id or (chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    chat.touch()
    return True


@method(UnpinAllChatMessages)
def unpin_all_chat_messages(context: Context, call: UnpinAllChatMessages) -> bool:
    chat = context.telegram.person(call.chat_id).chat
    chat.pinned.clear()
    chat.touch()
    return True


@method(SetMessageReaction)
def set_message_reaction(context: Context, call: SetMessageReaction) -> bool:
    chat = context.telegram.reachable(call.chat_id).chat
    if call.message_id not in chat.messages:
        raise bad_request("message to react not found")
    if len(call.reaction or []) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    return True
