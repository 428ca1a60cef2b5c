"""Answers that operators have ready, in both languages, with variables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.domain.conversation import Sight
from core.domain.ids import CannedId, TeamId

VARIABLES = ("name", "number", "operator")
LONGEST_SHORTCUT, LONGEST_ANSWER = 32, 3000
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_SHORTCUT = re.compile(r"[\w-]+")


class CannedNotThere(Exception):
    """No such answer, or not one that this member may change."""

    message_key = "canned.not_there"


class InvalidCanned(Exception):
    """No shortcut, no words, or a variable that nobody fills: `message_key` says so."""

    message_key = "canned.invalid"


class ShortcutTaken(Exception):
    """Another answer of the same group is called so."""

    message_key = "canned.shortcut_taken"


@dataclass(frozen=True, slots=True)
class Canned:
    """One answer. `shortcut` is what is typed after `/`; `texts` by language; `team` None: everybody's."""

    id: CannedId
    shortcut: str
    title: str
    texts: Mapping[str, str] = field(default_factory=dict)
    team: TeamId | None = None
    version: int = 0
    """0 before it was first stored."""

    def checked(self) -> "Canned":
        """Return it when it can be stored; InvalidCanned otherwise."""
        words = [text.strip() for text in self.texts.values()]
        unknown = {name for text in words for name in _VARIABLE.findall(text)} - set(VARIABLES)
        sound = _SHORTCUT.fullmatch(self.shortcut) and len(self.shortcut) <= LONGEST_SHORTCUT and self.title.strip()
        if not sound or not words or not all(words) or unknown or max(map(len, words)) > LONGEST_ANSWER:
            raise InvalidCanned
        return self

    def say(self, language: str, values: Mapping[str, str]) -> str:
        """Return the words in a language, else in the other one, with what is known filled in."""
        text = self.texts.get(language) or next(iter(self.texts.values()), "")
        return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


class CannedAnswers(Protocol):
    """The answers that stand ready."""

    async def all(self, sight: Sight) -> Sequence[Canned]:
        """Return everybody's and those of the member's group; all of them to whoever sees everything."""
        ...

    async def put(self, canned: Canned) -> Canned:
        """Store it, new or changed. Raises ShortcutTaken; `account.WrongMove` when it changed since it was read."""
        ...

    async def remove(self, canned: CannedId) -> bool: ...
