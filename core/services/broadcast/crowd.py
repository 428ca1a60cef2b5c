"""Who of the people on a page gets a broadcast: asked by the count beforehand and by the sending alike."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.domain.broadcast import Audience, Person, Segment
from core.domain.chat import DEFAULT_ZONE
from core.domain.identifiers import BirthDate
from core.domain.ids import AccountId
from core.domain.notification import Channel, Topic
from core.domain.subscription import Subscription, Subscriptions


@dataclass(frozen=True, slots=True)
class Looked:
    """One person of a page: the age where the segment asks for one, and what they chose to be told."""

    person: Person
    age: int | None
    subscription: Subscription
    meant: bool
    """The segment holds them."""
    wants: bool
    """They want to be told of the topic here."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Pages of people, looked at one by one. Ages are as of today in Moscow."""

    audience: Audience
    subscriptions: Subscriptions

    async def look(
        self, people: list[Person], segment: Segment, topic: Topic, now: datetime, *, urgent: bool = False
    ) -> list[Looked]:
        """Return the people in their order; opens dates of birth only where the segment asks for an age."""
        accounts = [each.account for each in people]
        ages = await self._ages(accounts, now) if segment.asks_age else {}
        chosen = await self.subscriptions.of_many(accounts)
        looked = []
        for each in people:
            age, subscription = ages.get(each.account), chosen[each.account]
            looked.append(
                Looked(
                    each,
                    age,
                    subscription,
                    meant=segment.holds(age) and _follows(subscription, segment.topics),
                    wants=Channel.TELEGRAM in subscription.ways(topic, urgent=urgent),
                )
            )
        return looked

    async def _ages(self, accounts: list[AccountId], now: datetime) -> Mapping[AccountId, int | None]:
        today = now.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
        born = await self.audience.birth_dates(accounts)
        return {account: BirthDate(day).age(today) if day else None for account, day in born.items()}


def _follows(subscription: Subscription, topics: Collection[Topic]) -> bool:
    return not topics or any(subscription.ways(topic) for topic in topics)
