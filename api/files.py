"""What people sent, given back: nothing of it runs, and only what is safe to look at is shown in place."""

from urllib.parse import quote

from fastapi.responses import Response

from api.headers import policy
from api.openapi import Answers

SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
PLAYED = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "video/mp4", "application/pdf"})
"""Known by their type to whoever saves or plays them, and not shown in place."""
UNKNOWN = "application/octet-stream"
FILE: Answers = {
    200: {
        "description": "The file: pictures to look at in place, everything else to save.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(SHOWN | PLAYED | {UNKNOWN})
        },
    }
}
GUARD = policy(default_src="'none'", form_action="'none'", sandbox="")


def file_answer(name: str, kind: str, content: bytes) -> Response:
    """Return a file. Its name is data in a header, its type is taken for what it is only where that is harmless."""
    place = "inline" if kind in SHOWN else "attachment"
    plain = "".join(each for each in name if each.isprintable()) or "file"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(plain.encode(errors='replace'), safe='')}",
        "Content-Security-Policy": GUARD,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=kind if kind in SHOWN | PLAYED else UNKNOWN, headers=headers)
