"""What Telegram finds by itself in any text: commands, addresses, mentions, tags, phone numbers."""

import re

from playground.telegram.entities.spans import Entity, in_order, utf16_length

_SIGNS = re.compile(r"[/@#.+]|://")
_FOUND = re.compile(
    r"(?P<email>(?<![\w.+\-])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}(?!\w))"
    r"|(?P<url>(?:https?://[^\s<>\"]+[^\s<>\".,;:!?)\]»']|(?<![\w@./])(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+"
    r"(?:ru|com|org|net|me|io|info|dev|su|eu|uk|рф)(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]»'])?(?!\w)))"
    r"|(?P<bot_command>(?<![\w/>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d\s()\-]{8,16}\d(?!\w))"
)
_CLOSED = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})


def detect(text: str, entities: list[Entity]) -> list[Entity]:
    """`entities` and the found ones, in order; nothing is looked for inside code and links."""
    if not _SIGNS.search(text):
        return entities
    closed = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _CLOSED]
    ascii_only = text.isascii()
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        begin = match.start() if ascii_only else utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if not any(begin < end and start < begin + length for start, end in closed):
            found.append({"type": str(match.lastgroup), "offset": begin, "length": length})
    return in_order(entities + found) if found else entities
