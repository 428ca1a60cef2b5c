"""A file from the chat: its bytes, or why it is not taken before it is even fetched."""

from aiogram.enums import ContentType
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Document, Message, PhotoSize
from aiohttp import ClientError

from core.domain.document import MAX_BYTES, BadFile, Kind

LIMIT_MB = str(MAX_BYTES // 1024 // 1024)
FILES = (ContentType.PHOTO, ContentType.DOCUMENT)
CALLED = {
    Kind.INN: ("инн", "inn"),
    Kind.PASSPORT: ("паспорт", "passport"),
    Kind.SNILS: ("снилс", "snils"),
    Kind.REGISTRATION: ("регистрац", "прописк", "registration"),
    Kind.DISABILITY: ("инвалид", "disability"),
}
"""How people call their scans in captions and names of files."""


def file_of(message: Message) -> Document | PhotoSize | None:
    """Return the file that was sent: a document, or the largest size of a photo; None for anything else."""
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height)
    # Telegram calls a GIF an animation and gives it as a document, too: it is no scan.
    return None if message.animation else message.document


async def fetch(message: Message, file: Document | PhotoSize) -> bytes:
    """Download a file. Raises BadFile when Telegram says that it is too big, or does not give it in time.

    aiogram names the faults of its calls, not those of a download: unnamed, they would pass for an outage of ours.
    """
    if file.file_size is not None and file.file_size > MAX_BYTES:
        raise BadFile("document.too_big", {"limit": LIMIT_MB})
    bot = message.bot
    if bot is None:
        raise BadFile("document.not_fetched")
    try:
        content = await bot.download(file)
    except (TelegramBadRequest, ClientError, OSError) as refusal:
        raise BadFile("document.not_fetched") from refusal
    if content is None:
        raise BadFile("document.not_fetched")
    return content.read()


def said_kind(message: Message, among: tuple[Kind, ...]) -> Kind | None:
    """Return what the person's caption or the file's name says that it is, if it names one of these and no other."""
    name = message.document.file_name if message.document else None
    for text in (message.caption, name):
        said = [kind for kind, words in CALLED.items() if text and any(word in text.lower() for word in words)]
        if len(said) == 1 and said[0] in among:
            return said[0]
    return None
