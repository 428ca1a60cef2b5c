"""What a withdrawn consent means for appointments: they stand, and nothing new comes of them."""

from dataclasses import dataclass

from core.domain.account import Account
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.booking import Bookings, Waits
from core.domain.card import Cards
from core.ports import Clock
from core.services.booking.notices import Notices
from core.services.booking.offering import Offering


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """Works inside the open transaction that withdraws the consent.

    Appointments stay, with their reminders; the person is told how many, and that they can be cancelled. Holds, offers and
    places in the waiting list end: they would lead to new appointments. `docs/decisions` says why.
    """

    cards: Cards
    bookings: Bookings
    waits: Waits
    offering: Offering
    notices: Notices
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, account: Account) -> None:
        await self.cards.hold(account.id)
        now = self.clock.now()
        for wait in await self.waits.of(citizen):
            if wait.booking is not None and await self.offering.leave(citizen, wait.booking) is not None:
                self.audit.record(citizen, Operation.WAIT_LEFT, account.id, booking=str(wait.booking))
        held = await self.bookings.held_by(citizen, now)
        if held is not None:
            await self.offering.let_go(citizen, held)
        await self.notices.standing_without_consent(account, len(await self.bookings.coming(account.id, now)))
