"""The people that a broadcast may be written to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.domain.broadcast.segment import Segment
from core.domain.ids import AccountId, ChatId


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be written to: an account bound to a chat. `region` is None until they tell it."""

    account: AccountId
    chat: ChatId
    language: str
    region: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of the segment's languages nobody writes to: they blocked the bot, or their region is asked for and unknown."""

    blocked: int
    no_region: int


class Audience(Protocol):
    """Everybody with an account bound to a chat, in the order of their ids."""

    async def page(self, segment: Segment, after: AccountId | None, limit: int) -> list[Person]:
        """Return people of the segment's languages and regions past `after` who have not blocked the bot."""
        ...

    async def left_out(self, segment: Segment) -> LeftOut:
        """Count those whom `page` passes over."""
        ...

    async def birth_dates(self, accounts: Collection[AccountId]) -> Mapping[AccountId, date | None]:
        """Open the dates of birth of those accounts, and look at nothing else of them."""
        ...
