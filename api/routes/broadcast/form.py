"""What an administrator types into the form of a broadcast."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from core.domain.broadcast import BadSegment, Broadcast, Segment, ages_of
from core.domain.notification import Topic
from core.services.broadcast import Wanted

Line = Annotated[str, Form()]
Lines = Annotated[list[str], Form()]


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed, to be shown again when something is wrong with them."""

    title: str = ""
    ru: str = ""
    en: str = ""
    languages: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    youngest: str = ""
    oldest: str = ""
    topic: str = Topic.NEWS.value
    follows: str = ""
    urgent: bool = False

    def read(self) -> Wanted:
        """Return what is wanted. Raises BadSegment; the rest is looked at by the use case."""
        youngest, oldest = ages_of(f"{self.youngest.strip()}-{self.oldest.strip()}") if self._aged else (None, None)
        try:
            topic, follows = Topic(self.topic), frozenset({Topic(self.follows)} if self.follows else set())
        except ValueError:
            raise BadSegment from None
        segment = Segment(frozenset(self.languages), frozenset(self.regions), youngest, oldest, follows)
        return Wanted({"ru": self.ru, "en": self.en}, self.title, segment, topic, self.urgent)

    @property
    def _aged(self) -> bool:
        return bool(self.youngest.strip() or self.oldest.strip())


async def typed_form(
    title: Line = "",
    ru: Line = "",
    en: Line = "",
    language: Lines = [],  # noqa: B006 (FastAPI copies it)
    region: Lines = [],  # noqa: B006
    youngest: Line = "",
    oldest: Line = "",
    topic: Line = Topic.NEWS.value,
    follows: Line = "",
    urgent: Line = "",
) -> Typed:
    """Read the form."""
    return Typed(title, ru, en, tuple(language), tuple(region), youngest, oldest, topic, follows, bool(urgent))


def typed_of(broadcast: Broadcast) -> Typed:
    """Return the form that makes this draft."""
    segment = broadcast.segment
    return Typed(
        title=broadcast.title,
        ru=broadcast.texts["ru"],
        en=broadcast.texts.get("en", ""),
        languages=tuple(segment.languages),
        regions=tuple(segment.regions),
        youngest="" if segment.youngest is None else str(segment.youngest),
        oldest="" if segment.oldest is None else str(segment.oldest),
        topic=broadcast.topic.value,
        follows=next((each.value for each in Topic if each in segment.topics), ""),
        urgent=broadcast.urgent,
    )
