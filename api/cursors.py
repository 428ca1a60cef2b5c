"""Where the next page begins, told to programs as one opaque word."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

from fastapi import Query

LONGEST = 400


class BadCursor(Exception):
    """The word is none that a page has told."""


Cursor = Annotated[
    str | None,
    Query(max_length=LONGEST, description="Where to go on: `next` of the page before. Anything else is refused: 400."),
]


def wrapped(place: str | UUID | None) -> str | None:
    """Return a place as it is told."""
    return None if place is None else base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def opened(cursor: str | None) -> str | None:
    """Return the place that a cursor tells. Raises BadCursor."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (UnicodeError, binascii.Error, ValueError):
        raise BadCursor from None
    if not place or not place.isprintable():
        raise BadCursor
    return place


def opened_id(cursor: str | None) -> UUID | None:
    """Return the id that a cursor tells. Raises BadCursor."""
    place = opened(cursor)
    try:
        return None if place is None else UUID(place)
    except ValueError:
        raise BadCursor from None
