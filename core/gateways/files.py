"""Ciphertext of files in a folder of the local disk."""

import asyncio
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

KEY = re.compile(r"[0-9a-f][0-9a-f-]{6,126}[0-9a-f]")


class LocalFiles:
    """`core.ports.Files`. A key is 8 to 128 hexadecimal digits and dashes, a UUID for example; ValueError otherwise."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, content: bytes) -> None:
        """Store it, durable when this returns; what stood under the key is replaced in one step."""
        await asyncio.to_thread(self._put, self._place(key), content)

    async def get(self, key: str) -> bytes:
        """Return the content; FileNotFoundError where there is none."""
        return await asyncio.to_thread(self._place(key).read_bytes)

    async def delete(self, key: str) -> None:
        """Remove it; nothing happens where there is none."""
        await asyncio.to_thread(self._delete, self._place(key))

    def _place(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError("a file key is hexadecimal digits and dashes")
        # The last digits, because the first ones of a UUIDv7 are the time and would fill one folder after the other.
        tail = key.replace("-", "")[-4:].rjust(4, "0")
        return self._root / tail[2:] / tail[:2] / key

    def _put(self, path: Path, content: bytes) -> None:
        self._folder(path.parent)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            with suppress(OSError):
                fresh.unlink()
            raise
        _sync(path.parent)

    def _delete(self, path: Path) -> None:
        with suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)

    def _folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            part.mkdir(mode=0o700, exist_ok=True)
            _sync(part.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
