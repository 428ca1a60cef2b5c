"""Medical messages in a chat: noted when they are sent, removed when the session ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.domain.actor import Citizen
from core.domain.factor import Shown, Unlocks
from core.domain.ids import ChatId
from core.ports import Clock, Transaction

LEASE = timedelta(minutes=2)
"""For so long whoever took messages has them to itself."""


@dataclass(frozen=True, slots=True)
class NoteMedical:
    """The bot has sent something medical: it goes with the end of the session, or after `stays` at the latest."""

    transaction: Transaction
    unlocks: Unlocks
    clock: Clock

    async def __call__(self, chat: ChatId, message: int, stays: timedelta | None = None) -> None:
        async with self.transaction.looking():
            await self.unlocks.note(chat, message, self.clock.now(), stays)


@dataclass(frozen=True, slots=True)
class ClearMedical:
    """The person needs what is medical in this chat no longer: it goes now, whether or not the sections stay open."""

    transaction: Transaction
    unlocks: Unlocks
    clock: Clock

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            await self.unlocks.clear(citizen.chat, self.clock.now())


@dataclass(frozen=True, slots=True)
class TakeMedical:
    """The bot asks which medical messages are to be removed now: at most `limit`, for two minutes its own."""

    transaction: Transaction
    unlocks: Unlocks
    clock: Clock

    async def __call__(self, limit: int) -> Sequence[tuple[Shown, float]]:
        """Return them with the seconds for which each has been tried."""
        async with self.transaction.looking():
            now = self.clock.now()
            shown = await self.unlocks.to_go(now, LEASE, limit)
        return [(each, max(0.0, (now - each.since).total_seconds())) for each in shown]


@dataclass(frozen=True, slots=True)
class RetryMedical:
    """Telegram did not remove them: they are tried again in so many seconds."""

    transaction: Transaction
    unlocks: Unlocks
    clock: Clock

    async def __call__(self, shown: Sequence[Shown], seconds: float) -> None:
        async with self.transaction.looking():
            await self.unlocks.again(shown, self.clock.now() + timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class ForgetMedical:
    """They are out of their chats: forgotten here too."""

    transaction: Transaction
    unlocks: Unlocks

    async def __call__(self, shown: Sequence[Shown]) -> None:
        async with self.transaction.looking():
            await self.unlocks.gone(shown)
