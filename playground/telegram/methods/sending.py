"""sendMessage, sendLocation, sendVenue, sendContact, sendChatAction."""

from aiogram.methods import SendChatAction, SendContact, SendLocation, SendMessage, SendVenue

from playground.telegram.compose import send, text_content
from playground.telegram.methods.registry import Context, method
from playground.telegram.parameters import given
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json

ACTION_SECONDS = 5.0
_THINGS = {"photo", "video", "voice", "document", "video_note", "audio"}
_RECORDED = {"video", "voice", "video_note", "audio"}
_ACTIONS = frozenset(
    {"typing", "choose_sticker", "find_location"}
    | {f"upload_{thing}" for thing in _THINGS}
    | {f"record_{thing}" for thing in _RECORDED}
)


@method(SendMessage)
def send_message(context: Context, call: SendMessage) -> Json:
    content = text_content(call.text, given(call.parse_mode), call.entities)
    return send(context, call, content).payload


@method(SendLocation)
def send_location(context: Context, call: SendLocation) -> Json:
    return send(context, call, {"location": _location(call)}).payload


@method(SendVenue)
def send_venue(context: Context, call: SendVenue) -> Json:
    # A venue bears its location twice, for apps that know no venues.
    location = _location(call)
    venue = {"location": location, "title": call.title, "address": call.address}
    return send(context, call, {"venue": venue, "location": location}).payload


def _location(call: SendLocation | SendVenue) -> Json:
    if not (-90 <= call.latitude <= 90 and -180 <= call.longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": call.latitude, "longitude": call.longitude}


@method(SendContact)
def send_contact(context: Context, call: SendContact) -> Json:
    if not call.phone_number.strip():
        raise bad_request("phone number is empty")
    if not call.first_name.strip():
        raise bad_request("first name is empty")
    contact = {"phone_number": call.phone_number, "first_name": call.first_name}
    if call.last_name:
        contact["last_name"] = call.last_name
    return send(context, call, {"contact": contact}).payload


@method(SendChatAction)
def send_chat_action(context: Context, call: SendChatAction) -> bool:
    if call.action.lower() not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    context.telegram.reachable(call.chat_id).chat.set_action(call.action.lower(), ACTION_SECONDS)
    return True
