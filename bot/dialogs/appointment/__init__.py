"""/appointments («Мои записи»): to come and past; the slip again, moved, cancelled, late, earlier, repeated."""

from uuid import UUID

from aiogram_dialog import Dialog, DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.appointment.changing import cancel_window, late_window, reminders_window, words_window
from bot.dialogs.appointment.listing import main_window, past_window
from bot.dialogs.appointment.looking import one_window
from bot.dialogs.appointment.offering import offer_window
from bot.dialogs.appointment.position import WAIT, open_booking
from bot.dialogs.citizen import begin, citizen_of, for_citizens
from bot.dialogs.notice import explain, note
from bot.places import ABOUT, PLACE
from bot.states import Appointments as Windows
from core.domain.booking import BookingOver, NoBooking, NotToday, StillAsked
from core.domain.ids import BookingId
from core.ports import Clock
from core.services.booking import SayComing, ViewBooking


@inject
async def on_start(
    start_data: object,
    manager: DialogManager,
    view: FromDishka[ViewBooking],
    coming: FromDishka[SayComing],
    clock: FromDishka[Clock],
) -> None:
    """Open the list; or what a push's button is about. One that is gone, or somebody else's, is said kindly in the list."""
    if not await begin(start_data, manager) or not isinstance(start_data, dict) or PLACE not in start_data:
        return
    try:
        about = str(UUID(start_data.get(ABOUT) or ""))
        await _open(manager, start_data[PLACE], about, view, coming, clock)
    except NotToday as fault:
        explain(manager, fault)
        await manager.switch_to(Windows.one)
    except (NoBooking, BookingOver, StillAsked, ValueError):
        note(manager, "appointment.gone")
        await manager.switch_to(Windows.main)


async def _open(
    manager: DialogManager, place: str, about: str, view: ViewBooking, coming: SayComing, clock: Clock
) -> None:
    if place == "offer":
        manager.dialog_data[WAIT] = about
        return
    open_booking(manager, about)
    citizen, booking = citizen_of(manager), BookingId(UUID(about))
    if place == "coming":
        await coming(citizen, booking)
        note(manager, "appointment.come_done")
    elif place != "appointment":
        found = await view(citizen, booking)
        if found.over:
            raise BookingOver
        if place == "late" and not found.booking.on_its_day(clock.now()):
            raise NotToday


def dialog() -> Dialog:
    """Return the dialog of `states.Appointments`."""
    return for_citizens(
        Dialog(
            main_window(),
            past_window(),
            one_window(),
            cancel_window(),
            words_window(),
            late_window(),
            reminders_window(),
            offer_window(),
            on_start=on_start,
        )
    )
