"""Whom a broadcast is for."""

import re
from dataclasses import dataclass
from typing import Self

from core.domain.chat import LANGUAGES
from core.domain.notification import Topic
from core.domain.region import REGIONS

OLDEST = 120
AGES = re.compile(r"(\d{1,3})?\s*(-)?\s*(\d{1,3})?")


class BadSegment(Exception):
    """Ages are full years from 0 to 120, the younger first; languages and regions are those that the product knows."""

    message_key = "broadcast.bad_segment"


@dataclass(frozen=True, slots=True)
class Segment:
    """Whom it is for; what is empty asks for nothing. Ages are full years, both ends included.

    `regions` are subjects of the Federation, two digits. `topics`: people who follow at least one of them. Whoever has not
    told the region, or whose age the portal does not know, is in no segment that asks for it.
    """

    languages: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    youngest: int | None = None
    oldest: int | None = None
    topics: frozenset[Topic] = frozenset()

    @property
    def asks_age(self) -> bool:
        """Whether dates of birth have to be looked at."""
        return self.youngest is not None or self.oldest is not None

    def __str__(self) -> str:
        """Return it as the journal names it."""
        ages = f"{self.youngest or 0}-{OLDEST if self.oldest is None else self.oldest}" if self.asks_age else ""
        asked = (",".join(sorted(self.languages)), ",".join(sorted(self.regions)), ages, ",".join(sorted(self.topics)))
        names = ("languages", "regions", "ages", "topics")
        return "; ".join(f"{name} {said}" for name, said in zip(names, asked, strict=True) if said) or "everybody"

    def holds(self, age: int | None) -> bool:
        """Whether somebody of that age is meant."""
        if not self.asks_age:
            return True
        return age is not None and (self.youngest or 0) <= age <= (OLDEST if self.oldest is None else self.oldest)

    def checked(self) -> Self:
        """Return the segment; BadSegment when it asks for what cannot be."""
        ages = [age for age in (self.youngest, self.oldest) if age is not None]
        known = self.languages <= set(LANGUAGES) and self.regions <= REGIONS.keys()
        if not known or ages != sorted(ages) or any(not 0 <= age <= OLDEST for age in ages):
            raise BadSegment
        return self


def ages_of(typed: str) -> tuple[int | None, int | None]:
    """Read ages: `60-`, `18-30`, `-17`, `45`, nothing for all. Raises BadSegment."""
    found = AGES.fullmatch(typed.strip().replace("–", "-").replace("—", "-"))
    if found is None or found[0] == "-":
        raise BadSegment
    youngest = int(found[1]) if found[1] else None
    if found[2] is None and found[3] is None:
        return youngest, youngest
    if found[2] is None:
        raise BadSegment
    return youngest, int(found[3]) if found[3] else None
