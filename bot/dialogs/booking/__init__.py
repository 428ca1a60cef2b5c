"""/book («Запись к врачу»): to whom, where, when; held, checked, booked."""

from uuid import UUID

from aiogram_dialog import Dialog, DialogManager, StartMode
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.booking.confirming import check_window, done_window, referral_window, taken_window
from bot.dialogs.booking.holding import take_slot
from bot.dialogs.booking.placing import clinic_window, near_window, region_window
from bot.dialogs.booking.position import MOVES, PATIENT, SLOT, want
from bot.dialogs.booking.starting import main_window, search_window
from bot.dialogs.booking.timing import calendar_window, day_window, doctor_window, time_window
from bot.dialogs.citizen import begin, citizen_of, for_citizens
from bot.dialogs.notice import said
from bot.places import ABOUT, PLACE
from bot.states import Appointments
from core.domain.booking import NoBooking
from core.domain.ids import BookingId, SlotId
from core.domain.schedule import Wanted
from core.services.booking import HoldSlot, ViewBooking


@inject
async def on_start(
    start_data: object, manager: DialogManager, view: FromDishka[ViewBooking], hold: FromDishka[HoldSlot]
) -> None:
    """Begin anew; or with the days of the doctor of an appointment that is moved or repeated, or a slot in its place."""
    if not await begin(start_data, manager) or not isinstance(start_data, dict) or not start_data.get(ABOUT):
        return
    try:
        found = await view(citizen_of(manager), BookingId(UUID(start_data[ABOUT])))
    except (NoBooking, ValueError):
        found = None
    moves = start_data[PLACE] == "move"
    if found is None or (moves and found.over):
        await manager.start(Appointments.main, data=said("appointment.gone"), mode=StartMode.RESET_STACK)
        return
    booking = found.booking
    want(manager, Wanted(booking.slot.speciality, facility=booking.slot.facility, doctor=booking.slot.doctor))
    if booking.patient != booking.account:
        manager.dialog_data[PATIENT] = str(booking.patient)
    if moves:
        manager.dialog_data[MOVES] = str(booking.id)
    if SLOT in start_data:
        await take_slot(manager, hold, SlotId(UUID(start_data[SLOT])))


def dialog() -> Dialog:
    """Return the dialog of `states.Booking`."""
    return for_citizens(
        Dialog(
            main_window(),
            search_window(),
            clinic_window(),
            near_window(),
            region_window(),
            doctor_window(),
            day_window(),
            calendar_window(),
            time_window(),
            check_window(),
            referral_window(),
            taken_window(),
            done_window(),
            on_start=on_start,
        )
    )
