"""What people do: write, tap, send files and contacts, edit, delete, block."""

import time

from playground.telegram.attachments import described_field, store_upload
from playground.telegram.compose import CAPTION_LIMIT, TEXT_LIMIT, quoted
from playground.telegram.entities import detect
from playground.telegram.http import Upload
from playground.telegram.numbering import new_media_group_id
from playground.telegram.refusals import TelegramRefusal
from playground.telegram.server import Telegram
from playground.telegram.state import Json, Message, Person

UPLOAD_KINDS = ("document", "photo", "voice", "sticker", "video", "audio", "video_note")
ALBUM_MOST = 10


class PersonError(Exception):
    """What a person cannot do; `status` is the HTTP status of the answer."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def say(telegram: Telegram, person: Person, text: str, reply_to: int | None = None) -> list[int]:
    """Send a text; a long one goes in pieces, as clients do. Returns the ids of the messages."""
    _free(person)
    text = text.replace("\r", "").strip()
    if not text:
        raise PersonError("the text is empty")
    content = _answering(person, reply_to)
    keyboard = person.chat.reply_keyboard
    if keyboard and keyboard["one_time"]:
        person.chat.reply_keyboard = None
    return [telegram.post_from_person(person, {**content, **_text(piece)}).id for piece in _pieces(text)]


def _answering(person: Person, reply_to: int | None) -> Json:
    """The message that is answered: the one that was chosen, or the one that asked for an answer."""
    forced, person.chat.force_reply = person.chat.force_reply, None
    if reply_to is None and forced is not None and forced["message_id"] in person.chat.messages:
        reply_to = forced["message_id"]
    if reply_to is None:
        return {}
    original = person.chat.messages.get(reply_to)
    if original is None:
        raise PersonError("no such message to reply to", 404)
    return {"reply_to_message": quoted(original)}


def _text(text: str) -> Json:
    entities = detect(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def _pieces(text: str) -> list[str]:
    """Cut at the last line end or space before the limit, or hard when there is none."""
    pieces: list[str] = []
    while len(text) > TEXT_LIMIT:
        cut = max(text.rfind("\n", 1, TEXT_LIMIT), text.rfind(" ", 1, TEXT_LIMIT))
        cut = cut if cut > 0 else TEXT_LIMIT
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text] if text else pieces


def start(telegram: Telegram, person: Person, payload: str | None) -> list[int]:
    """Press Start, or follow a deep link; a stopped bot is started again first."""
    if person.blocked:
        unblock(telegram, person)
    return say(telegram, person, f"/start {payload}" if payload else "/start")


def tap(telegram: Telegram, person: Person, asked: Json) -> Json:
    """Press an inline button, found by its text or data. A forged tap carries any data at all."""
    message_id, data = asked.get("message_id"), asked.get("data")
    message = person.chat.messages.get(message_id) if isinstance(message_id, int) else None
    if asked.get("forged"):
        if not isinstance(message_id, int) or not isinstance(data, str):
            raise PersonError("a forged tap needs message_id and data")
        known = message.payload if message else {"chat": person.chat_payload, "message_id": message_id, "date": 0}
        return {"callback_query_id": telegram.press(person, known, data)}
    if message is None or message.hidden:
        raise PersonError("no such message", 404)
    button = _button(message, asked)
    if "disabled" in button:
        raise PersonError("the button is disabled", 409)
    if "callback_data" in button:
        _free(person)
        return {"callback_query_id": telegram.press(person, message.payload, button["callback_data"])}
    if "copy_text" in button:
        return {"copy_text": button["copy_text"]["text"]}
    url = button.get("url") or button.get("web_app", {}).get("url") or button.get("login_url", {}).get("url")
    return {"url": url}


def _button(message: Message, asked: Json) -> Json:
    rows: list[list[Json]] = message.payload.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    key, wanted = ("callback_data", asked["data"]) if "data" in asked else ("text", asked.get("text"))
    if wanted is None:
        raise PersonError("a tap needs the text or the data of a button")
    for button in buttons:
        if button.get(key) == wanted:
            return button
    raise PersonError("no such button", 404)


def share_contact(telegram: Telegram, person: Person, asked: Json) -> int:
    """The person's own number, or another `phone` as one's own; with `user_id` as well somebody else's."""
    _free(person)
    user_id = asked.get("user_id", person.id)
    phone = str(asked.get("phone") or person.phone)
    owner = telegram.people.get(user_id, person) if isinstance(user_id, int) else person
    contact: Json = {"phone_number": phone, "first_name": owner.user["first_name"]}
    if "last_name" in owner.user:
        contact["last_name"] = owner.user["last_name"]
    if user_id is not None:
        contact["user_id"] = user_id
    return _press_key(telegram, person, {"contact": contact})


def share_location(telegram: Telegram, person: Person, latitude: object, longitude: object) -> int:
    _free(person)
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise PersonError("latitude and longitude are numbers")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PersonError("latitude and longitude are degrees")
    return _press_key(telegram, person, {"location": {"latitude": latitude, "longitude": longitude}})


def _press_key(telegram: Telegram, person: Person, content: Json) -> int:
    """Sent by a key of the reply keyboard, when one asks for it: a one-time keyboard is folded away."""
    keyboard = person.chat.reply_keyboard
    if keyboard and keyboard["one_time"]:
        person.chat.reply_keyboard = None
    return telegram.post_from_person(person, content).id


async def upload(
    telegram: Telegram, person: Person, kind: str, caption: str, files: list[Upload], reply_to: int | None = None
) -> list[int]:
    """Send one file, or several as an album; each of them is the answer to a message, where there is one."""
    _free(person)
    if kind not in UPLOAD_KINDS:
        raise PersonError(f"as is one of {', '.join(UPLOAD_KINDS)}")
    if not 1 <= len(files) <= ALBUM_MOST:
        raise PersonError(f"one to {ALBUM_MOST} files under the name file")
    if len(caption) > CAPTION_LIMIT:
        raise PersonError("the caption is too long")
    try:
        fields = [described_field(await store_upload(telegram.files, kind, one)) for one in files]
    except TelegramRefusal as refusal:
        raise PersonError(refusal.description.removeprefix("Bad Request: "), refusal.code) from None
    album = _answering(person, reply_to)
    if len(fields) > 1:
        album["media_group_id"] = new_media_group_id()
    captioned: Json = {"caption": caption.strip()} if caption.strip() else {}
    found = detect(caption.strip(), [])
    if found:
        captioned["caption_entities"] = found
    return [
        telegram.post_from_person(person, {**album, kind: field, **(captioned if first == 0 else {})}).id
        for first, field in enumerate(fields)
    ]


def edit(telegram: Telegram, person: Person, message_id: object, text: str) -> None:
    """Change one's own text, or the caption of one's own file."""
    message = person.chat.messages.get(message_id) if isinstance(message_id, int) else None
    if message is None or message.hidden:
        raise PersonError("no such message", 404)
    text = text.strip()
    if message.from_bot or not text or len(text) > TEXT_LIMIT:
        raise PersonError("only one's own message can be edited, to a text of 1 to 4096 characters")
    _free(person)
    captioned = "text" not in message.payload
    if captioned and not any(kind in message.payload for kind in UPLOAD_KINDS):
        raise PersonError("there is no text in this message")
    keys = ("caption", "caption_entities") if captioned else ("text", "entities")
    changed = {key: value for key, value in message.payload.items() if key not in keys}
    entities = detect(text, [])
    changed |= {keys[0]: text, "edit_date": int(time.time())} | ({keys[1]: entities} if entities else {})
    message.payload = changed
    person.chat.put(message)
    telegram.updates.add("edited_message", person.id, changed)


def delete(person: Person, message_id: object, everything: bool) -> None:
    """Remove from the person's own view; bots are not told."""
    if everything:
        for message in list(person.chat.messages.values()):
            if not message.hidden:
                person.chat.hide(message)
        return
    one = person.chat.messages.get(message_id) if isinstance(message_id, int) else None
    if one is None or one.hidden:
        raise PersonError("no such message", 404)
    person.chat.hide(one)


def block(telegram: Telegram, person: Person) -> None:
    if not person.blocked:
        person.blocked = True
        _member_changed(telegram, person, "member", "kicked")


def unblock(telegram: Telegram, person: Person) -> None:
    if person.blocked:
        person.blocked = False
        _member_changed(telegram, person, "kicked", "member")


def _member_changed(telegram: Telegram, person: Person, before: str, after: str) -> None:
    def member(status: str) -> Json:
        known: Json = {"user": telegram.bot_user(), "status": status}
        return {**known, "until_date": 0} if status == "kicked" else known

    change = {
        "chat": person.chat_payload,
        "from": person.user,
        "date": int(time.time()),
        "old_chat_member": member(before),
        "new_chat_member": member(after),
    }
    person.chat.touch()
    telegram.updates.add("my_chat_member", person.id, change)


def _free(person: Person) -> None:
    if person.blocked:
        raise PersonError("the bot is blocked by this person: unblock or start it first", 409)
