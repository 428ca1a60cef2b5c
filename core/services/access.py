"""The gate before every medical section: one place asks who, what, whose, and whether it is unlocked."""

from dataclasses import dataclass, replace

from core.domain.access import WITHOUT_FACTOR, Deed, Section, Standing, refusal
from core.domain.account import Account, Accounts
from core.domain.actor import Actor, Citizen
from core.domain.card import Cards
from core.domain.consent import Consents, ConsentState
from core.domain.factor import Factors, Unlocks
from core.domain.ids import AccountId
from core.ports import Clock


@dataclass(frozen=True, slots=True)
class Gate:
    """Works inside the open transaction of whoever uses it. The line in the journal is its user's to write."""

    accounts: Accounts
    cards: Cards
    consents: Consents
    factors: Factors
    unlocks: Unlocks
    clock: Clock

    async def owner(self, citizen: Citizen, section: Section, deed: Deed = Deed.READ) -> Account:
        """Let the owner in and keep the session open for its span; returns the account.

        Raises NoCard, CardSuspended, `core.domain.access.LockedOut`, and NotAllowed for a chat that no longer speaks for it.
        """
        account = await self.accounts.of(citizen)
        if section in WITHOUT_FACTOR:
            # It keeps no session open, opens none that is over, and asks about none.
            refused = refusal(citizen, deed, section, await self._standing(account.id))
            if refused is not None:
                raise refused
            return account
        now = self.clock.now()
        unlock = await self.unlocks.of(citizen)
        factor = await self.factors.of(account.id)
        standing = replace(
            await self._standing(account.id),
            unlocked=unlock is not None and unlock.open_at(now),
            factor_ready=factor is not None and factor.confirmed,
        )
        refused = refusal(citizen, deed, section, standing)
        if refused is not None:
            raise refused
        if unlock is not None:
            await self.unlocks.slide(unlock, unlock.slid(now))
        return account

    async def other(self, actor: Actor, account: AccountId, section: Section, deed: Deed) -> None:
        """Let somebody else in: a clinic, a specialist, staff, the product itself. Raises NotAllowed, NoConsent."""
        refused = refusal(actor, deed, section, await self._standing(account))
        if refused is not None:
            raise refused

    async def _standing(self, account: AccountId) -> Standing:
        """Return what decides for everybody; the second factor, which only the owner has, is as good as none."""
        card = await self.cards.of_account(account)
        consent = await self.consents.latest(account)
        return Standing(
            card=card.state if card else None,
            consent=consent.state if consent else ConsentState.NEVER,
            unlocked=False,
            factor_ready=False,
        )
