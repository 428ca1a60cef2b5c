"""The journal of Bot API calls: the last twenty thousand, cheap to keep and cheap to read from the end."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import orjson

CALLS_KEPT = 20_000


@dataclass(slots=True)
class Call:
    seq: int
    time: float
    method: str
    parameters: dict[str, Any]
    status: int
    answer: bytes
    duration_ms: float
    in_answer: bool
    """Whether it came in the answer to a webhook."""


class Journal:
    """Calls in the order they were answered; `keep` switches the keeping off for load."""

    def __init__(self) -> None:
        self.keep = True
        self._seq = 0
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)

    def add(
        self,
        method: str,
        parameters: dict[str, Any],
        status: int,
        answer: bytes,
        started: float,
        *,
        in_answer: bool = False,
    ) -> None:
        """`started` is time.perf_counter() at the beginning; status 0 means that the answer was never sent."""
        if not self.keep:
            return
        self._seq += 1
        took = (time.perf_counter() - started) * 1000
        call = Call(self._seq, time.time(), method, parameters, status, answer, round(took, 3), in_answer)
        self._calls.append(call)

    def after(self, seq: int) -> bytes:
        """JSON list of the calls whose seq is greater; a negative `seq` counts from the end."""
        if seq < 0:
            seq = max(0, self._seq + seq)
        found: list[Call] = []
        for call in reversed(self._calls):
            if call.seq <= seq:
                break
            found.append(call)
        return orjson.dumps([_row(call) for call in reversed(found)], default=str)

    def forget(self) -> None:
        self._calls.clear()


def _row(call: Call) -> dict[str, Any]:
    return {
        "seq": call.seq,
        "time": call.time,
        "method": call.method,
        "parameters": call.parameters,
        "status": call.status,
        "answer": orjson.Fragment(call.answer) if call.answer else None,
        "duration_ms": call.duration_ms,
        "in_answer": call.in_answer,
    }
