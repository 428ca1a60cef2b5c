"""Everything that went out: to Telegram by the playground's journal, SMS and letters by its boxes, read while the run goes on."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

SENDING = frozenset(
    {
        "sendmessage", "sendphoto", "sendvideo", "sendanimation", "sendaudio", "sendvoice", "sendsticker", "senddocument",
        "sendlocation", "sendcontact", "sendmediagroup", "copymessage", "copymessages", "forwardmessage", "sendrichmessage",
    }
)  # fmt: skip
"""Calls that put a message into a chat: these alone count for the budget."""
READ_EVERY_S = 0.4
NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of a notification: the whole of an SMS' id, and part of a letter's."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `came` and `went`: seconds since 1970; `effect`: a message arrived, whether or not the bot heard of it."""

    method: str
    came: float
    went: float
    status: int
    effect: bool
    chat: int
    text: str


class Wire:
    """Reads in a thread of its own while the block runs."""

    def __init__(self, playground: str) -> None:
        self.calls: list[Call] = []
        self._http = httpx.Client(base_url=playground, timeout=40, trust_env=False)
        self._seq = 0
        self._read = {"sms": 0, "mail": 0}
        self._box: dict[str, list[str]] = {}
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Wire":
        self._thread.start()
        return self

    def __exit__(self, *_gone: object) -> None:
        self._stop.set()
        self._thread.join(60)
        self._http.close()

    def _run(self) -> None:
        while not self._stop.wait(READ_EVERY_S):
            self.read()

    def read(self) -> None:
        """Read what is new."""
        with self._turn:
            for each in self._http.get("/calls", params={"after": self._seq}).json():
                if each["seq"] != self._seq + 1 and self._seq:
                    raise RuntimeError("the journal is shorter than what happened between two looks at it")
                self._seq = each["seq"]
                if each["method"].lower() != "getupdates":
                    self.calls.append(_call(each))
            for box, after in self._read.items():
                for each in self._http.get(f"/{box}/messages", params={"after": after}).json():
                    self._read[box] = each["seq"]
                    self._box.setdefault(NAME.search(each["id"])[0], []).append(each["text"])  # type: ignore[index]

    def box(self, notification: UUID) -> list[str]:
        """The SMS or letters that arrived for a notification: they bear its id."""
        return self._box.get(str(notification), [])

    def arrived(self, mark: str, chat: int | None = None) -> int:
        """How many messages with this text arrived, in a chat or in any."""
        return sum(1 for each in self.sent() if mark in each.text and chat in {None, each.chat})

    def reached(self, mark: str) -> Counter[int]:
        """How often a text arrived in each chat."""
        return Counter(each.chat for each in self.sent() if mark in each.text)

    def told(self, chat: int) -> list[str]:
        """All that the bot said to somebody, new messages and changed ones."""
        return [each.text for each in self.calls if each.effect and each.chat == chat and each.text]

    def sent(self) -> Iterator[Call]:
        """Every message that arrived."""
        return (each for each in self.calls if each.effect and each.method in SENDING)

    def sends(self) -> list[float]:
        """When each call came that put a message into a chat, or would have."""
        return [each.came for each in self.calls if each.method in SENDING]


def _call(row: dict[str, Any]) -> Call:
    parameters = row["parameters"]
    chat = parameters.get("chat_id", 0)
    words = (parameters.get("text"), parameters.get("caption"))
    return Call(
        row["method"].lower(),
        row["time"] - row["duration_ms"] / 1000,
        row["time"],
        row["status"],
        row["status"] in {0, 200} and bool(row["answer"] and row["answer"].get("ok")),
        int(chat) if str(chat).lstrip("-").isdigit() else 0,
        "\n".join(str(each) for each in words if each),
    )
