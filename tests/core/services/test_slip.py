"""A slip is its owner's to take along, and anybody's with the code to verify."""

import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pypdf
import pytest
from icalendar import Calendar

from core import ports
from core.domain.actor import Citizen
from core.domain.audit import Operation
from core.domain.booking import Booking, Bookings, BookingState, NoBooking, NoSlip, NotOnMap, SlipState, StillAsked
from core.domain.ids import BookingId
from core.domain.schedule import Point
from core.services.booking import (
    CancelBooking,
    HoldSlot,
    PrintSlip,
    SlipCalendar,
    SlipPicture,
    SlipPoint,
    VerifySlip,
)
from tests.core.services.delivering import lines
from tests.core.services.polyclinic import SERVED, TVER, a_doctor, a_slot, booked, open_times, somebody
from tests.core.services.town import Town

DOCTOR = a_doctor(room="214", note="Возьмите очки.")
ON_MAP = replace(TVER, point=Point(56.86, 35.9))


async def an_appointment(town: Town) -> tuple[Citizen, Booking]:
    await open_times(town, a_slot(1, DOCTOR), a_slot(2, DOCTOR), doctor=DOCTOR, facility=ON_MAP)
    citizen = await somebody(town)
    return citizen, await booked(town, citizen, a_slot(1, DOCTOR))


async def changed(town: Town, booking: Booking, to: BookingState) -> None:
    async with town.container() as scope, await scope.get(ports.Transaction):
        bookings = await scope.get(Bookings)
        assert await bookings.move(await bookings.of_product(booking.id), to)


async def test_the_owner_takes_it_on_paper_as_a_picture_into_a_calendar_and_onto_a_map(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    paper = await town.call(PrintSlip, citizen, booking.id, "ru")
    told = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert (paper.number, paper.state) == (booking.number, SlipState.STANDS)
    assert all(words in told for words in (booking.number, "9:00", "Иванцов 1", "Поликлиника № 1", "Ильина"))
    picture = await town.call(SlipPicture, citizen, booking.id, "ru")
    assert picture.content.startswith(b"\x89PNG")
    calendar = await town.call(SlipCalendar, citizen, booking.id, "ru")
    (event,) = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert event["DTSTART"].dt == booking.slot.starts_at
    spot = await town.call(SlipPoint, citizen, booking.id)
    assert (spot.title, spot.address, spot.point) == (TVER.name, TVER.address, ON_MAP.point)
    looks = [
        each.details["look"] for each in await lines(town, Operation.BOOKINGS_VIEWED) if "slip" in each.details["look"]
    ]
    assert looks == ["slip_paper", "slip_picture", "slip_calendar", "slip_point"]


async def test_somebody_elses_slip_sounds_like_none(town: Town) -> None:
    _, booking = await an_appointment(town)
    stranger = await somebody(town, 2)
    for use_case in (PrintSlip, SlipPicture, SlipCalendar):
        with pytest.raises(NoBooking):
            await town.call(use_case, stranger, booking.id, "ru")
    with pytest.raises(NoBooking):
        await town.call(SlipPoint, stranger, booking.id)
    with pytest.raises(NoBooking):
        await town.call(PrintSlip, stranger, BookingId(UUID(int=9)), "ru")


async def test_a_hold_has_no_slip_and_one_that_is_still_asked_has_none_yet(town: Town) -> None:
    await open_times(town, a_slot(1, DOCTOR), doctor=DOCTOR)
    citizen = await somebody(town)
    held = await town.call(HoldSlot, citizen, a_slot(1, DOCTOR).id)
    with pytest.raises(NoSlip):
        await town.call(PrintSlip, citizen, held.booking.id, "ru")
    doctor = a_doctor(9, SERVED)
    await open_times(town, a_slot(5, doctor, SERVED), doctor=doctor, facility=SERVED)
    town.outside.clinic.away = True
    asked = await booked(town, citizen, a_slot(5, doctor, SERVED))
    assert asked.state is BookingState.ASKED
    with pytest.raises(StillAsked):
        await town.call(PrintSlip, citizen, asked.id, "ru")
    assert (await town.call(VerifySlip, asked.token)).state is SlipState.ASKED


async def test_a_clinic_that_is_on_no_map_says_so(town: Town) -> None:
    await open_times(town, a_slot(1, DOCTOR), doctor=DOCTOR, facility=TVER)
    citizen = await somebody(town)
    booking = await booked(town, citizen, a_slot(1, DOCTOR))
    with pytest.raises(NotOnMap):
        await town.call(SlipPoint, citizen, booking.id)


async def test_the_code_tells_anybody_whether_it_stands_and_no_name(town: Town) -> None:
    _, booking = await an_appointment(town)
    seen = await town.call(VerifySlip, booking.token)
    assert (seen.number, seen.state, seen.wall, seen.doctor, seen.room) == (
        booking.number, SlipState.STANDS, booking.wall, "Иванцов 1", "214",
    )  # fmt: skip
    assert seen.initials == "И. А. С."
    (line,) = await lines(town, Operation.SLIP_VERIFIED)
    assert line.details == {"booking": str(booking.id)}


@pytest.mark.parametrize("token", ["", "A" * 42, "A" * 43, "A" * 44, "../" + "A" * 40, "%" * 43, "Ы" * 43, "x" * 5000])
async def test_guessed_codes_are_refused(town: Town, token: str) -> None:
    _, booking = await an_appointment(town)
    with pytest.raises(NoBooking):
        await town.call(VerifySlip, token)
    with pytest.raises(NoBooking):
        await town.call(VerifySlip, booking.token.swapcase())
    with pytest.raises(NoBooking):
        await town.call(VerifySlip, booking.number)


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        (BookingState.CANCELLED, SlipState.CANCELLED),
        (BookingState.MOVED, SlipState.MOVED),
        (BookingState.CALLED_OFF, SlipState.CALLED_OFF),
    ],
)
async def test_what_was_ended_says_so_wherever_it_is_shown(town: Town, ended: BookingState, state: SlipState) -> None:
    citizen, booking = await an_appointment(town)
    await changed(town, booking, ended)
    assert (await town.call(VerifySlip, booking.token)).state is state
    assert (await town.call(PrintSlip, citizen, booking.id, "ru")).state is state
    calendar = await town.call(SlipCalendar, citizen, booking.id, "ru")
    (event,) = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"


async def test_once_its_time_is_past_it_is_over(town: Town) -> None:
    _, booking = await an_appointment(town)
    town.clock.moment = booking.slot.ends_at - timedelta(seconds=1)
    assert (await town.call(VerifySlip, booking.token)).state is SlipState.STANDS
    town.clock.moment = booking.slot.ends_at
    assert (await town.call(VerifySlip, booking.token)).state is SlipState.OVER


async def test_a_cancelled_one_is_verified_as_cancelled(town: Town) -> None:
    citizen, booking = await an_appointment(town)
    await town.call(CancelBooking, citizen, booking.id, "уезжаю")
    assert (await town.call(VerifySlip, booking.token)).state is SlipState.CANCELLED
