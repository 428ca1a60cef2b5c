"""The slip taken along: as a picture, on paper, in the phone's calendar, on the map.

Nothing here is protected from copying: a slip says when and where, not what is the matter; it is shown at a desk, saved for
a place without a network, and sent on to whoever drives or comes along.
"""

from collections.abc import Awaitable
from typing import TypeVar

from aiogram import Bot
from aiogram.types import BufferedInputFile, CallbackQuery
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.kbd import Button, Keyboard, Row
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.appointment.position import booking_of
from bot.dialogs.booking.slip import send_slip, slip_text
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain
from bot.dialogs.typed import at_the_bottom
from bot.text import T, language_of
from bot.words import say
from core.domain.booking import NoBooking, NoSlip, NotOnMap, SlipState, StillAsked, slip_state
from core.ports import Clock
from core.services.booking import PrintSlip, SlipCalendar, SlipFile, SlipPicture, SlipPoint
from core.services.booking.views import BookingView

LONGEST_CAPTION = 1024
"""Telegram's limit."""
Found = TypeVar("Found")
REFUSED = (NoBooking, NoSlip, StillAsked, NotOnMap)


def takeable(view: BookingView) -> dict[str, bool]:
    """Return which of these buttons are there: `slip` for the files, `point` for the map."""
    ready = slip_state(view.booking, view.booking.slot.starts_at) not in {None, SlipState.ASKED}
    return {"slip": ready, "point": ready and view.choice.facility.point is not None}


NOTHING = {"slip": False, "point": False}


@inject
async def on_picture(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    picture: FromDishka[SlipPicture],
    clock: FromDishka[Clock],
) -> None:
    """A picture for a place without a network; all that it says stands below it for those who do not see it."""
    language, now = language_of(manager), clock.now()
    made = await _asked(manager, picture(citizen_of(manager), booking_of(manager), language))
    if made is None or made.view is None:
        return
    caption = say("slip.picture_caption", language, {"slip": slip_text(made.view, now, manager)})
    whole = len(caption) <= LONGEST_CAPTION
    bot, chat = _there(manager)
    await bot.send_photo(chat, _file(made, "png", language), caption=caption if whole else None)
    if not whole:
        await send_slip(manager, made.view, now)


@inject
async def on_paper(
    _callback: CallbackQuery, _button: object, manager: DialogManager, printed: FromDishka[PrintSlip]
) -> None:
    """PDF."""
    language = language_of(manager)
    made = await _asked(manager, printed(citizen_of(manager), booking_of(manager), language))
    if made is not None:
        bot, chat = _there(manager)
        caption = say("slip.paper_caption", language, {"number": made.number})
        await bot.send_document(chat, _file(made, "pdf", language), caption=caption)


@inject
async def on_calendar(
    _callback: CallbackQuery, _button: object, manager: DialogManager, calendar: FromDishka[SlipCalendar]
) -> None:
    """A calendar file; of an appointment that was ended, the word that it is not to be."""
    language = language_of(manager)
    made = await _asked(manager, calendar(citizen_of(manager), booking_of(manager), language))
    if made is not None:
        bot, chat = _there(manager)
        stands = made.state in {SlipState.STANDS, SlipState.OVER}
        caption = say("slip.calendar_caption" if stands else "slip.calendar_cancelled", language)
        await bot.send_document(chat, _file(made, "ics", language), caption=caption)


@inject
async def on_point(
    _callback: CallbackQuery, _button: object, manager: DialogManager, point: FromDishka[SlipPoint]
) -> None:
    """The clinic on the map, with its name and address."""
    spot = await _asked(manager, point(citizen_of(manager), booking_of(manager)))
    if spot is not None:
        bot, chat = _there(manager)
        await bot.send_venue(chat, spot.point.latitude, spot.point.longitude, spot.title, spot.address)


async def _asked(manager: DialogManager, asked: Awaitable[Found]) -> Found | None:
    """Return what was asked for, and let the window follow it; or say why there is none, and return None."""
    try:
        found = await asked
    except REFUSED as fault:
        explain(manager, fault)
        return None
    at_the_bottom(manager)
    return found


def _there(manager: DialogManager) -> tuple[Bot, int]:
    bot: Bot = manager.middleware_data["bot"]
    return bot, manager.middleware_data["event_chat"].id


def _file(made: SlipFile, ending: str, language: str) -> BufferedInputFile:
    name = say("slip.file", language, {"number": made.number})
    return BufferedInputFile(made.content, f"{name}.{ending}")


def take_along() -> tuple[Keyboard, ...]:
    """Return the rows of buttons."""
    return (
        Row(
            Button(T("slip.button.picture"), id="slip_picture", on_click=on_picture, when="slip"),
            Button(T("slip.button.paper"), id="slip_paper", on_click=on_paper, when="slip"),
        ),
        Row(
            Button(T("slip.button.calendar"), id="slip_calendar", on_click=on_calendar, when="slip"),
            Button(T("slip.button.point"), id="slip_point", on_click=on_point, when="point"),
        ),
    )
