"""What a file of a conversation is: told by its bytes, never by its name or by what whoever sent it says."""

from dataclasses import dataclass

from core.domain.conversation import Attached
from core.domain.document import BadFile
from core.ports import Inspector

PLAIN = "application/octet-stream"
"""Neither looked into nor known: kept as it came, never opened in place, and the desk warns."""
INSPECTED = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-")
VOICE, FILM, SOUND = "audio/ogg", "video/mp4", "audio/mp4"
BRAND = slice(8, 12)


@dataclass(frozen=True, slots=True)
class FileGuard:
    """Looks into files before anybody gets them. No transaction may be open: it takes its time."""

    inspector: Inspector

    async def __call__(self, name: str, content: bytes) -> tuple[Attached, bytes]:
        """Return what is kept. Pictures and PDF are made anew, free of where they were taken and of anything active."""
        if content.startswith(INSPECTED):
            try:
                found = await self.inspector.inspect(content)
            except BadFile:
                # An operator asked for it, or a citizen needs it: it is not lost, and nobody is told that it is harmless.
                return Attached(name, PLAIN, len(content)), content
            return Attached(name, found.mime, len(found.content)), found.content
        return Attached(name, _played(content) or PLAIN, len(content)), content


def _played(content: bytes) -> str | None:
    """Return the type of what is only ever played: voice messages and films as Telegram makes them."""
    if content.startswith(b"OggS"):
        return VOICE
    if content[4:8] == b"ftyp":
        return SOUND if content[BRAND].startswith(b"M4A") else FILM
    return None
