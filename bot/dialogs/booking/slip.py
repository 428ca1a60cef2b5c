"""The slip («электронный талон») as words, and as a message that stays in the chat."""

from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram_dialog import DialogManager

from bot.dialogs.booking.shown import full_time, speciality_of, uncapital
from bot.places import pressed
from bot.text import escaped, language_of
from bot.words import count, say
from core.domain.booking import Booking
from core.domain.schedule import Doctor
from core.domain.speciality import PREPARED
from core.services.booking.views import BookingView

DAY, HOURS = timedelta(days=1), timedelta(hours=2)
REMINDERS: dict[str, tuple[timedelta, ...]] = {"day": (DAY,), "hours": (HOURS,), "both": (DAY, HOURS), "none": ()}
"""What can be chosen, by name."""


async def send_slip(manager: DialogManager, view: BookingView, now: datetime) -> None:
    """Send the slip as a message of its own: it stays when windows go."""
    bot, chat = manager.middleware_data["bot"], manager.middleware_data["event_chat"]
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    await bot.send_message(
        chat.id, slip_text(view, now, manager), reply_markup=slip_buttons(view, language_of(manager))
    )


def slip_buttons(view: BookingView, language: str) -> InlineKeyboardMarkup:
    """Return what stands under a slip, a row a button: each opens a place, and works after days."""
    about = str(view.booking.id)
    rows = [("book.open_booking", pressed("appointment", about)), ("book.mine", pressed("appointments"))]
    buttons = [InlineKeyboardButton(text=say(key, language), callback_data=sends) for key, sends in rows]
    return InlineKeyboardMarkup(inline_keyboard=[[each] for each in buttons])


def slip_text(view: BookingView, now: datetime, manager: DialogManager) -> str:
    """Return number, time, doctor, room, address, and how to prepare; in HTML."""
    language, booking, choice = language_of(manager), view.booking, view.choice
    # Until the clinic's server has said yes, there is nothing to show at its desk.
    numbered = booking.number and not view.asked
    title = ("appointment.slip", {"number": booking.number}) if numbered else ("appointment.no_slip", {})
    facility, doctor = choice.facility, choice.doctor
    when = full_time(booking.wall, facility.region, now, manager)
    lines = [
        title,
        ("book.check_when", {"when": when}),
        (
            "book.check_doctor",
            {"doctor": doctor.name, "speciality": uncapital(speciality_of(doctor.speciality, language))},
        ),
        ("book.check_room", {"room": doctor.room}),
        ("book.check_place", {"clinic": facility.name, "address": facility.address}),
        ("appointment.phone", {"phone": facility.phone}),
        ("appointment.patient", {"patient": view.name}),
        ("appointment.prepare", {"note": _prepare(doctor, language)}),
    ]
    told = [say(key, language, escaped(values)) for key, values in lines if all(values.values())]
    return "\n".join(
        [told[0], "", *told[1:], *([] if view.over or view.asked else [say("appointment.bring", language)])]
    )


def _prepare(doctor: Doctor, language: str) -> str:
    """Return how to prepare for such a visit, and what this doctor asks for."""
    usual = say(f"prepare.{doctor.speciality}", language) if doctor.speciality in PREPARED else ""
    return "\n".join(filter(None, (usual, doctor.note)))


def state_lines(view: BookingView, language: str) -> list[str]:
    """Return what has become of it so far."""
    booking = view.booking
    if view.over:
        ended = say(f"appointment.state.{booking.state.value}", language)
        told = [say("appointment.ended", language, {"state": ended})]
        if booking.reason:
            told.append(say("appointment.reason", language, escaped({"reason": booking.reason})))
        return told
    told = [say("appointment.asked", language)] if view.asked else []
    if booking.coming:
        told.append(say("appointment.coming_said", language))
    if booking.late:
        told.append(count("appointment.late_said", language, booking.late))
    if view.wait is not None:
        told.append(say("appointment.waiting", language))
    return [*told, reminded(booking, language)]


def reminded(booking: Booking, language: str) -> str:
    """Return when its person is reminded."""
    return say("appointment.reminded", language, {"reminders": reminders_words(booking.reminders, language)})


def reminders_words(chosen: tuple[timedelta, ...], language: str) -> str:
    """Return «за день и за два часа»."""
    name = next((name for name, spans in REMINDERS.items() if set(spans) == set(chosen)), "both")
    return say(f"appointment.remind.{name}", language)
