"""Uploaded files: kept in memory, together at most 512 MB; the oldest go first."""

import base64
import mimetypes
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from playground.telegram.refusals import bad_request

TOTAL_LIMIT = 512 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "video": "videos",
    "audio": "music",
    "sticker": "stickers",
    "animation": "animations",
    "video_note": "video_notes",
}


@dataclass(slots=True)
class StoredFile:
    """One file; a photo has one StoredFile a size, all of `kind` photo. Sizes in bytes and pixels."""

    file_id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    content: bytes
    path: str
    width: int = 0
    height: int = 0
    sizes: list["StoredFile"] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """What every Bot API object of a file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class FileStore:
    """Files by id and by download path."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, StoredFile] = OrderedDict()
        self._paths: dict[str, StoredFile] = {}
        self._total = 0
        self._counter = 0

    def add(self, kind: str, name: str, mime: str, content: bytes, width: int = 0, height: int = 0) -> StoredFile:
        """Keep a file under new ids. An empty `mime` is guessed by the name."""
        self._counter += 1
        mime = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        extension = re.sub(r"[^.A-Za-z0-9]", "", "." + name.rpartition(".")[2] if "." in name else "")[:10]
        stored = StoredFile(
            file_id="BQACAgIAAxkB" + base64.urlsafe_b64encode(secrets.token_bytes(33)).decode(),
            unique_id="AgAD" + base64.urlsafe_b64encode(secrets.token_bytes(9)).decode(),
            kind=kind,
            name=name,
            mime=mime,
            content=content,
            path=f"{FOLDERS.get(kind, 'documents')}/file_{self._counter}{extension}",
            width=width,
            height=height,
        )
        self._files[stored.file_id] = stored
        self._paths[stored.path] = stored
        self._total += len(content)
        while self._total > TOTAL_LIMIT and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            del self._paths[oldest.path]
            self._total -= len(oldest.content)
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        return self._files.get(file_id)

    def require(self, file_id: str) -> StoredFile:
        stored = self._files.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def by_path(self, path: str) -> StoredFile | None:
        return self._paths.get(path)
