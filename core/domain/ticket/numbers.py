"""What a request is called on the telephone: `26-000123`."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from core.domain.chat import DEFAULT_ZONE

FORM = re.compile(r"(\d\d)\s*[-–—./ ]?\s*(\d{1,6})")


def year_of(moment: datetime) -> int:
    """Return the year that a request of this moment is counted in, by Moscow's clock."""
    return moment.astimezone(ZoneInfo(DEFAULT_ZONE)).year


def number_of(year: int, count: int) -> str:
    """Return the number; past a million a year it has one digit more."""
    return f"{year % 100:02}-{count:06}"


def read_number(typed: str) -> str | None:
    """Return the number that was meant, or None: the dash may be another sign or none, zeros in front may be missing."""
    found = FORM.fullmatch(typed.strip().lstrip("№#N ").strip())
    return f"{found[1]}-{int(found[2]):06}" if found else None
