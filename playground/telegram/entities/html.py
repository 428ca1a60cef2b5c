"""parse_mode HTML as Telegram reads it: which tags, which errors, which byte offsets (Bot API, "HTML style")."""

import re

from playground.telegram.entities.links import link_entity
from playground.telegram.entities.spans import Entity, byte_offset, in_order, utf16_length
from playground.telegram.refusals import TelegramRefusal, bad_request

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPECIAL = re.compile("[<&]")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_SPACE = re.compile(r"\s*")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities; raises TelegramRefusal in Telegram's words."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Reader(source).read()


class _Open:
    """A start tag that waits for its end."""

    __slots__ = ("argument", "offset", "piece", "tag")

    def __init__(self, tag: str, argument: str, offset: int, piece: int) -> None:
        self.tag = tag
        self.argument = argument
        self.offset = offset
        self.piece = piece


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        source, size = self.source, len(self.source)
        while self.at < size:
            found = _SPECIAL.search(source, self.at)
            if found is None:
                self.write(source[self.at :])
                break
            self.write(source[self.at : found.start()])
            self.at = found.start()
            if source[self.at] == "&":
                self.reference()
            elif source.startswith("</", self.at):
                self.end_tag()
            else:
                self.start_tag()
        if self.stack:
            raise _cannot(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        text = "".join(self.pieces)
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return text, in_order(self.entities)

    def write(self, piece: str) -> None:
        if piece:
            self.pieces.append(piece)
            self.length += utf16_length(piece)

    def reference(self) -> None:
        decoded, self.at = _decode(self.source, self.at)
        self.write(decoded)

    def start_tag(self) -> None:
        source, begin = self.source, self.at
        name = _TAG_NAME.match(source, begin + 1)
        end = name.end() if name else begin + 1
        if end >= len(source):
            raise _cannot(f"Unclosed start tag at byte offset {byte_offset(source, begin)}")
        tag = source[begin + 1 : end].lower()
        if tag not in _TYPES:
            raise _cannot(f'Unsupported start tag "{tag}" at byte offset {byte_offset(source, begin)}')
        argument, self.at = self.attributes(tag, begin, end)
        if tag == "span" and argument != "spoiler":
            raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {byte_offset(source, begin)}')
        self.stack.append(_Open(tag, argument, self.length, len(self.pieces)))

    def attributes(self, tag: str, begin: int, at: int) -> tuple[str, int]:
        """The one attribute value that matters for this tag, and the place after ">"."""
        source = self.source
        where = byte_offset(source, begin)
        argument = ""
        while True:
            at = _skip(_SPACE, source, at)
            if source[at : at + 1] == ">":
                return argument, at + 1
            name_end = _skip(_ATTRIBUTE_NAME, source, at)
            name = source[at:name_end]
            if not name:
                if at >= len(source):
                    raise _cannot(f"Unclosed start tag at byte offset {where}")
                raise _cannot(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
            at = _skip(_SPACE, source, name_end)
            if source[at : at + 1] != "=":
                if tag == "blockquote" and name == "expandable":
                    argument = "expandable"
                    continue
                raise _cannot(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {where}'
                )
            at = _skip(_SPACE, source, at + 1)
            if at >= len(source):
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {where}')
            value, at = self.value(at)
            if at >= len(source):
                raise _cannot(f"Unclosed start tag at byte offset {where}")
            argument = _argument(tag, name, value, argument)

    def value(self, at: int) -> tuple[str, int]:
        source = self.source
        quote = source[at]
        if quote not in "'\"":
            end = _skip(_NAME_TOKEN, source, at)
            if end < len(source) and not source[end].isspace() and source[end] != ">":
                raise _cannot(f"Unexpected end of name token at byte offset {byte_offset(source, at)}")
            return source[at:end].lower(), end
        close = source.find(quote, at + 1)
        if close < 0:
            return source[at + 1 :], len(source)
        return _decode_all(source[at + 1 : close]), close + 1

    def end_tag(self) -> None:
        source, begin = self.source, self.at
        where = byte_offset(source, begin)
        if not self.stack:
            raise _cannot(f"Unexpected end tag at byte offset {where}")
        name_end = _skip(_TAG_NAME, source, begin + 2)
        tag = source[begin + 2 : name_end].lower()
        close = _skip(_SPACE, source, name_end)
        if source[close : close + 1] != ">":
            raise _cannot(f"Unclosed end tag at byte offset {where}")
        opened = self.stack[-1]
        if tag and tag != opened.tag:
            raise _cannot(f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{tag}>"')
        self.stack.pop()
        self.at = close + 1
        if self.length > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        offset, length = opened.offset, self.length - opened.offset
        kind, argument = _TYPES[opened.tag], opened.argument
        entity: Entity = {"type": kind, "offset": offset, "length": length}
        last = self.entities[-1] if self.entities else {}
        inner = last.get("type") if last.get("offset") == offset and last.get("length") == length else None
        if kind == "text_link":
            link = link_entity(argument or "".join(self.pieces[opened.piece :]), offset, length)
            if link is None:
                return
            entity = link
        elif kind == "custom_emoji":
            if not argument.isdigit() or int(argument) == 0:
                raise _cannot("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = argument
        elif kind == "blockquote" and argument:
            entity["type"] = "expandable_blockquote"
        elif kind == "pre" and inner == "code" and "language" in last:
            last["type"] = "pre"
            return
        elif kind == "code" and argument:
            if inner == "pre":
                last["language"] = argument
                return
            entity["language"] = argument
        self.entities.append(entity)


def _argument(tag: str, name: str, value: str, before: str) -> str:
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    if tag == "tg-emoji" and name == "emoji-id":
        return value
    if tag == "blockquote" and name == "expandable":
        return "expandable"
    return before


def _skip(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found else at


def _decode(source: str, at: int) -> tuple[str, int]:
    """A character reference at "&", or the "&" itself when it is none that Telegram knows."""
    found = _REFERENCE.match(source, at)
    if found is None:
        return "&", at + 1
    sixteen, ten, name = found.groups()
    if name is not None:
        known = _NAMED.get(name)
        return (known, found.end()) if known else ("&", at + 1)
    code = int(sixteen, 16) if sixteen else int(ten)
    if code == 0 or code >= 0x10FFFF:
        return "&", at + 1
    if 0xD800 <= code <= 0xDFFF:
        raise _cannot(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
            "surrogate code units"
        )
    return chr(code), found.end()


def _decode_all(value: str) -> str:
    pieces: list[str] = []
    at = 0
    while at < len(value):
        if value[at] == "&":
            decoded, at = _decode(value, at)
            pieces.append(decoded)
        else:
            pieces.append(value[at])
            at += 1
    return "".join(pieces)


def _cannot(text: str) -> TelegramRefusal:
    return bad_request(f"can't parse entities: {text}")
