"""What a citizen tells of a dose, field by field; None is not answered yet, an empty text is «не знаю»."""

from dataclasses import dataclass, field
from datetime import date

from core.domain.identifiers.dates import read_date
from core.domain.identifiers.errors import InvalidDate
from core.domain.record.coding import Coding
from core.domain.record.looking import FIRST_DAY

SHORTEST = 2
WORDS_LIMITS = {"vaccine": 150, "series": 40, "institution": 150, "reaction": 200, "why": 500}
"""The longest answers, in letters."""


class WordsShort(Exception):
    """Fewer than two letters."""

    message_key = "vaccination.words_short"


class WordsLong(Exception):
    """More letters than there is room for."""

    message_key = "vaccination.words_long"

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.params = {"limit": str(limit)}


class BadDose(Exception):
    """The day is no day, is to come, or was before the person was born."""

    message_key = "vaccination.bad_day"


@dataclass(frozen=True, slots=True)
class Told:
    """A dose as it was told."""

    vaccine: Coding | None = field(default=None, repr=False)
    given_on: date | None = field(default=None, repr=False)
    series: str | None = field(default=None, repr=False)
    institution: str | None = field(default=None, repr=False)

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return None not in (self.vaccine, self.given_on, self.series, self.institution)

    @property
    def empty(self) -> bool:
        """Whether nothing was answered."""
        return self == Told()


def checked(text: str, what: str, *, at_least: int = SHORTEST) -> str:
    """Return what was typed in one line. Raises WordsShort, WordsLong."""
    words = " ".join(text.replace("\0", "").split())
    if len(words) < at_least:
        raise WordsShort
    if len(words) > WORDS_LIMITS[what]:
        raise WordsLong(WORDS_LIMITS[what])
    return words


def day_of_dose(day: date | str, born: date | None, today: date) -> date:
    """Return the day of a dose, chosen or typed. Raises BadDose."""
    if isinstance(day, str):
        try:
            day = read_date(day, InvalidDate)
        except InvalidDate:
            raise BadDose from None
    if not max(born or FIRST_DAY, FIRST_DAY) <= day <= today:
        raise BadDose
    return day
