"""People walking the form: what they do, when they were answered, and how many calls that took.

The people live in the process of the playground and act on it directly, so that they cost next to nothing beside what is
measured; the bots are reached over HTTP alone.
"""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import playground.app  # noqa: F401 - before its parts, which import one another
from playground.telegram import person_actions as actions
from playground.telegram.server import Telegram
from playground.telegram.state import Person

PATIENCE_S = 60.0
ANSWERS = frozenset({"sendMessage", "editMessageText"})


class Astray(Exception):
    """The form did not go where it should: says what the person did and what came."""


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: what is said, or the label of what is tapped, and what the answer must match."""

    what: str
    text: str
    answer: str


@dataclass(slots=True)
class Turn:
    """A turn under way: when it began, the calls so far, and what waits for the answer."""

    began: float
    answered: "asyncio.Future[str]"
    calls: int = 0
    took: float = 0.0


@dataclass
class Ledger:
    """What was seen since the last reset. `took` in seconds, from the update's birth to the end of the answering call."""

    took: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    waited_calls: int = 0
    methods: Counter[str] = field(default_factory=Counter)
    sent: list[float] = field(default_factory=list)

    @property
    def turns(self) -> int:
        return len(self.took)


class Phones:
    """The phones of everybody in one playground: what they do, and what the bot's calls mean for them."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.ledger = Ledger()
        self._turns: dict[int, Turn] = {}
        self._presses: dict[str, int] = {}
        # Listened to in place of the journal, which would keep every call in memory.
        telegram.calls.add = self._heard  # type: ignore[method-assign]

    def new_person(self, name: str) -> Person:
        """Return somebody new."""
        return self.telegram.new_person(name, "ru", None, None)

    async def turn(self, person: Person, step: Step) -> float:
        """Do one step and wait for its answer; returns the seconds it took. Raises Astray."""
        turn = Turn(perf_counter(), asyncio.get_running_loop().create_future())
        self._turns[person.id] = turn
        if step.what == "say":
            actions.say(self.telegram, person, step.text)
        else:
            pressed = actions.tap(self.telegram, person, self._button(person, step.text))
            self._presses[pressed["callback_query_id"]] = person.id
        try:
            async with asyncio.timeout(PATIENCE_S):
                said = await turn.answered
        except TimeoutError:
            raise Astray(f"{step.what} {step.text!r}: no answer within {PATIENCE_S:g} s") from None
        if not re.search(step.answer, said, re.DOTALL):
            raise Astray(f"{step.what} {step.text!r}: wanted {step.answer!r}, got {said!r}")
        self.ledger.took.append(turn.took)
        self.ledger.ends.append(turn.began + turn.took)
        self.ledger.waited_calls += turn.calls
        return turn.took

    def _button(self, person: Person, label: str) -> dict[str, Any]:
        """Return the newest inline button with the label."""
        for message in reversed(person.chat.messages.values()):
            for row in message.payload.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return {"message_id": message.id, "text": button["text"]}
        raise Astray(f"there is no button {label!r}")

    def _heard(
        self,
        method: str,
        parameters: dict[str, Any],
        status: int,
        answer: bytes,  # noqa: ARG002 - the journal's shape
        started: float,  # noqa: ARG002
    ) -> None:
        chat = parameters.get("chat_id")
        if chat is None:
            chat = self._presses.pop(str(parameters.get("callback_query_id")), None)
        if chat is None:
            return
        self.ledger.methods[method] += 1
        if method == "sendMessage" and status == 200:
            self.ledger.sent.append(perf_counter())
        turn = self._turns.get(int(chat))
        if turn is None or turn.answered.done():
            return
        turn.calls += 1
        if method in ANSWERS and status == 200:
            turn.took = perf_counter() - turn.began
            turn.answered.set_result(parameters["text"])


async def walk(phones: Phones, person: Person, steps: list[Step]) -> None:
    """Walk the whole form."""
    for step in steps:
        await phones.turn(person, step)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A round at full load: turns, the seconds they took together, and turns a second without the ends of the round."""

    turns: int
    seconds: float
    rate: float


async def full_load(phones: Phones, walkers: list[tuple[Person, list[Step]]], at_once: int) -> Loaded:
    """Let `at_once` people walk at any time, each turn following the last answer at once."""
    phones.ledger = Ledger()
    waiting = iter(walkers)

    async def one_after_another() -> None:
        for person, steps in waiting:
            await walk(phones, person, steps)

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())
    seconds = perf_counter() - began
    ends = sorted(phones.ledger.ends)
    first, last = len(ends) // 10, len(ends) * 9 // 10
    return Loaded(len(ends), seconds, (last - first) / (ends[last] - ends[first]))
