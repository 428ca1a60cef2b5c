"""What a person wants to be told, on which channels, at which hours; and whether something may be told now."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from core.domain.chat import DEFAULT_ZONE
from core.domain.ids import AccountId, ChatId
from core.domain.notification import Channel, Notification, Topic, WallTime
from core.domain.region import REGIONS
from core.domain.reminder import instant

NOWHERE = ChatId(0)
"""The account is bound to no chat: nobody has this number in Telegram."""

DEFAULT: Mapping[Topic, frozenset[Channel]] = {
    **dict.fromkeys(Topic, frozenset({Channel.TELEGRAM})),
    Topic.CARD: frozenset({Channel.TELEGRAM, Channel.MAIL}),
    Topic.RESULTS: frozenset({Channel.TELEGRAM, Channel.MAIL}),
    Topic.TICKETS: frozenset({Channel.TELEGRAM, Channel.MAIL}),
}
"""Until a person chooses. The article gives the address of mail for notices of the card's state, of new results and of requests."""

CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:.]?([0-5]\d)(?!\d)|(?!\d))")


class InvalidQuietHours(Exception):
    """Not two times of a day that differ."""

    message_key = "subscription.quiet_invalid"


class NoSuchRegion(Exception):
    """Nothing that the product knows is called like that."""

    message_key = "subscription.region_unknown"


class ContactNeeded(Exception):
    """The channel has no confirmed address to go to yet."""

    message_key = "subscription.contact_needed"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end`, by the local clock; past midnight when `end` is earlier. The two differ."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read «22:00–8:00», «с 22 до 7.30», «2200 800». Raises InvalidQuietHours."""
        found = CLOCK.findall(text)
        if len(found) != 2 or any(int(hour) > 24 or (int(hour) == 24 and int(minute or 0)) for hour, minute in found):
            raise InvalidQuietHours
        start, end = (time(int(hour) % 24, int(minute or 0)) for hour, minute in found)
        if start == end:
            raise InvalidQuietHours
        return cls(start, end)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def __contains__(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def holds_hour(self, hour: int) -> bool:
        """Whether a full hour of the local clock, 0–23, falls into them."""
        return time(hour) in self

    def until(self, now: datetime, zone: str) -> datetime:
        """Return when they end that hold now; `now` itself when none do."""
        local = now.astimezone(ZoneInfo(zone))
        if local.time() not in self:
            return now
        day = local.date() + timedelta(days=1 if local.time() >= self.end else 0)
        end = instant(WallTime(datetime.combine(day, self.end), zone))
        if end <= now:
            return now
        # The clock may have passed over the end, into quiet hours again.
        return self.until(end, zone)


NIGHT = QuietHours(time(22), time(8))
"""Until a person chooses."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """The choices of an account's owner. `version` is 0 until something was chosen.

    `quiet` None: no quiet hours. `digest`: the hour, 0–23, at which everything that is not urgent comes together; None:
    at once. `region` is the number of a subject of the Federation, by whose clock all this is meant. `chat` is the one that
    speaks for the account now, NOWHERE when none does, None when nobody looked it up.
    """

    account: AccountId
    channels: Mapping[Topic, frozenset[Channel]] = field(default_factory=lambda: dict(DEFAULT))
    quiet: QuietHours | None = NIGHT
    digest: int | None = None
    stopped: bool = False
    region: str | None = None
    chat: ChatId | None = None
    version: int = 0

    @property
    def zone(self) -> str:
        """The zone of the region, Moscow's until one is chosen. An IANA name."""
        region = REGIONS.get(self.region or "")
        return region.zone if region else DEFAULT_ZONE

    def ways(self, topic: Topic, *, urgent: bool = False) -> frozenset[Channel]:
        """Return the channels on which something of a topic is told: SMS for urgent things alone, none once stopped."""
        if self.stopped:
            return frozenset()
        return self.picked(topic) if urgent else self.picked(topic) - {Channel.SMS}

    def picked(self, topic: Topic) -> frozenset[Channel]:
        """Return the channels that are switched on for a topic, whether or not everything is stopped."""
        return self.channels.get(topic, DEFAULT[topic])

    def chosen(self, topic: Topic, channel: Channel, *, wanted: bool) -> Self:
        """Return it with one channel of a topic switched on or off."""
        after = self.picked(topic) | {channel} if wanted else self.picked(topic) - {channel}
        return replace(self, channels={**self.channels, topic: after})

    def next_digest(self, now: datetime) -> datetime:
        """Return when the next digest comes, `now` when there is none."""
        if self.digest is None:
            return now
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for day in (today, today + timedelta(days=1), today + timedelta(days=2)):
            comes = instant(WallTime(datetime.combine(day, time(self.digest)), self.zone))
            if comes > now:
                return comes
        raise AssertionError("no day has that hour")


class Subscriptions(Protocol):
    """What each account chose; an account that chose nothing has the default."""

    async def of(self, account: AccountId) -> Subscription: ...

    async def of_many(self, accounts: Collection[AccountId]) -> Mapping[AccountId, Subscription]:
        """Return one for each account asked for."""
        ...

    async def save(self, subscription: Subscription, now: datetime) -> None:
        """Store it; `account.WrongMove` when it changed since it was read."""
        ...


def may_go_at(notification: Notification, subscription: Subscription, now: datetime) -> datetime | None:
    """Return when something may be told: now or earlier, later (quiet hours hold it until then), or None (not wanted).

    What has no topic always goes: codes, sign-ins, receipts. What is urgent passes quiet hours. Nothing goes to a chat that
    speaks for the account no more.
    """
    if notification.topic is None:
        return now
    if notification.chat is not None and subscription.chat not in {None, notification.chat}:
        return None
    # The letter of a digest speaks for every topic that goes by mail.
    letter = notification.in_digest and notification.channel is Channel.MAIL
    topics = Topic if letter else (notification.topic,)
    if not any(notification.channel in subscription.ways(topic, urgent=notification.urgent) for topic in topics):
        return None
    if notification.urgent or subscription.quiet is None:
        return now
    return subscription.quiet.until(now, subscription.zone)
