"""What somebody sends in a conversation, as it is passed on: words, files, places, whatever Telegram carries that can be read."""

from dataclasses import dataclass
from datetime import UTC
from io import BytesIO

from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import GetFile
from aiogram.types import Message
from aiohttp import ClientError

from core.domain.conversation import LARGEST_FILE, FileTooLarge, LineKind, NothingSaid
from core.services.conversation import Said


@dataclass(frozen=True, slots=True)
class Carried:
    """A file at Telegram."""

    kind: LineKind
    id: str
    name: str
    mime: str
    size: int | None


class NotFetched(Exception):
    """Telegram does not give the file any more."""

    message_key = "talk.not_fetched"


async def said_of(message: Message, reply_to: int | None) -> Said:
    """Return what a message says, its file fetched. Raises NothingSaid for what cannot be passed on, FileTooLarge, NotFetched."""
    words = (message.text or message.caption or "").strip()
    kind, point, file = LineKind.TEXT, None, file_of(message)
    if file is not None:
        kind = file.kind
    elif message.location is not None:
        kind, point = LineKind.LOCATION, (message.location.latitude, message.location.longitude)
        words = f"{message.venue.title}, {message.venue.address}" if message.venue else words
    elif message.contact is not None:
        kind, who = LineKind.CONTACT, message.contact
        words = " ".join(filter(None, (who.first_name, who.last_name, who.phone_number)))
    if message.sticker is not None:
        kind, words = LineKind.STICKER, message.sticker.emoji or "🙂"
    if not words and file is None and point is None:
        raise NothingSaid
    content = None if file is None else (file.name, file.mime, await _fetched(message, file))
    return Said(
        kind,
        words,
        message.message_id,
        message.date.astimezone(UTC),
        reply_to_message=reply_to,
        file=content,
        point=point,
    )


def file_of(message: Message) -> Carried | None:
    """Return the file of a message; of a photo the largest that Telegram has made. Moving stickers are their emoji alone."""
    number = message.message_id
    if message.photo:
        best = message.photo[-1]
        return Carried(LineKind.PHOTO, best.file_id, f"photo-{number}.jpg", "image/jpeg", best.file_size)
    if message.voice is not None:
        voice = message.voice
        return Carried(
            LineKind.VOICE, voice.file_id, f"voice-{number}.ogg", voice.mime_type or "audio/ogg", voice.file_size
        )
    if message.video_note is not None:
        note = message.video_note
        return Carried(LineKind.VIDEO, note.file_id, f"video-{number}.mp4", "video/mp4", note.file_size)
    film = message.video or message.animation
    if film is not None:
        mime = film.mime_type or "video/mp4"
        return Carried(LineKind.VIDEO, film.file_id, film.file_name or f"video-{number}.mp4", mime, film.file_size)
    paper = message.document or message.audio
    if paper is not None:
        mime = paper.mime_type or "application/octet-stream"
        return Carried(LineKind.DOCUMENT, paper.file_id, paper.file_name or f"file-{number}", mime, paper.file_size)
    sticker = message.sticker
    if sticker is not None and not sticker.is_animated and not sticker.is_video:
        return Carried(LineKind.STICKER, sticker.file_id, f"sticker-{number}.webp", "image/webp", sticker.file_size)
    return None


async def _fetched(message: Message, file: Carried) -> bytes:
    """Fetch a file. Telegram being away is no reason to lose it: the update is tried again then."""
    if file.size is not None and file.size > LARGEST_FILE:
        raise FileTooLarge
    bot = message.bot
    if bot is None:
        raise NotFetched
    try:
        content = await bot.download(file.id, destination=BytesIO())
    except TelegramBadRequest as refused:
        raise (FileTooLarge if "too big" in str(refused) else NotFetched) from refused
    except (ClientError, TimeoutError, OSError) as fault:
        raise TelegramNetworkError(method=GetFile(file_id=file.id), message="file") from fault
    if content is None:
        raise NotFetched
    return content.read(LARGEST_FILE + 1)
