"""Stretches of text in UTF-16 units, as Telegram counts them."""

from typing import Any

Entity = dict[str, Any]

# Outer before inner when two entities cover the same stretch.
_PRIORITY = {"expandable_blockquote": 0, "blockquote": 0, "text_link": 1, "pre": 9, "code": 9}


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def byte_offset(text: str, position: int) -> int:
    """UTF-8 bytes before `position`: Telegram's error texts count them."""
    return len(text[:position].encode("utf-8", "surrogatepass"))


def in_order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _PRIORITY.get(e["type"], 5)))


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space at both ends goes, as in Telegram; entities shrink with it and vanish when nothing is left."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(stripped)
    kept: list[Entity] = []
    for entity in entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return stripped, kept
