"""The ledger of one process."""

import time
from collections.abc import Callable, Mapping, Sequence

from ops.pace.law import (
    CHAT_BURST,
    CHAT_MS,
    COLD_MS,
    EVERYBODY_MS,
    LEASE_MS,
    LEAST_PERCENT,
    SPARE_MS,
    STEP_MS,
    STEP_PERCENT,
    TOGETHER_MS,
    WAITER_MS,
    WINDOW_MS,
    Answer,
    Asked,
)

BULK = 3
CHATS_KEPT = 50_000


def monotonic_ms() -> float:
    """Return a clock that never goes back."""
    return time.monotonic() * 1000


class LocalLedger:
    """`ops.pace.law.Ledger` in memory: what the script in `shared` does, in Python."""

    def __init__(self, clock: Callable[[], float] = monotonic_ms) -> None:
        self._clock = clock
        self._cold = clock() + COLD_MS
        self._chilled = 0.0
        self._slots: dict[str, float] = {}
        self._waiting: dict[int, dict[str, float]] = {lane: {} for lane in range(BULK + 1)}
        self._chats: dict[int, float] = {}
        self._pause = 0.0
        self._percent, self._braked = 100.0, 0.0
        self._refused: tuple[int, float] = (0, -TOGETHER_MS * 2.0)

    async def take(self, asked: Asked, rate: int) -> Answer:
        """Grant what is free, to nobody while a better lane waits."""
        now = self._clock()
        self._slots = {name: free for name, free in self._slots.items() if free > now}
        # Cold for all lanes where others may have sent a moment ago; a process alone knows that nobody did.
        start = max(self._pause, self._chilled, self._cold if asked.lane == BULK else 0)
        if start > now:
            return self._wait(asked, now, start - now)
        for lane in range(asked.lane):
            waiters = self._waiting[lane]
            for name in [name for name, until in waiters.items() if until <= now]:
                del waiters[name]
            if waiters:
                return self._wait(asked, now, 1)
        room = self._limit(asked.lane, rate, now) - len(self._slots)
        waits = [0.0] * min(asked.wanted, max(0, room)) + self._soon(asked, room, now)
        if not waits:
            return self._wait(asked, now, max(1.0, min(self._slots.values()) - now - asked.ahead_ms))
        for number in range(1, len(waits) + 1):
            self._slots[f"{asked.name}:{number}"] = now + LEASE_MS
        self._waiting[asked.lane].pop(asked.name, None)
        if asked.chat is not None:
            self._spend(asked.chat, now)
        return Answer(waits, 0)

    def _soon(self, asked: Asked, room: int, now: float) -> list[float]:
        """Take over slots that come free in a moment; those that are too many for the limit go to nobody."""
        if not asked.ahead_ms or room >= asked.wanted:
            return []
        soon = sorted((free, name) for name, free in self._slots.items() if free <= now + asked.ahead_ms)
        taken = soon[max(0, -room) :][: asked.wanted - max(0, room)]
        for _, name in taken:
            del self._slots[name]
        return [free - now for free, _ in taken]

    async def give_back(self, answered: Mapping[str, float], unused: Sequence[str]) -> None:
        """A slot is free a second after its call was answered, at once where there was no call."""
        now = self._clock()
        for name, ago in answered.items():
            self._slots[name] = now - ago + WINDOW_MS + SPARE_MS
        for name in unused:
            self._slots.pop(name, None)

    async def chats(self, chats: Sequence[int]) -> Mapping[int, float]:
        """Spend one message of each; the waits of the others."""
        now, waits = self._clock(), {}
        for chat in chats:
            wait = self._chats.get(chat, now) - (CHAT_BURST - 1) * CHAT_MS - now
            if wait > 0:
                waits[chat] = wait
            else:
                self._spend(chat, now)
        return waits

    async def pause(self, chat: int, wait_ms: float) -> None:
        """The chat waits; everybody does when it is long, or when another chat was refused a moment ago."""
        now = self._clock()
        until = now + wait_ms + (CHAT_BURST - 1) * CHAT_MS
        self._chats[chat] = max(self._chats.get(chat, 0), until)
        other, at = self._refused
        if wait_ms >= EVERYBODY_MS or (other != chat and now - at < TOGETHER_MS):
            self._pause = max(self._pause, now + wait_ms)
        self._refused = (chat, now)
        if now - self._braked >= TOGETHER_MS or self._percent == 100:
            self._percent, self._braked = max(LEAST_PERCENT, self._allowed(now) / 2), now

    async def leave(self, lane: int, name: str) -> None:
        """Whoever waited has gone."""
        self._waiting[lane].pop(name, None)

    async def chill(self) -> None:
        """Grant nothing for a second: nobody knows what left within the last one."""
        self._chilled = self._clock() + COLD_MS

    def _wait(self, asked: Asked, now: float, wait_ms: float) -> Answer:
        self._waiting[asked.lane][asked.name] = now + WAITER_MS
        return Answer((), wait_ms)

    def _limit(self, lane: int, rate: int, now: float) -> int:
        return rate if lane != BULK else max(1, int(rate * self._allowed(now) / 100))

    def _allowed(self, now: float) -> float:
        return min(100.0, self._percent + STEP_PERCENT * ((now - self._braked) // STEP_MS))

    def _spend(self, chat: int, now: float) -> None:
        self._chats[chat] = max(self._chats.get(chat, now), now) + CHAT_MS
        if len(self._chats) > CHATS_KEPT:
            self._chats = {one: until for one, until in self._chats.items() if until > now}
