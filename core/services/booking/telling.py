"""A clinic's own server hears of what happened here: at once if it is there, else as soon as it is back."""

from dataclasses import dataclass, replace

from core.domain.audit import AuditLog, Operation
from core.domain.booking import Booking, Bookings, BookingState
from core.domain.ids import BookingId
from core.ports import Clock, Schedules, Transaction, Unavailable
from core.services.booking.offering import ITSELF
from core.services.booking.sight import Sight

ENDED = frozenset({BookingState.MOVED, BookingState.CANCELLED})


@dataclass(frozen=True, slots=True)
class ClinicTelling:
    """Works between the transactions of whoever uses it. What was not told stays marked so: `untold`."""

    transaction: Transaction
    bookings: Bookings
    sight: Sight
    schedules: Schedules
    audit: AuditLog
    clock: Clock

    async def of_ended(self, booking: BookingId) -> bool:
        """Tell of an appointment that was ended here, if that is still to be told; whether nothing is left to tell."""
        async with self.transaction.looking():
            found = await self.bookings.of_product(booking)
        return not found.untold or await self(found)

    async def __call__(self, booking: Booking) -> bool:
        """Tell the clinic; False when its server is away."""
        async with self.transaction.looking():
            facility = (await self.sight.choice(booking.slot)).facility
        try:
            if booking.state in ENDED:
                await self.schedules.cancel(facility, booking)
            else:
                await self.schedules.tell_late(facility, booking)
        except Unavailable:
            told = False
        else:
            told = True
        async with self.transaction:
            # Only what was told is done with: whatever changed meanwhile is told at the next round.
            await self.bookings.save(replace(booking, untold=not told, asked_at=self.clock.now()))
            if told:
                what = "cancelled" if booking.state in ENDED else "late"
                self.audit.record(ITSELF, Operation.BOOKING_TOLD, booking.account, booking=str(booking.id), what=what)
        return told
