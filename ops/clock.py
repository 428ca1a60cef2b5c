"""The time."""

from datetime import UTC, datetime


class SystemClock:
    """`core.ports.Clock` of this machine."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)
