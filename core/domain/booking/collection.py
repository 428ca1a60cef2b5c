"""Where bookings and the waiting list are kept."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.actor import Citizen
from core.domain.booking.entity import Booking, Wait
from core.domain.booking.states import BookingState, WaitState
from core.domain.ids import AccountId, BookingId, ClinicId, FacilityId, SlotId, WaitId
from core.domain.schedule import Slot


class Bookings(Protocol):
    """Bookings. That no slot has two living ones is a unique index of the database: a race is settled by it."""

    async def hold(self, booking: Booking, now: datetime) -> bool:
        """Store a HELD one; False when the slot is not free, also where a hold that ran out was not let go yet."""
        ...

    async def one(self, citizen: Citizen, booking: BookingId) -> Booking:
        """Raises NoBooking, also for somebody else's."""
        ...

    async def of_product(self, booking: BookingId) -> Booking:
        """For the worker, the clinic and the desk, whose rights their use case has checked. Raises NoBooking."""
        ...

    async def by_token(self, token: str) -> Booking:
        """Return the booking of a slip's page. Raises NoBooking."""
        ...

    async def by_number(self, number: str) -> Booking:
        """Return the booking of a slip's number. Raises NoBooking."""
        ...

    async def held_by(self, citizen: Citizen, now: datetime) -> Booking | None:
        """Return the hold that the person decides about now; offers of the waiting list do not count."""
        ...

    async def coming(self, account: AccountId, now: datetime) -> Sequence[Booking]:
        """Return standing ones (STANDING) whose end is to come, the soonest first."""
        ...

    async def past(self, account: AccountId, now: datetime, *, offset: int = 0, limit: int = 10) -> Sequence[Booking]:
        """Return what is over: visited, cancelled, called off; the latest first. Neither holds nor moved ones."""
        ...

    async def count_past(self, account: AccountId, now: datetime) -> int: ...

    async def last_made(self, account: AccountId) -> Booking | None:
        """Return the last one that was ever booked, for «as last time»."""
        ...

    async def move(self, booking: Booking, to: BookingState) -> Booking | None:
        """Store it in state `to`, if it is in a state that may and of this version: one conditional UPDATE.

        Returns it as it is from then on; None when it changed since it was read.
        """
        ...

    async def save(self, booking: Booking) -> Booking | None:
        """Store what changed without a move; None when it changed since it was read."""
        ...

    async def lapsed(self, now: datetime, limit: int) -> Sequence[Booking]:
        """Return holds that have run out."""
        ...

    async def asked(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Return those in state ASKED whose clinic was asked last before a moment, the longest ago first."""
        ...

    async def untold(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Return those that a clinic's server has to hear of, tried last before a moment, the longest ago first."""
        ...

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove holds that came to nothing and were made before that, `limit` at most; returns how many."""
        ...

    async def of_slot(self, slot: SlotId) -> Booking | None:
        """Return the living one of a slot."""
        ...

    async def at(self, facility: FacilityId, since: datetime, until: datetime) -> Sequence[Booking]:
        """Return standing ones of a facility that start within the time: what its desk sees."""
        ...

    async def told_to(
        self,
        clinic: ClinicId,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        changed: datetime | None = None,
        changed_until: datetime | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> Sequence[tuple[Booking, datetime]]:
        """Return what ever stood in facilities that a clinic speaks for and the product keeps, and when each changed last.

        By start. `since` and `until` bound the start, `changed` and `changed_until` the last change.
        """
        ...


class Waits(Protocol):
    """The waiting list."""

    async def join(self, wait: Wait) -> bool:
        """Store it; False when the person waits for the same already."""
        ...

    async def of(self, citizen: Citizen) -> Sequence[Wait]:
        """Return the person's, WAITING and OFFERED."""
        ...

    async def one(self, wait: WaitId) -> Wait:
        """Raises NoBooking."""
        ...

    async def of_booking(self, booking: BookingId) -> Wait | None:
        """Return the living one that waits for something earlier than this booking."""
        ...

    async def next_for(self, slot: Slot, now: datetime, *, passing: Collection[WaitId] = ()) -> Wait | None:
        """Return whose turn it is: the longest WAITING one that wants a slot like this, earlier than what they have.

        Whoever was offered this very slot before is passed over, and who is offered something else at this moment.
        """
        ...

    async def wished(self, now: datetime, limit: int, *, by_lot: bool = False) -> Sequence[Slot]:
        """Return free slots that somebody waits for and was not offered yet, for the longest waiting first, or by lot."""
        ...

    async def move(self, wait: Wait, to: WaitState) -> bool:
        """Store it in state `to` with what it is offered, if it is in a state that may; False otherwise."""
        ...

    async def leave(self, booking: BookingId) -> None:
        """End those that wait for something earlier than this booking."""
        ...

    async def over(self, now: datetime, limit: int) -> Sequence[Wait]:
        """Return WAITING ones whose `before` has come."""
        ...
