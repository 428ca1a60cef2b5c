"""A bounded store whose entries live for a given time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeAlias, TypeVar

V = TypeVar("V")
Clock: TypeAlias = Callable[[], datetime]


class Expiring(Generic[V]):
    """Keys to values for `lifetime` from the moment they were put; past `limit` entries the oldest go first."""

    def __init__(self, lifetime: timedelta, clock: Clock, limit: int = 50_000) -> None:
        self._lifetime, self._clock, self._limit = lifetime, clock, limit
        self._entries: dict[str, tuple[datetime, V]] = {}

    def put(self, key: str, value: V) -> None:
        self._entries.pop(key, None)
        self._entries[key] = (self._clock() + self._lifetime, value)
        while len(self._entries) > self._limit:
            del self._entries[next(iter(self._entries))]

    def get(self, key: str | None) -> V | None:
        until, value = self._entries.get(key or "", (None, None))
        return value if until is not None and self._clock() < until else None

    def pop(self, key: str | None) -> V | None:
        """The value, which is gone afterwards: of two who ask at once only one gets it."""
        value = self.get(key)
        self._entries.pop(key or "", None)
        return value
