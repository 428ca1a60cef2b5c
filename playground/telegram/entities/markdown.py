"""parse_mode MarkdownV2 as Telegram reads it (Bot API, "MarkdownV2 style")."""

import re

from playground.telegram.entities.links import link_entity
from playground.telegram.entities.spans import Entity, byte_offset, in_order, utf16_length
from playground.telegram.refusals import TelegramRefusal, bad_request

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "pre_code": "PreCode",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_ENDS = {
    "bold": "*",
    "underline": "__",
    "code": "`",
    "pre": "```",
    "pre_code": "```",
    "text_link": "]",
    "strikethrough": "~",
    "spoiler": "||",
    "custom_emoji": "]",
}
# Two-character marks before their first characters.
_STARTS = {
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "[": "text_link",
}
_EMOJI_URL = re.compile(r"tg://emoji\?id=(\d+)$")


class _Open:
    __slots__ = ("argument", "begin", "kind", "offset", "piece")

    def __init__(self, kind: str, argument: str, offset: int, begin: int, piece: int) -> None:
        self.kind = kind
        self.argument = argument
        self.offset = offset
        self.begin = begin
        self.piece = piece


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities; raises TelegramRefusal in Telegram's words."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.stack: list[_Open] = []
        self.entities: list[Entity] = []
        self.quoting = False

    def read(self) -> tuple[str, list[Entity]]:
        source = self.source
        while self.at < len(source):
            char = source[self.at]
            following = source[self.at + 1 : self.at + 2]
            if char == "\\" and following and ord(following) <= 126:
                self.write(following)
                self.at += 2
                continue
            reserved = "`" if self.stack and self.stack[-1].kind in ("code", "pre", "pre_code") else _RESERVED
            if char not in reserved:
                self.write(char)
                self.at += 1
            elif self.ends_here(char):
                self.end(char)
            else:
                self.begin(char)
        if self.quoting and self.stack and self.stack[-1].kind == "blockquote":
            self.close(self.stack.pop())
        if self.stack:
            raise self.endless(self.stack[-1])
        return "".join(self.pieces), in_order(self.entities)

    def write(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += utf16_length(piece)

    def endless(self, opened: _Open) -> TelegramRefusal:
        where = byte_offset(self.source, opened.begin)
        return _cannot(f"Can't find end of {_NAMES[opened.kind]} entity at byte offset {where}")

    def ends_here(self, char: str) -> bool:
        if not self.stack:
            return False
        following = self.source[self.at + 1 : self.at + 2]
        if self.quoting and char == "\n" and following != ">":
            return True
        kind = self.stack[-1].kind
        if kind == "italic":
            return char == "_" and following != "_"
        return kind in _ENDS and self.source.startswith(_ENDS[kind], self.at)

    def begin(self, char: str) -> None:
        source, begin = self.source, self.at
        mark = next((one for one in _STARTS if source.startswith(one, begin)), None)
        kind, argument, width = (_STARTS[mark], "", len(mark)) if mark else ("", "", 1)
        if char == "`":
            kind, argument, width = self.fence()
        elif char == "\n":
            self.write("\n")
            if source.startswith(">", begin + 1):
                width = 2
                kind = "" if self.quoting else "blockquote"
        elif char == ">" and begin == 0:
            kind = "blockquote"
        elif mark is None:
            raise _cannot(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        self.at += width
        if kind:
            self.quoting = self.quoting or kind == "blockquote"
            self.stack.append(_Open(kind, argument, self.length, begin, len(self.pieces)))

    def fence(self) -> tuple[str, str, int]:
        """Kind, language and width of what begins with a backtick."""
        source, begin = self.source, self.at
        if not source.startswith("```", begin):
            return "code", "", 1
        at = begin + 3
        word = re.compile(r"[^\s`]*").match(source, at)
        word_end = word.end() if word else at
        kind, language = "pre", ""
        if word_end > at and source[word_end : word_end + 1] not in ("", "`"):
            kind, language, at = "pre_code", source[at:word_end], word_end
        line_end = re.compile(r"\r\n|\n\r|\n|\r|").match(source, at)
        return kind, language, (line_end.end() if line_end else at) - begin

    def end(self, char: str) -> None:
        opened = self.stack[-1]
        if char == "\n" and opened.kind != "blockquote":
            raise self.endless(opened)
        self.stack.pop()
        if opened.kind == "blockquote":
            self.close(opened)
            self.quoting = False
            self.write("\n")
            self.at += 1
            return
        self.at += len(_ENDS.get(opened.kind, "_"))
        if opened.kind == "text_link":
            opened.argument = self.address("URL") or "".join(self.pieces[opened.piece :])
        elif opened.kind == "custom_emoji":
            if not self.source.startswith("(", self.at):
                raise _cannot("Custom emoji entity must contain a tg://emoji URL")
            opened.argument = self.address("custom emoji URL")
        self.close(opened)

    def address(self, what: str) -> str:
        """What stands in the brackets after "]"; empty when there are none."""
        source = self.source
        if not source.startswith("(", self.at):
            return ""
        begin = self.at + 1
        at = begin
        url: list[str] = []
        while at < len(source) and source[at] != ")":
            if source[at] == "\\" and at + 1 < len(source) and ord(source[at + 1]) <= 126:
                at += 1
            url.append(source[at])
            at += 1
        if at >= len(source):
            raise _cannot(f"Can't find end of a {what} at byte offset {byte_offset(source, begin)}")
        self.at = at + 1
        return "".join(url)

    def close(self, opened: _Open) -> None:
        offset, length = opened.offset, self.length - opened.offset
        if opened.kind == "custom_emoji":
            found = _EMOJI_URL.match(opened.argument)
            if found is None:
                raise _cannot("Invalid custom emoji identifier specified")
            opened.argument = found[1]
        if length == 0:
            return
        entity: Entity = {"type": opened.kind, "offset": offset, "length": length}
        if opened.kind == "text_link":
            link = link_entity(opened.argument, offset, length)
            if link is None:
                return
            entity = link
        elif opened.kind == "pre_code":
            entity = {**entity, "type": "pre", "language": opened.argument}
        elif opened.kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.argument
        self.entities.append(entity)


def _cannot(text: str) -> TelegramRefusal:
    return bad_request(f"can't parse entities: {text}")
