"""«Записаться»: a held slot becomes an appointment."""

from dataclasses import dataclass

from core.domain.actor import Citizen
from core.domain.booking import Booking, Bookings, BookingState, Waits
from core.domain.card import Cards
from core.domain.ids import BookingId, WaitId
from core.domain.schedule import SlotTaken
from core.ports import Transaction, Unavailable
from core.services.booking.asking import Asking
from core.services.booking.booker import Booker
from core.services.booking.people import Known, Reception
from core.services.booking.sight import Sight
from core.services.booking.telling import ClinicTelling
from core.services.booking.views import Confirmed
from core.services.booking.waiting import offered_to


@dataclass(frozen=True, slots=True)
class Confirming:
    """What a confirmation and a taken offer share: the second half, when a clinic's own server has to be asked.

    A process that ends in between leaves the booking asked: the worker finds out what became of it.
    """

    transaction: Transaction
    bookings: Bookings
    sight: Sight
    booker: Booker
    asking: Asking
    telling: ClinicTelling

    async def settled(self, citizen: Citizen, known: Known, booking: Booking, *, fresh: bool) -> Confirmed:
        """Return what became of it. `fresh`: it was asked for in this very moment. Raises SlotTaken with the nearest."""
        if booking.state is BookingState.ASKED and fresh:
            booking = await self._asked(citizen, booking)
        async with self.transaction.looking():
            if booking.state is BookingState.REFUSED:
                raise SlotTaken([each.slot for each in await self.sight.nearest(booking.slot, known.born)])
            view = await self.sight.view(booking, known.name)
        if booking.moves is not None and booking.state is BookingState.BOOKED:
            await self.telling.of_ended(booking.moves)
        return Confirmed(view)

    async def _asked(self, citizen: Citizen, booking: Booking) -> Booking:
        async with self.transaction.looking():
            facility = (await self.sight.choice(booking.slot)).facility
        try:
            booked = await self.asking.first(booking, facility)
        except Unavailable:
            return booking
        async with self.transaction:
            await self.booker.cards.hold(citizen.account)
            return await self.booker.answered(citizen, booking.id, booked, away=False)


@dataclass(frozen=True, slots=True)
class ConfirmBooking:
    """The citizen confirms what is held. `Confirmed.asked`: the clinic's server has not answered; it is asked again, once.

    Raises HoldGone, NoBooking, SlotTaken with the nearest, and every refusal that HoldSlot raises, ReferralNeeded besides.
    """

    transaction: Transaction
    reception: Reception
    cards: Cards
    bookings: Bookings
    booker: Booker
    confirming: Confirming

    async def __call__(self, citizen: Citizen, booking: BookingId) -> Confirmed:
        async with self.transaction:
            known = await self.reception.asks(citizen)
            await self.cards.hold(citizen.account)
            held = await self.bookings.one(citizen, booking)
            stands = await self.booker.confirm(citizen, known, held)
        return await self.confirming.settled(citizen, known, stands, fresh=held.state is BookingState.HELD)


@dataclass(frozen=True, slots=True)
class TakeOffer:
    """The citizen takes the earlier time that was offered: it takes the place of the appointment that stands.

    Raises NoOffer where the ten minutes are over, and as ConfirmBooking.
    """

    transaction: Transaction
    reception: Reception
    cards: Cards
    bookings: Bookings
    waits: Waits
    booker: Booker
    confirming: Confirming

    async def __call__(self, citizen: Citizen, wait: WaitId) -> Confirmed:
        async with self.transaction:
            known = await self.reception.asks(citizen)
            await self.cards.hold(citizen.account)
            held = await offered_to(citizen, wait, self.waits, self.bookings)
            stands = await self.booker.confirm(citizen, known, held)
        return await self.confirming.settled(citizen, known, stands, fresh=held.state is BookingState.HELD)
