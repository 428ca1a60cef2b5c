"""An appointment of somebody the office knows, with a slip."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import ports
from core.domain.booking import HOLD, Booking, Bookings, BookingState, fresh_number
from core.domain.ids import BookingId, DoctorId, FacilityId, SlotId, new_id
from core.domain.notification import WallTime
from core.domain.schedule import Doctor, Facilities, Facility, Slot, Slots
from tests.api.office import Office, person

ZONE = "Asia/Yekaterinburg"
FACILITY = Facility(FacilityId(UUID(int=1)), "66-3", "Поликлиника № 3", "ул. Мира, 5", "66", ZONE)
DOCTOR = Doctor(DoctorId(UUID(int=2)), FACILITY.id, "Иванцова Анна Петровна", "psychiatrist", "214")


async def appointment(office: Office, doctor: Doctor = DOCTOR) -> Booking:
    """Анна Ильина is to come tomorrow."""
    citizen, now = await office.knows(person("Анна", "Ильина")), office.clock.now()
    starts = (now + timedelta(days=1)).replace(minute=40, second=0, microsecond=0)
    wall = starts.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    slot = Slot(
        SlotId(new_id(now)), doctor.id, FACILITY.id, doctor.speciality, "66", wall.date(), starts,
        starts + timedelta(minutes=15), now,
    )  # fmt: skip
    held = Booking(
        BookingId(new_id(now)), citizen.account, citizen.account, slot, BookingState.HELD, now, WallTime(wall, ZONE),
        held_until=now + HOLD,
    )  # fmt: skip
    async with office.container() as inside:
        facilities, slots, bookings = [await inside.get(each) for each in (Facilities, Slots, Bookings)]
        token = (await inside.get(ports.Codes)).token()
        async with await inside.get(ports.Transaction):
            await facilities.put(FACILITY)
            await facilities.put_doctor(doctor)
            await slots.put([slot], doctor.id, wall.date(), wall.date())
            assert await bookings.hold(held, now)
            booked = await bookings.move(replace(held, number=fresh_number(), token=token), BookingState.BOOKED)
    assert booked is not None
    return booked


async def ends(office: Office, booking: Booking, to: BookingState) -> None:
    """It is ended, by whomever."""
    async with office.container() as inside:
        bookings = await inside.get(Bookings)
        async with await inside.get(ports.Transaction):
            assert await bookings.move(booking, to)
