"""parse_mode Markdown, the old one without nesting (Bot API, "Markdown style")."""

from playground.telegram.entities.links import link_entity
from playground.telegram.entities.spans import Entity, byte_offset, in_order, utf16_length
from playground.telegram.refusals import bad_request

_TYPES = {"*": "bold", "_": "italic", "`": "code", "[": "text_link"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities; raises TelegramRefusal "Can't find end of the entity ..."."""
    pieces: list[str] = []
    entities: list[Entity] = []
    length = 0
    at = 0
    while at < len(source):
        char = source[at]
        if char == "\\" and source[at + 1 : at + 2] in tuple("_*`["):
            char, at = source[at + 1], at + 1
        elif char in _TYPES:
            fence = "```" if source.startswith("```", at) else char
            begin = at + len(fence)
            end = source.find("]" if char == "[" else fence, begin)
            if end < 0:
                raise bad_request(
                    "can't parse entities: Can't find end of the entity starting at byte offset "
                    f"{byte_offset(source, at)}"
                )
            inner = source[begin:end]
            after = end + (1 if char == "[" else len(fence))
            address = inner
            if char == "[" and source.startswith("(", after):
                close = source.find(")", after)
                close = len(source) if close < 0 else close
                address, after = source[after + 1 : close], close + 1
            size = utf16_length(inner)
            if size and char == "[":
                link = link_entity(address, length, size)
                if link is not None:
                    entities.append(link)
            elif size:
                kind = "pre" if fence == "```" else _TYPES[char]
                entities.append({"type": kind, "offset": length, "length": size})
            pieces.append(inner)
            length += size
            at = after
            continue
        pieces.append(char)
        length += utf16_length(char)
        at += 1
    return "".join(pieces), in_order(entities)
