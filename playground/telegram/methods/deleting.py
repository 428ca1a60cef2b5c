"""deleteMessage, deleteMessages."""

import time

from aiogram.methods import DeleteMessage, DeleteMessages

from playground.telegram.methods.registry import Context, method
from playground.telegram.refusals import bad_request
from playground.telegram.state import Message

DELETABLE_SECONDS = 48 * 3600


def _too_old(message: Message) -> bool:
    return time.time() - float(message.payload["date"]) > DELETABLE_SECONDS


@method(DeleteMessage)
def delete_message(context: Context, call: DeleteMessage) -> bool:
    chat = context.telegram.person(call.chat_id).chat
    if call.message_id <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(call.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if _too_old(message):
        raise bad_request("message can't be deleted for everyone")
    chat.remove(message.id)
    return True


@method(DeleteMessages)
def delete_messages(context: Context, call: DeleteMessages) -> bool:
    chat = context.telegram.person(call.chat_id).chat
    if not call.message_ids:
        raise bad_request("message identifiers are not specified")
    if len(call.message_ids) > 100:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages[one] for one in call.message_ids if one in chat.messages]
    if any(_too_old(message) for message in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        chat.remove(message.id)
    return True
