"""Opening and ending sessions: what the use cases of factors, sign-in, consent and identity checks share."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.account import Account
from core.domain.actor import Actor, Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.factor import SPAN, Factors, Unlock, Unlocks
from core.domain.ids import AccountId, ChatId
from core.domain.notification import Pins
from core.domain.page import Pages
from core.ports import Clock
from core.services.factor.checking import Means
from core.services.factor.herald import Herald


class Ending(StrEnum):
    """Why a session ended."""

    TAPPED = "tapped"
    TIME = "time"
    SIGNED_OUT = "signed_out"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    FACTOR_REMOVED = "factor_removed"


PAGES_TOO = frozenset({Ending.SIGNED_OUT, Ending.MOVED, Ending.WITHDRAWN, Ending.FACTOR_REMOVED})
"""With these the pages that were opened from the chat end as well."""
LEFT = frozenset({Ending.SIGNED_OUT, Ending.MOVED})
"""With these the account speaks in the chat no more: what was pinned there is taken down."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Works inside the open transaction of whoever uses it."""

    factors: Factors
    unlocks: Unlocks
    pages: Pages
    pins: Pins
    herald: Herald
    audit: AuditLog
    clock: Clock

    async def open(self, citizen: Citizen, account: Account, means: Means, *, first: bool = False) -> Unlock:
        """Open the medical sections in this chat; the owner is told of one where they were never opened before.

        `first`: the factor was set up here just now, of which its owner is told anyway.
        """
        now = self.clock.now()
        unlock = Unlock(account.id, citizen.chat, now, now + SPAN)
        await self.unlocks.put(unlock)
        self.audit.record(citizen, Operation.UNLOCKED, account.id, means=means.value)
        if await self.factors.know(account.id, citizen.chat, now) and not first:
            await self.herald(account, "factor.new_chat", sms_once_a_day=True)
        return unlock

    async def end(self, actor: Actor, account: AccountId | None, chat: ChatId, ending: Ending) -> bool:
        """End the session of a chat, if there is one; its medical messages go from now on."""
        ended = await self.unlocks.end(chat, self.clock.now())
        if ending in PAGES_TOO:
            await self.pages.end(chat)
        if ending in LEFT:
            await self.pins.leave(chat, self.clock.now())
        if ended:
            self.audit.record(actor, Operation.LOCKED, account, how=ending.value)
        return ended
