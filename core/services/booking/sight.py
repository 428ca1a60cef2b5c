"""Slots and bookings put together with where and to whom they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.booking import STANDING, Booking, BookingState, Wait
from core.domain.ids import DoctorId
from core.domain.schedule import Facilities, Slot, Slots
from core.domain.speciality import SPECIALITIES
from core.ports import Clock
from core.services.booking.views import BookingView, Choice


@dataclass(frozen=True, slots=True)
class Sight:
    """Works inside the open transaction of whoever uses it. Nothing that it looks up is anybody's."""

    facilities: Facilities
    slots: Slots
    clock: Clock

    async def choices(self, slots: Sequence[Slot]) -> list[Choice]:
        """Return slots with their facilities and doctors."""
        facilities = await self.facilities.some({each.facility for each in slots})
        doctors = await self.facilities.some_doctors({each.doctor for each in slots})
        return [Choice(each, facilities[each.facility], doctors[each.doctor]) for each in slots]

    async def choice(self, slot: Slot) -> Choice:
        """Return one slot with its facility and doctor."""
        return (await self.choices([slot]))[0]

    async def by_doctor(self, soonest: Sequence[Slot]) -> dict[DoctorId, Choice]:
        """Return the soonest of each doctor, those of closed facilities left out."""
        found = await self.choices(soonest)
        return {each.doctor.id: each for each in found if not each.facility.closed}

    async def nearest(self, slot: Slot) -> list[Choice]:
        """Return up to three free slots like this one."""
        return await self.choices(await self.slots.nearest(slot, self.clock.now()))

    async def views(
        self, bookings: Sequence[Booking], name: str, waits: Sequence[Wait] = (), *, nearest: bool = False
    ) -> list[BookingView]:
        """Return bookings as their person sees them; `nearest`: with others where the clinic took the time away."""
        now, waiting = self.clock.now(), {each.booking: each for each in waits}
        found = []
        for booking, choice in zip(bookings, await self.choices([each.slot for each in bookings]), strict=True):
            lost = nearest and booking.state in {BookingState.CALLED_OFF, BookingState.REFUSED}
            found.append(
                BookingView(
                    booking,
                    choice,
                    SPECIALITIES[booking.slot.speciality],
                    name,
                    asked=booking.state is BookingState.ASKED,
                    over=booking.state not in STANDING or booking.slot.ends_at <= now,
                    wait=waiting.get(booking.id),
                    nearest=await self.nearest(booking.slot) if lost else (),
                )
            )
        return found

    async def view(
        self, booking: Booking, name: str, wait: Wait | None = None, *, nearest: bool = False
    ) -> BookingView:
        """Return one of them."""
        return (await self.views([booking], name, [wait] if wait else (), nearest=nearest))[0]
