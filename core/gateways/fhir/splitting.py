"""A bundle cut into its entries while it comes, so that no more than one of them is held as text.

Cut out is what is surely a value of the list `entry`; everything else is left to the parser, with `{}` where an entry was:
what is no JSON in the whole is none in one of the parts.
"""

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([{}\[\]])', re.DOTALL)
"""All up to the next bracket outside of strings; nothing where a string has not ended yet."""
NAME = re.compile(rb'"entry"\s*+:\s*+\Z')
OPENS = frozenset((b"{", b"["))


@dataclass(frozen=True, slots=True)
class Cut:
    """An entry: its place in the list, where it begins in the body, its text."""

    place: int
    at: int
    text: bytes = field(repr=False)


class Splitter:
    """Takes a body piece by piece. What waits for its end is looked at anew each time: let the pieces grow with it."""

    def __init__(self) -> None:
        self._text = b""
        self._seen = self._gone = self._depth = self._place = self._after = 0
        self._in_entries = False
        self._begins: int | None = None
        self._shell = bytearray()
        # Where something was cut out of the shell, and how many bytes of the body stand before what follows it there.
        self._cuts, self._before = array("Q", [0]), array("Q", [0])

    @property
    def waiting(self) -> int:
        """How many bytes wait for more."""
        return len(self._text)

    def feed(self, some: bytes) -> Iterator[Cut]:
        """Take a piece, and yield the entries that end in it; to be used up before the next."""
        self._text += some
        text, given, seen = self._text, 0, self._seen
        while found := BRACKET.match(text, seen):
            begins, bracket, before, seen = found.start(1), found[1], seen, found.end()
            if bracket in OPENS:
                if self._depth == 2 and self._in_entries and bracket == b"{":
                    self._begins = begins
                self._depth += 1
                if self._depth == 2:
                    self._in_entries = bracket == b"[" and NAME.search(text, before, begins) is not None
                    self._place, self._after = -1, len(self._shell) + seen - given
            else:
                self._depth -= 1
                if self._depth == 2 and self._begins is not None:
                    yield self._cut(given, seen)
                    given, self._begins = seen, None
        self._keep(given, seen)

    def shell(self) -> bytes:
        """Return the whole without its entries, each of them `{}`; for when the body has ended."""
        self._shell += self._text
        self._text = b""
        return bytes(self._shell)

    def whence(self, position: int) -> int:
        """Return where in the body a byte of the shell stood."""
        return position + self._before[bisect_right(self._cuts, position) - 1]

    def _cut(self, given: int, ends: int) -> Cut:
        begins = self._begins or 0
        self._shell += self._text[given:begins]
        self._place += 1 + _values(bytes(self._shell[self._after :]))
        self._shell += b"{}"
        self._after, at = len(self._shell), self._gone + begins
        self._cuts.append(len(self._shell))
        self._before.append(self._gone + ends - len(self._shell))
        return Cut(self._place, at, self._text[begins:ends])

    def _keep(self, given: int, seen: int) -> None:
        """Let go of what was read: what lies outside of entries is put to the shell."""
        stays = seen if self._begins is None else self._begins
        self._shell += self._text[given:stays]
        if self._begins is not None:
            self._begins = 0
        self._text = self._text[stays:]
        self._seen = seen - stays
        self._gone += stays


def _values(between: bytes) -> int:
    """Count what stands between two entries and is none: it takes places in the list."""
    said = between.strip(b" \t\r\n,")
    if not said:
        return 0
    try:
        return len(json.loads(b"[%b]" % said))
    except (ValueError, RecursionError):
        # No JSON: the parser will say so of the whole.
        return 1
