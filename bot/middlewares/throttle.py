"""How much one chat may send: a burst, and then so many a second.

Each process keeps its own count as updates come; bots that share a Redis keep another one there, when they take the chat's lock
(`ops/lock.py`), so that more bots give nobody more.
"""

from collections import OrderedDict
from collections.abc import Callable

BURST = 30
"""Three albums of ten files at once, or a form typed ahead, are no flood."""
REMEMBERED = 10_000


class Throttle:
    """A bucket of tokens for each chat that has sent something lately."""

    def __init__(self, rate: float, ticks: Callable[[], float], burst: int = BURST) -> None:
        """`rate` in updates a second; `ticks` tells seconds."""
        self.rate, self.ticks, self.burst = rate, ticks, burst
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, chat: int) -> bool:
        """Take a token; False when there is none now."""
        return self.wait(chat) <= 0

    def wait(self, chat: int) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        tokens = self._filled(chat)
        taken = tokens >= 1
        self._buckets[chat] = (tokens - 1 if taken else tokens, self.ticks())
        self._buckets.move_to_end(chat)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if taken else max((1 - tokens) / self.rate, 0.001)

    def calm(self, chat: int) -> bool:
        """Tell whether the chat has been quiet for long enough that its flood is over: the bucket is half full again."""
        return self._filled(chat) >= self.burst / 2

    def _filled(self, chat: int) -> float:
        tokens, at = self._buckets.get(chat, (float(self.burst), 0.0))
        return min(self.burst, tokens + (self.ticks() - at) * self.rate)
