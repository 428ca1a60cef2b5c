"""How wrong tries lock: a member of staff who signs in, and the second factor of a citizen, alike."""

from datetime import datetime, timedelta

TRIES = 5
LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=1)


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Return until when it is locked after so many failures in a row: 15 minutes at every fifth, doubling to an hour."""
    if failures == 0 or failures % TRIES:
        return None
    doublings: int = 2 ** min(failures // TRIES - 1, 8)
    return now + min(LOCK * doublings, LONGEST_LOCK)
