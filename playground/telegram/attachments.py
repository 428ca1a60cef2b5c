"""Files on their way into messages: uploads, attach:// references and file identifiers of earlier files."""

import asyncio
from datetime import timedelta
from typing import Any, Protocol

from playground.telegram.files import PHOTO_LIMIT, UPLOAD_LIMIT, FileStore, StoredFile
from playground.telegram.http import Upload
from playground.telegram.methods.registry import Context
from playground.telegram.pictures import dimensions, photo_sizes
from playground.telegram.refusals import bad_request, payload_too_large

MEDIA_KINDS = ("photo", "document", "video", "audio", "voice", "sticker", "animation", "video_note")

# A photo is a list of sizes, every other kind one object.
Field = dict[str, Any] | list[dict[str, Any]]


class Media(Protocol):
    """Any of aiogram's InputMedia."""

    @property
    def type(self) -> object: ...

    @property
    def media(self) -> object: ...


async def media_content(context: Context, media: Media) -> tuple[str, Field]:
    """Kind and message field of an InputMedia object."""
    kind = str(getattr(media.type, "value", media.type))
    if kind not in MEDIA_KINDS:
        raise bad_request("can't parse InputMedia: media type is unsupported here")
    return kind, await attached(context, kind, media.media, media)


async def attached(context: Context, kind: str, reference: object, described: object) -> Field:
    """The field of a message object for a file given as a string.

    `described` is the typed method or media: its duration, width, height, performer and title are taken over.
    """
    files = context.telegram.files
    if isinstance(reference, str) and reference.startswith("attach://"):
        upload = context.asked.files.get(reference.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
        stored = await store_upload(files, kind, upload)
    elif not isinstance(reference, str) or not reference:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    elif reference.startswith(("http://", "https://")):
        # Nothing is fetched from outside: the playground is the whole world.
        raise bad_request("failed to get HTTP URL content")
    else:
        stored = files.require(reference)
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {_title(stored.kind)} as {_title(kind)}")
    return described_field(stored, described)


async def store_upload(files: FileStore, kind: str, upload: Upload) -> StoredFile:
    """Keep an upload as `kind`. Raises TelegramRefusal when it is empty, too big, or no picture where one is due."""
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > UPLOAD_LIMIT:
        raise payload_too_large()
    if kind == "photo":
        if size > PHOTO_LIMIT:
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
            )
        sizes = await asyncio.to_thread(photo_sizes, upload.content)
        stored = [files.add("photo", "photo.jpg", "image/jpeg", content, w, h) for content, w, h in sizes]
        for one in stored:
            one.sizes = stored
        return stored[-1]
    mime = upload.mime if upload.mime != "application/octet-stream" else ""
    width, height = dimensions(upload.content) if kind in ("sticker", "document", "animation") else (0, 0)
    return files.add(kind, upload.name, mime, upload.content, width, height)


def described_field(stored: StoredFile, described: object = None) -> Field:
    """The message field of a stored file, shaped as Telegram shapes this kind."""
    kind = stored.kind
    if kind == "photo":
        return [{**one.summary(), "width": one.width, "height": one.height} for one in stored.sizes]
    field = stored.summary()
    if kind == "sticker":
        shape = {"type": "regular", "is_animated": False, "is_video": False}
        return {**field, **shape, "width": stored.width or 512, "height": stored.height or 512}
    field["mime_type"] = stored.mime
    if kind in ("document", "video", "audio", "animation"):
        field["file_name"] = stored.name
    if kind in ("video", "animation"):
        field["width"] = getattr(described, "width", None) or 640
        field["height"] = getattr(described, "height", None) or 360
    if kind == "video_note":
        field["length"] = getattr(described, "length", None) or 240
        field.pop("mime_type")
    if kind not in ("document", "sticker"):
        field["duration"] = _seconds(getattr(described, "duration", None))
    if kind == "audio":
        for name in ("performer", "title"):
            value = getattr(described, name, None)
            if value:
                field[name] = value
    return field


def _seconds(duration: object) -> int:
    """A recording without a told length counts as one second."""
    if isinstance(duration, timedelta):
        return int(duration.total_seconds())
    return duration if isinstance(duration, int) and duration > 0 else 1


def _title(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_"))
