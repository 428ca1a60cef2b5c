"""What every identifier promises."""

from typing import Protocol


class Identifier(Protocol):
    """A value that was parsed and therefore is right.

    `canonical` is stored, compared and blind-indexed, and parses back to an equal value. `str()` shows the value in
    full, to its owner. `masked` may be echoed in a chat. `repr()` shows nothing.
    """

    @property
    def canonical(self) -> str: ...

    @property
    def masked(self) -> str: ...


class Discreet:
    """Keeps the value out of `repr`, and so out of logs, tracebacks and assertion messages."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"
