"""Where what was sent to people lies until somebody reads it: SMS and mail, under one count."""

import asyncio
import contextlib
import itertools
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from starlette.requests import Request

from playground.outside.answers import Malformed

# Six digits, perhaps three and three, that are no part of a longer number; only where the text speaks of a code.
CODE = re.compile(r"(?<![\d+])(?<!\d[ -])(\d{3}[ -]?\d{3})(?![ -]?\d)")
SPEAKS_OF_CODE = re.compile(r"код|code", re.IGNORECASE)
URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """One SMS (`to` holds the phone) or one letter. `seq` grows by one over both kinds."""

    seq: int
    kind: Literal["sms", "mail"]
    id: str
    time: datetime
    to: tuple[str, ...]
    text: str
    sender: str = ""
    subject: str = ""
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    @property
    def code(self) -> str | None:
        """The six digits of a confirmation code, when there is one in the text or the subject."""
        words = URL.sub("", f"{self.text}\n{self.subject}")
        found = CODE.search(words) if SPEAKS_OF_CODE.search(words) else None
        return re.sub(r"\D", "", found[1]) if found else None

    def is_for(self, address: str, part: bool = False) -> bool:
        """Whether a phone (however spaced) or mail address, or with `part` a piece of one, is among the receivers."""
        wanted = plain_address(address)
        return any(wanted == (to := plain_address(receiver)) or (part and wanted in to) for receiver in self.to)


class Pigeonhole:
    """The last `limit` items of each kind, oldest first."""

    def __init__(self, limit: int = 1000) -> None:
        self._kinds: dict[str, deque[Item]] = {
            "sms": deque(maxlen=limit),
            "mail": deque(maxlen=limit),
        }
        self._count = itertools.count(1)
        self._news = asyncio.Condition()
        self.last = 0

    def next_seq(self) -> int:
        self.last = next(self._count)
        return self.last

    async def put(self, item: Item) -> None:
        self._kinds[item.kind].append(item)
        async with self._news:
            self._news.notify_all()

    def items(self, *kinds: str, to: str = "", after: int = 0, part: bool = False) -> list[Item]:
        """Items of those kinds newer than `after`, oldest first; for `to` or, with `part`, whose address has it inside."""
        found = (item for kind in kinds for item in self._kinds[kind] if item.seq > after)
        return sorted(
            (item for item in found if not to or item.is_for(to, part)),
            key=lambda item: item.seq,
        )

    def find(self, kind: str, seq: int) -> Item | None:
        return next((item for item in self._kinds[kind] if item.seq == seq), None)

    async def wait_for_items(self, kind: str, to: str, after: int, seconds: float) -> list[Item]:
        """As `items` of one kind, but waits until there is one, at most `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.items(kind, to=to, after=after))
        return self.items(kind, to=to, after=after)


async def window_of(request: Request, pigeonhole: Pigeonhole, kind: str) -> list[Item]:
    """The items that a request asks for with `to`, `after` (seq) and `wait` (seconds, at most 30)."""
    query = request.query_params
    try:
        after, seconds = (
            int(query.get("after") or 0),
            min(float(query.get("wait") or 0), 30),
        )
    except ValueError:
        raise Malformed("after and wait are numbers") from None
    to = query.get("to", "")
    return (
        await pigeonhole.wait_for_items(kind, to, after, seconds)
        if seconds > 0
        else pigeonhole.items(kind, to=to, after=after)
    )


def plain_address(address: str) -> str:
    """One spelling: a phone as digits (8 in front of eleven is 7), a mail address in lower case."""
    address = address.strip().casefold()
    bare = "".join(character for character in address if character not in " \u00a0+-()")
    if not bare.isdigit():
        return address
    return "7" + bare[1:] if len(bare) == 11 and bare.startswith("8") else bare
