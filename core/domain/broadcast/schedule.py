"""When a broadcast leaves: told in Moscow time, as all staff work by it (FACTS: times)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.chat import DEFAULT_ZONE

FARTHEST = timedelta(days=365)
LATE = timedelta(minutes=1)


class BadMoment(Exception):
    """The time to send is not a time, is past already, or more than a year away."""

    message_key = "broadcast.bad_moment"


def moscow_moment(typed: str) -> datetime:
    """Read `2026-12-01 10:00` or `2026-12-01T10:00`, Moscow time; returns it in UTC. Raises BadMoment."""
    try:
        local = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise BadMoment from None
    if local.tzinfo is not None or "T" not in typed.strip().replace(" ", "T"):
        raise BadMoment
    return local.replace(tzinfo=ZoneInfo(DEFAULT_ZONE)).astimezone(UTC)


def fitting(at: datetime, now: datetime) -> datetime:
    """Return the moment to start at: now for one just past. Raises BadMoment."""
    if not now - LATE <= at <= now + FARTHEST:
        raise BadMoment
    return max(at, now)
