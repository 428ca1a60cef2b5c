"""Looks into uploads: what a file is by its bytes, whether it can be read, and a copy of it free of anything active."""

import asyncio

from core.domain.document import MAX_BYTES, BadFile
from core.gateways.pdf import rewritten_pdf
from core.gateways.pictures import reencoded_jpeg, reencoded_png
from core.ports import Inspected

READERS = (
    (b"\xff\xd8\xff", "image/jpeg", reencoded_jpeg),
    (b"\x89PNG\r\n\x1a\n", "image/png", reencoded_png),
    (b"%PDF-", "application/pdf", rewritten_pdf),
)


class ByteInspector:
    """`core.ports.Inspector`, in threads, two files at a time: a picture of 40 megapixels takes up to 300 MB."""

    def __init__(self, *, at_once: int = 2) -> None:
        self._turns = asyncio.Semaphore(at_once)

    async def inspect(self, content: bytes) -> Inspected:
        """Return what it is and a clean copy; raises BadFile with the reason."""
        async with self._turns:
            return await asyncio.to_thread(inspected, content)


def inspected(content: bytes) -> Inspected:
    """The same without an event loop."""
    if not content:
        raise BadFile("document.empty")
    if len(content) > MAX_BYTES:
        raise BadFile("document.too_big", {"limit": str(MAX_BYTES // 1024 // 1024)})
    for start, mime, read in READERS:
        if content.startswith(start):
            clean, pages = read(content)
            return Inspected(mime, pages, clean)
    raise BadFile("document.wrong_type")
