"""Telegram's rate limits, switched on by those who want to meet them: 30 a second over all, 1 a second in one chat.

Messages are counted in any case: how many arrived within the fullest second so far.
"""

import math
import time
from collections import OrderedDict, deque

from playground.telegram.refusals import too_many_requests

OVERALL_PER_SECOND = 30.0
CHAT_PER_SECOND = 1.0
# Short bursts pass: so many messages at once in one chat before the second-by-second rule bites.
CHAT_BURST = 5.0
_CHATS_REMEMBERED = 50_000


class _Bucket:
    """Tokens that come back with time; one message takes one."""

    __slots__ = ("at", "tokens")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens = tokens
        self.at = at

    def refill(self, now: float, rate: float, capacity: float) -> None:
        self.tokens = min(capacity, self.tokens + (now - self.at) * rate)
        self.at = now


class Limits:
    """Off until switched on."""

    def __init__(self) -> None:
        self.on = False
        self.rate = OVERALL_PER_SECOND
        self.fullest = 0
        self.messages = 0
        self._second: deque[float] = deque()
        self._all = _Bucket(OVERALL_PER_SECOND, time.monotonic())
        self._chats: OrderedDict[int, _Bucket] = OrderedDict()

    def switch(self, on: bool, rate: float = OVERALL_PER_SECOND) -> None:
        """`rate` is over all chats, for those who pay for more. The count of the fullest second begins anew."""
        self.on, self.rate = on, rate
        self._all = _Bucket(rate, time.monotonic())
        self._chats.clear()
        self._second.clear()
        self.fullest = self.messages = 0

    def _count(self, messages: int) -> None:
        now = time.monotonic()
        second = self._second
        second.extend([now] * messages)
        while second[0] <= now - 1:
            second.popleft()
        self.messages += messages
        self.fullest = max(self.fullest, len(second))

    def spend(self, chat_id: int, messages: int = 1) -> None:
        """Raises 429 with the whole seconds to wait when `messages` more are too many now."""
        if not self.on:
            self._count(messages)
            return
        now = time.monotonic()
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = _Bucket(CHAT_BURST, now)
            if len(self._chats) > _CHATS_REMEMBERED:
                self._chats.popitem(last=False)
        bucket.refill(now, CHAT_PER_SECOND, CHAT_BURST)
        self._all.refill(now, self.rate, self.rate)
        for one, rate in ((bucket, CHAT_PER_SECOND), (self._all, self.rate)):
            if one.tokens < 1:
                raise too_many_requests(max(1, math.ceil((1 - one.tokens) / rate)))
        self._count(messages)
        bucket.tokens -= messages
        self._all.tokens -= messages
