"""The queues: what has come and is not over yet, the updates of each chat in their order."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.intake.arrival import Arrival, Outcome


class Doing(Enum):
    """What a line does."""

    IDLE = auto()
    READY = auto()
    RUNNING = auto()
    RESTING = auto()


@dataclass(eq=False, slots=True)
class Line:
    """The updates of a chat. `stored` says that the inbox has older ones, `put_away` how many we know of.

    `told` holds what its person was told of a flood, each thing once.
    """

    chat: int
    queue: deque[Arrival] = field(default_factory=deque)
    doing: Doing = Doing.IDLE
    stored: bool = False
    put_away: int = 0
    told: set[str] = field(default_factory=set)

    @property
    def waits_for_telegram(self) -> bool:
        """Whether Telegram took no answer to its first update, which the inbox has."""
        return bool(self.queue) and self.queue[0].kept and self.queue[0].rests > 0


class Queues:
    """The lines of all chats, and every update in them by its number."""

    def __init__(self) -> None:
        self.lines: dict[int, Line] = {}
        self.known: dict[int, Arrival] = {}

    def line(self, chat: int) -> Line:
        """Return the line of a chat."""
        return self.lines.setdefault(chat, Line(chat))

    def has_way_out(self, chat: int) -> bool:
        """Whether a way out, or a call for help, waits in a chat."""
        line = self.lines.get(chat)
        return line is not None and any(each.passes for each in line.queue)

    def add(self, line: Line, arrival: Arrival) -> None:
        """Put an arrival at the end."""
        self.known[arrival.id] = arrival
        line.queue.append(arrival)

    def add_stored(self, line: Line, found: Sequence[Arrival], *, more: bool) -> None:
        """Put what the inbox had before everything else; `more` says that it has more still."""
        fresh = [each for each in found if each.id not in self.known]
        for each in reversed(fresh):
            self.known[each.id] = each
            line.queue.appendleft(each)
        line.stored = more
        line.put_away = max(0, line.put_away - len(fresh)) if more else 0

    def over(self, line: Line, arrival: Arrival, outcome: Outcome) -> None:
        """Take an arrival out, and tell whoever brought it."""
        line.queue.remove(arrival)
        self.known.pop(arrival.id, None)
        arrival.settle(outcome)

    def late(self, before: float, *, crowded: bool) -> list[Arrival]:
        """Return what came before that moment and what came before it in its chat; `crowded`: what is slowed down as well."""
        return [each for line in self.lines.values() for each in _late(line, before, crowded=crowded)]

    def put_away(self, arrival: Arrival) -> bool:
        """Note that the inbox has it, and forget it unless it is under way; False when it was seen through meanwhile."""
        arrival.kept = True
        arrival.settle(Outcome.SEEN)
        line = self.lines.get(arrival.chat)
        if self.known.get(arrival.id) is not arrival or line is None:
            return False
        if not arrival.running and line.queue[0] is not arrival:
            line.queue.remove(arrival)
            del self.known[arrival.id]
            line.stored, line.put_away = True, line.put_away + 1
        return True

    def leave(self, line: Line) -> None:
        """Forget a line that is empty, unless its person was told something that is not to be told again soon."""
        if not line.told:
            self.lines.pop(line.chat, None)

    def forget(self, calm: Callable[[int], bool]) -> None:
        """Forget the empty lines of people whose flood is over."""
        for line in [each for each in self.lines.values() if each.told and not each.queue and calm(each.chat)]:
            line.told.clear()
            if line.doing is Doing.IDLE and not line.stored:
                del self.lines[line.chat]


def _late(line: Line, before: float, *, crowded: bool) -> list[Arrival]:
    found = 0
    for number, each in enumerate(line.queue, start=1):
        if each.came < before or (crowded and each.slow):
            found = number
    # What came before it in the same chat goes along, so that the order stays.
    return [each for each in list(line.queue)[:found] if not each.kept and not each.repeats]
