"""An update that has come in, before anything is known of it but whose it is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.intake.reply import Reply
from core.domain.distress import may_be_urgent
from core.domain.update import Kept

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
"""What the bot asks Telegram for."""
ELSEWHERE = frozenset({"group", "supergroup", "channel"})
"""Chats that the bot does not speak in."""
ALWAYS = frozenset({"/start", "/menu", "/cancel", "/help"})
"""Ways out: they are never slowed down, and never thrown away."""
PRESSED = frozenset({"go:menu", "go:help"})
"""The same as buttons."""


class Outcome(StrEnum):
    """SEEN is over for Telegram; FAILED is to be sent again; AWAY too, later: a part of the product is missing or stops."""

    SEEN = "seen"
    FAILED = "failed"
    AWAY = "away"


@dataclass(eq=False, slots=True)
class Arrival:
    """One update. `came` in seconds of the product's own ticks; `repeats` says that whoever brought it does so again."""

    id: int
    chat: int
    kind: str
    raw: Mapping[str, Any] = field(repr=False)
    came: float = 0.0
    tries: int = 0
    repeats: bool = False
    reply: Reply | None = None
    tell: list[Callable[[Outcome], None]] = field(default_factory=list)
    kept: bool = False
    put_back: bool = False
    """Whether an administrator wants it handled again, whatever has happened in its chat since."""
    slow: bool = False
    running: bool = False
    away: int = 0
    paid: bool = False
    """Whether it was counted for the pace of its chat over all bots."""
    rests: int = 0
    """How often Telegram took no answer to it."""
    others: int | None = None
    """How many others Telegram had taken an answer to when it failed this one last."""
    urgent: bool = field(init=False)
    """Whether the person seems to call for help at once."""
    passes: bool = field(init=False)
    """Whether it is a way out, or urgent."""

    def __post_init__(self) -> None:
        text = self._said("text")
        pressed = self.kind == "callback_query" and self._said("data") in PRESSED
        self.urgent = may_be_urgent(text)
        self.passes = pressed or text.partition(" ")[0].partition("@")[0] in ALWAYS or self.urgent

    @classmethod
    def of(cls, raw: Mapping[str, Any], **more: Any) -> "Arrival":
        """Read whose it is. Raises ValueError for what is no update."""
        number = raw.get("update_id")
        if not isinstance(number, int) or isinstance(number, bool):
            raise ValueError("no update")  # noqa: TRY004 - a malformed value, whatever its type
        kind = next((name for name in raw if name != "update_id"), "nothing")
        return cls(number, chat_of(raw.get(kind)), kind, raw, **more)

    @property
    def to_keep(self) -> Kept:
        """As it is stored."""
        # In ASCII: a half of a surrogate pair, which JSON may carry, could not be stored as it is.
        return Kept(self.id, self.chat, self.kind, json.dumps(self.raw), self.tries)

    @property
    def bare(self) -> Kept:
        """Only that there was one: for when its content is what cannot be stored."""
        return Kept(self.id, self.chat, "nothing", "{}", self.tries)

    @property
    def elsewhere(self) -> bool:
        """Whether it comes from a group or a channel: nobody is answered there, whatever is said."""
        event = self.raw.get(self.kind)
        chat = event.get("chat") if isinstance(event, dict) else None
        return isinstance(chat, dict) and chat.get("type") in ELSEWHERE

    def _said(self, name: str) -> str:
        event = self.raw.get(self.kind)
        said = event.get(name) if isinstance(event, dict) else None
        return said if isinstance(said, str) else ""

    def settle(self, outcome: Outcome) -> None:
        """Tell whoever brought it what became of it."""
        tell, self.tell = self.tell, []
        for each in tell:
            each(outcome)


def chat_of(event: object) -> int:
    """Return the chat of an event, or the person of a button press: in a private chat the numbers are the same."""
    if not isinstance(event, dict):
        return 0
    for name in ("chat", "from"):
        found = event.get(name)
        if isinstance(found, dict) and isinstance(found.get("id"), int):
            return int(found["id"])
    return 0
