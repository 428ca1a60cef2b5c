"""Slots and bookings put together with where and to whom they are, and for whom that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.booking import STANDING, Booking, BookingState, Wait, receives_age, years
from core.domain.ids import DoctorId, FacilityId
from core.domain.schedule import Facilities, Facility, Slot, Slots
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

    async def nearest(self, slot: Slot, born: date | None) -> list[Choice]:
        """Return up to three free slots like this one, at clinics that are for somebody of that age (None: not known)."""
        now = self.clock.now()
        found = await self.choices(await self.slots.nearest(slot, now))
        if await self.not_for([each.facility for each in found], slot.speciality, born):
            # Seldom so: only then every clinic of the region is looked at.
            every = {each.id: each for each in await self.facilities.all(region=slot.region)}
            every |= {each.facility.id: each.facility for each in found}
            passing = await self.not_for([*every.values()], slot.speciality, born)
            found = await self.choices(await self.slots.nearest(slot, now, passing=passing))
        return found

    async def not_for(
        self, facilities: Sequence[Facility], speciality: str, born: date | None
    ) -> frozenset[FacilityId]:
        """Return which of these are for people of another age: children's clinics are no adult's, and the other way round.

        None where the speciality itself is for another age: then the refusal that follows says why.
        """
        age = years(born, self.clock.now().date()) if born else None
        if age is None or not SPECIALITIES[speciality].takes_age(age):
            return frozenset()
        there = await self.facilities.receiving({each.id for each in facilities})
        return frozenset(each.id for each in facilities if not receives_age(each, there.get(each.id, ()), age))

    async def views(self, bookings: Sequence[Booking], name: str, waits: Sequence[Wait] = ()) -> list[BookingView]:
        """Return bookings as their person sees them."""
        now, waiting = self.clock.now(), {each.booking: each for each in waits}
        found = []
        for booking, choice in zip(bookings, await self.choices([each.slot for each in bookings]), strict=True):
            found.append(
                BookingView(
                    booking,
                    choice,
                    SPECIALITIES[booking.slot.speciality],
                    name,
                    asked=booking.state is BookingState.ASKED,
                    over=booking.state not in STANDING or booking.slot.ends_at <= now,
                    wait=waiting.get(booking.id),
                )
            )
        return found

    async def view(self, booking: Booking, name: str, wait: Wait | None = None) -> BookingView:
        """Return one of them."""
        return (await self.views([booking], name, [wait] if wait else ()))[0]

    async def others(self, booking: Booking, born: date | None) -> Sequence[Choice]:
        """Return the nearest others where the clinic took the time away."""
        lost = booking.state in {BookingState.CALLED_OFF, BookingState.REFUSED}
        return await self.nearest(booking.slot, born) if lost else ()
