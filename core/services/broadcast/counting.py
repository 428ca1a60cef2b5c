"""How many a broadcast would reach: counted the way it is sent, with nothing sent."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.broadcast import Audience, LeftOut, Segment
from core.domain.ids import AccountId
from core.domain.notification import Topic
from core.ports import Clock, Transaction
from core.services.broadcast.crowd import Crowd, Looked
from core.services.broadcast.writing import require_sender

PAGE = 1000
UNKNOWN = ""
"""The region of whoever has told none."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who would get it. `whole` False: not everybody was looked at, so all numbers are «at least».

    `by_age` counts decades by their first year, and only where the segment asks for ages. `in_russian` have another
    language, in which there is no text. `skipped` do not want the topic; `blocked` blocked the bot; `no_region` and `no_age`
    are unknown where the segment asks.
    """

    people: int
    by_language: Mapping[str, int]
    by_region: Mapping[str, int]
    by_age: Mapping[int, int]
    in_russian: int
    skipped: int
    blocked: int
    no_region: int
    no_age: int
    whole: bool


@dataclass(slots=True)
class Tally:
    """The numbers while they grow."""

    languages: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    decades: Counter[int] = field(default_factory=Counter)
    skipped: int = 0
    no_age: int = 0

    def add(self, each: Looked, segment: Segment) -> None:
        """Count one person."""
        if segment.asks_age and each.age is None:
            self.no_age += 1
        elif each.meant and not each.wants:
            self.skipped += 1
        elif each.meant:
            self.languages[each.person.language] += 1
            self.regions[each.person.region or UNKNOWN] += 1
            if each.age is not None:
                self.decades[each.age // 10 * 10] += 1

    def reach(self, left_out: LeftOut, texts: Collection[str], *, whole: bool) -> Reach:
        """Return the sum."""
        return Reach(
            people=self.languages.total(),
            by_language=dict(sorted(self.languages.items())),
            by_region=dict(sorted(self.regions.items())),
            by_age=dict(sorted(self.decades.items())),
            in_russian=sum(number for language, number in self.languages.items() if language not in texts),
            skipped=self.skipped,
            blocked=left_out.blocked,
            no_region=left_out.no_region,
            no_age=self.no_age,
            whole=whole,
        )


@dataclass(frozen=True, slots=True)
class CountReach:
    """An administrator asks how many a broadcast would reach. A dry run: nothing is written but the journal's lines.

    `texts` are the languages that have one. Looks at `limit` people at most, since a page at the desk cannot wait for
    millions. Each page of people is a transaction, so that nobody waits for all of them.
    """

    transaction: Transaction
    audience: Audience
    crowd: Crowd
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, actor: Actor, segment: Segment, topic: Topic, texts: Collection[str], limit: int | None = None
    ) -> Reach:
        sender, segment = require_sender(actor), segment.checked()
        async with self.transaction.looking():
            left_out = await self.audience.left_out(segment)
            self.audit.record(sender, Operation.BROADCAST_COUNTED, segment=str(segment))
        tally, after, looked_at = Tally(), None, 0
        while limit is None or looked_at < limit:
            page = await self._page(sender, segment, topic, after)
            for each in page:
                tally.add(each, segment)
            looked_at += len(page)
            if len(page) < PAGE:
                return tally.reach(left_out, texts, whole=True)
            after = page[-1].person.account
        return tally.reach(left_out, texts, whole=False)

    async def _page(self, sender: Actor, segment: Segment, topic: Topic, after: AccountId | None) -> list[Looked]:
        async with self.transaction.looking():
            people = await self.audience.page(segment, after, PAGE)
            if segment.asks_age and people:
                self.audit.record(sender, Operation.BROADCAST_AGES_OPENED, people=str(len(people)))
            return await self.crowd.look(people, segment, topic, self.clock.now())
