"""How much fits into a message and onto a button."""

import re
from collections.abc import Callable, Sequence
from html import unescape
from typing import TypeVar

from core.domain.record.names import tidy

LABEL, DATED = 40, 32
"""Letters of a name on a button, and on one that bears a day as well."""
ENOUGH = 2900
"""Visible letters of a list, of the 4096 that Telegram takes: the window says more than the list."""

Room = TypeVar("Room")


def length(html: str) -> int:
    """Return how long a text is for Telegram: UTF-16 units after the entities."""
    return len(unescape(re.sub(r"<[^<>]*>", "", html)).encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """Return a text of at most so many UTF-16 units."""
    text = tidy(text)
    while len(text.encode("utf-16-le")) // 2 > most:
        text = text[:-2].rstrip() + "…"
    return text


def fitted(render: Callable[[Room], str], rooms: Sequence[Room]) -> str:
    """Return what is rendered in the widest of the rooms where it fits, or in the last one; the widest comes first."""
    for room in rooms:
        text = render(room)
        if length(text) <= ENOUGH:
            break
    return text
