"""sendPhoto, sendDocument and the other files, albums, getFile."""

from collections.abc import Mapping

from aiogram.methods import (
    GetFile,
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMediaGroup,
    SendPhoto,
    SendSticker,
    SendVideo,
    SendVideoNote,
    SendVoice,
)

from playground.telegram.attachments import attached, media_content
from playground.telegram.compose import caption_content, put, reply_content, send
from playground.telegram.files import DOWNLOAD_LIMIT
from playground.telegram.methods.registry import Context, method
from playground.telegram.numbering import new_media_group_id
from playground.telegram.parameters import given
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json

ALBUM_MOST = 10
# Only videos and photos mix in an album (Bot API, sendMediaGroup).
_UNMIXED = ("document", "audio")


_Plain = SendSticker | SendVideoNote
_Captioned = SendPhoto | SendDocument | SendVideo | SendAudio | SendVoice | SendAnimation


KINDS: Mapping[type[_Plain | _Captioned], str] = {
    SendPhoto: "photo",
    SendDocument: "document",
    SendVideo: "video",
    SendAudio: "audio",
    SendVoice: "voice",
    SendSticker: "sticker",
    SendAnimation: "animation",
    SendVideoNote: "video_note",
}
"""What each sends: the name of its parameter, and of the field of the message."""


@method(*KINDS)
async def send_file(context: Context, call: _Plain | _Captioned) -> Json:
    kind = KINDS[type(call)]
    content = {} if isinstance(call, _Plain) else caption_content(call)
    context.telegram.reachable(call.chat_id)
    field = await attached(context, kind, getattr(call, kind), call)
    if getattr(call, "has_spoiler", None):
        content["has_media_spoiler"] = True
    return send(context, call, {kind: field, **content}).payload


@method(SendMediaGroup)
async def send_media_group(context: Context, call: SendMediaGroup) -> list[Json]:
    telegram = context.telegram
    if not call.media:
        raise bad_request("there are no messages to send")
    if len(call.media) == 1:
        raise bad_request("too few messages to send as an album")
    if len(call.media) > ALBUM_MOST:
        raise bad_request("too many messages to send as an album")
    telegram.reachable(call.chat_id)
    contents: list[Json] = []
    kinds: set[str] = set()
    for media in call.media:
        captioned = caption_content(media)
        kind, field = await media_content(context, media)
        kinds.add(kind)
        contents.append({kind: field, **captioned})
    for kind in _UNMIXED:
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")
    person = telegram.reachable(call.chat_id)
    reply = reply_content(person.chat, call)
    telegram.limits.spend(person.id, len(contents))
    group = new_media_group_id()
    protect = bool(given(call.protect_content))
    return [
        put(context, person, {"media_group_id": group, **reply, **content}, protect).payload for content in contents
    ]


@method(GetFile)
def get_file(context: Context, call: GetFile) -> Json:
    stored = context.telegram.files.get(call.file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**stored.summary(), "file_path": stored.path}
