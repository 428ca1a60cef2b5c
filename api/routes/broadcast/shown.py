"""What is told of a broadcast: in numbers and states for programs, in words for people."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.words import Words
from core.domain.broadcast import Broadcast, BroadcastState, Counts, Segment
from core.domain.notification import Topic
from core.domain.region import REGIONS
from core.services.broadcast import Reach, Wanted

Language = Literal["ru", "en"]


class Texts(BaseModel):
    """Plain text, links stay links; at most 4096 characters each. Whoever speaks a language without one reads Russian."""

    model_config = ConfigDict(extra="forbid")

    ru: str = Field(max_length=16384)
    en: str = Field(default="", max_length=16384)


class SegmentBody(BaseModel):
    """Whom it is for; what is empty asks for nothing. Ages are full years, both ends included.

    `regions` are subjects of the Federation, two digits; `topics`: people who follow at least one of them.
    """

    model_config = ConfigDict(extra="forbid")

    languages: list[Language] = Field(default=[], max_length=2)
    regions: list[str] = Field(default=[], max_length=99)
    youngest: int | None = Field(default=None, ge=0, le=120)
    oldest: int | None = Field(default=None, ge=0, le=120)
    topics: list[Topic] = Field(default=[], max_length=len(Topic))

    def read(self) -> Segment:
        """Return the segment; what the product does not know is found by its `checked`."""
        return Segment(
            frozenset(self.languages), frozenset(self.regions), self.youngest, self.oldest, frozenset(self.topics)
        )


class Draft(BaseModel):
    """What is to be said, and to whom. `urgent` passes quiet hours; whoever turned `topic` off is left out.

    An empty title becomes the first line of the Russian text; people never see it.
    """

    model_config = ConfigDict(extra="forbid")

    texts: Texts
    title: str = Field(default="", max_length=400)
    segment: SegmentBody = SegmentBody()
    topic: Topic = Topic.NEWS
    urgent: bool = False

    def read(self) -> Wanted:
        """Return it as the use cases take it."""
        texts = {"ru": self.texts.ru, "en": self.texts.en}
        return Wanted(texts, self.title, self.segment.read(), self.topic, self.urgent)


class Numbers(BaseModel):
    """What became of the messages: `skipped` do not want the topic, `failed` were refused for another reason than a block.

    `uncertain` may have arrived: the answer was lost, and nobody is written to twice.
    """

    found: int
    sent: int
    blocked: int
    failed: int
    skipped: int
    uncertain: int
    expired: int
    cancelled: int
    waiting: int
    held: int


class Shown(BaseModel):
    """A broadcast. `counts` are as of `counted_at`; `all_found` once everybody of the segment was looked for.

    `said` are the words and numbers that a page shows, in the language of whoever asks.
    """

    id: UUID
    version: int
    title: str
    state: BroadcastState
    topic: Topic
    urgent: bool
    texts: dict[str, str]
    segment: SegmentBody
    created_at: datetime
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    all_found: bool
    counts: Numbers
    counted_at: datetime | None
    said: dict[str, str]


class ReachBody(BaseModel):
    """Who would get it. `whole` false: not everybody was looked at, and each number is «at least».

    `by_region` has "" for whoever has told none; `by_age` counts decades by their first year. `in_russian` speak a language
    that has no text here.
    """

    people: int
    by_language: dict[str, int]
    by_region: dict[str, int]
    by_age: dict[str, int]
    in_russian: int
    skipped: int
    blocked: int
    no_region: int
    no_age: int
    whole: bool


def shown(broadcast: Broadcast, words: Words) -> Shown:
    """Return what is told of a broadcast."""
    segment = broadcast.segment
    return Shown(
        id=broadcast.id,
        version=broadcast.version,
        title=broadcast.title,
        state=broadcast.state,
        topic=broadcast.topic,
        urgent=broadcast.urgent,
        texts=dict(broadcast.texts),
        segment=SegmentBody.model_validate(
            {
                "languages": sorted(segment.languages),
                "regions": sorted(segment.regions),
                "youngest": segment.youngest,
                "oldest": segment.oldest,
                "topics": sorted(segment.topics),
            }
        ),
        created_at=broadcast.created_at,
        scheduled_at=broadcast.scheduled_at,
        started_at=broadcast.started_at,
        ended_at=broadcast.ended_at,
        all_found=broadcast.expanded_at is not None,
        counts=numbers(broadcast.counts),
        counted_at=broadcast.counted_at,
        said=said(broadcast, words),
    )


def numbers(counts: Counts) -> Numbers:
    """Return the counts for programs."""
    return Numbers(found=counts.found, **{name: getattr(counts, name) for name in COUNTED})


def said(broadcast: Broadcast, words: Words) -> dict[str, str]:
    """Return the words of a page that change while it is open; `done` and `of` are for its bar."""
    counts = broadcast.counts
    return {
        **{name: words.number(getattr(counts, name)) for name in COUNTED},
        "state": words(f"broadcast.state.{broadcast.state}"),
        "found": words.number(counts.found),
        "searching": "" if broadcast.expanded_at or not broadcast.started else words("broadcast.searching"),
        "counted": words("broadcast.counted", at=words.time(broadcast.counted_at)) if broadcast.counted_at else "",
        "done": str(counts.settled),
        "of": str(max(1, counts.found - counts.skipped)),
    }


def segment_said(segment: Segment, words: Words) -> list[str]:
    """Return whom it is for, a line for each thing that is asked."""
    lines = []
    if segment.languages:
        spoken = ", ".join(words(f"broadcast.language.{each}") for each in sorted(segment.languages))
        lines.append(words("broadcast.for.languages", languages=spoken))
    if segment.regions:
        named = ", ".join(REGIONS[code].name(words.language) for code in sorted(segment.regions))
        lines.append(words("broadcast.for.regions", regions=named))
    match segment.youngest, segment.oldest:
        case None, None:
            pass
        case youngest, None:
            lines.append(words("broadcast.for.from", age=str(youngest)))
        case None, oldest:
            lines.append(words("broadcast.for.to", age=str(oldest)))
        case youngest, oldest:
            lines.append(words("broadcast.for.ages", youngest=str(youngest), oldest=str(oldest)))
    if segment.topics:
        followed = ", ".join(words(f"subscription.topic.{each}") for each in Topic if each in segment.topics)
        lines.append(words("broadcast.for.topics", topics=followed))
    return lines or [words("broadcast.for.all")]


def reached(reach: Reach) -> ReachBody:
    """Return the count for programs."""
    return ReachBody(
        people=reach.people,
        by_language=dict(reach.by_language),
        by_region=dict(reach.by_region),
        by_age={str(decade): number for decade, number in reach.by_age.items()},
        in_russian=reach.in_russian,
        skipped=reach.skipped,
        blocked=reach.blocked,
        no_region=reach.no_region,
        no_age=reach.no_age,
        whole=reach.whole,
    )


COUNTED = ("sent", "blocked", "failed", "skipped", "uncertain", "expired", "cancelled", "waiting", "held")
