"""Failures on purpose: a list of rules, the first that fits a method is used up `times` times."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from playground.telegram.refusals import TelegramRefusal, too_many_requests

_TEXTS = {
    400: "Bad Request: a fault on purpose",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_FIELDS = {"method", "status", "retry_after", "delay_ms", "drop", "times"}


@dataclass(slots=True)
class Fault:
    """`delay_ms` comes first; `drop` True closes the connection after the effect, "middle" after the effect and half of the
    answer, "before" without the effect.
    """

    method: str = "*"
    status: int | None = None
    retry_after: int | None = None
    delay_ms: int = 0
    drop: bool | Literal["before", "middle"] = False
    times: int = 1

    @classmethod
    def parse(cls, asked: dict[str, Any]) -> Self:
        """Raises ValueError with a sentence when the rule makes no sense."""
        unknown = set(asked) - _FIELDS
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        fault = cls(**asked)
        numbers = (fault.delay_ms, fault.times, fault.status or 400, fault.retry_after or 0)
        if any(isinstance(number, bool) or not isinstance(number, int) or number < 0 for number in numbers):
            raise ValueError("status, retry_after, delay_ms and times are whole numbers, not below zero")
        if not isinstance(fault.method, str) or fault.drop not in (True, False, "before", "middle"):
            raise ValueError('method is a name or "*"; drop is true, false, "before" or "middle"')
        if fault.status is not None and not 400 <= fault.status <= 599:
            raise ValueError("status is a failure: 400 to 599")
        return fault

    def names(self) -> Iterator[str]:
        """What it does to a call, each by a name: `delay 10000`, `429`, `drop middle`."""
        if self.delay_ms:
            yield f"delay {self.delay_ms}"
        refusal = self.refusal()
        if refusal is not None:
            yield str(refusal.code)
        if self.drop:
            yield f"drop {'after' if self.drop is True else self.drop}"

    def refusal(self) -> TelegramRefusal | None:
        """What the bot is told instead of the effect; None: the call goes through."""
        if self.status == 429 or (self.status is None and self.retry_after is not None):
            return too_many_requests(self.retry_after or 1)
        if self.status is None:
            return None
        parameters = {"retry_after": self.retry_after} if self.retry_after is not None else None
        return TelegramRefusal(self.status, _TEXTS.get(self.status, "a fault on purpose"), parameters)


class Faults:
    """The rules in force, oldest first; `suffered` counts what calls met with, by the names of `Fault.names`."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self.suffered: Counter[str] = Counter()

    def take(self, method: str) -> Fault | None:
        """The rule for this call, used up by one. `method` in any case of letters."""
        for fault in self.rules:
            if fault.method == "*" or fault.method.lower() == method.lower():
                fault.times -= 1
                if fault.times <= 0:
                    self.rules.remove(fault)
                self.suffered.update(fault.names())
                return fault
        return None

    def listing(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules]
