"""What the windows of the check show: everything that will stand on the slip and go to the clinic; and what it became."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.booking.position import SLOT, SPECIALITY, held_of, slot_of
from bot.dialogs.booking.shown import choice_label, doctor_of, full_time, speciality_of, uncapital, until
from bot.dialogs.booking.slip import reminded
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import take
from bot.dialogs.shown import shown_day
from bot.text import escaped, language_of
from bot.words import say
from core.domain.booking import STANDING, HoldGone, NoBooking
from core.ports import Clock
from core.services.booking import ViewBooking, ViewHold, ViewNearest
from core.services.booking.views import BookingView, Choice, HoldView


@inject
async def check_getter(
    dialog_manager: DialogManager,
    view: FromDishka[ViewHold],
    view_booking: FromDishka[ViewBooking],
    clock: FromDishka[Clock],
    **_data: Any,
) -> dict[str, Any]:
    """What is held; that it is no longer; or, after an answer that was lost on its way, that it is booked already."""
    citizen, held = citizen_of(dialog_manager), held_of(dialog_manager)
    try:
        return show_check(await view(citizen, held), clock.now(), dialog_manager)
    except HoldGone:
        found = await view_booking(citizen, held)
        if found.booking.state in STANDING:
            return nothing_held() | show_done(found, clock.now(), dialog_manager) | {"settled": True}
    except NoBooking:
        pass
    return show_gone(dialog_manager)


def show_check(view: HoldView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return everything that is to be checked."""
    language, move = language_of(manager), view.replaced is not None
    return {
        "text": check_text(view, now, manager),
        "until": until(view.until, manager),
        "here": True,
        "gone": False,
        "settled": False,
        "new": not move and not view.wants_referral,
        "move": move and not view.wants_referral,
        "referral": view.wants_referral or (view.referral is not None and not view.referral.found),
        "referral_words": say("book.referral_type" if view.wants_referral else "book.referral_again", language),
        "shares": [
            (each.value, say(f"book.share_{'off' if each in view.booking.shares else 'on'}.{each.value}", language))
            for each in view.kept
        ],
        "wanted": True,
    } | take(manager)


def show_gone(manager: DialogManager) -> dict[str, Any]:
    """Return that the time is up."""
    known = {
        "text": say("book.check_gone", language_of(manager)),
        "gone": SLOT in manager.dialog_data,
        "wanted": SPECIALITY in manager.dialog_data,
    }
    return nothing_held() | known | take(manager)


def nothing_held() -> dict[str, Any]:
    """Return a window of the check without anything to check."""
    names = ("here", "gone", "settled", "new", "move", "referral", "wanted")
    return {**dict.fromkeys(names, False), "until": "", "referral_words": "", "shares": []}


def check_text(view: HoldView, now: datetime, manager: DialogManager) -> str:
    """Return who, to whom, where, when, what goes along; in HTML."""
    language, facility, doctor = language_of(manager), view.choice.facility, view.choice.doctor
    lines: list[tuple[str, dict[str, str]]] = [
        ("book.check_when", {"when": full_time(view.booking.wall, facility.region, now, manager)}),
        (
            "book.check_doctor",
            {"doctor": doctor.name, "speciality": uncapital(speciality_of(doctor.speciality, language))},
        ),
        ("book.check_room", {"room": doctor.room}),
        ("book.check_place", {"clinic": facility.name, "address": facility.address}),
        ("book.check_note", {"note": doctor.note}),
        ("book.check_who", {"patient": view.name}),
    ]
    told = [say(key, language, escaped(values)) for key, values in lines if all(values.values())]
    title = say("book.check_move_title" if view.replaced else "book.check_title", language)
    blocks = [title, "\n".join(told), goes_along(view, manager), referral_line(view, language)]
    if view.replaced is not None:
        former = full_time(view.replaced.wall, facility.region, now, manager)
        blocks.append(say("book.check_moves", language, escaped({"when": former})))
    return "\n\n".join(block for block in blocks if block)


def goes_along(view: HoldView, manager: DialogManager) -> str:
    """Return what the card fills in, and what of the record goes along."""
    language = language_of(manager)
    known = [say("book.check_name", language)]
    if view.born is not None:
        known.append(say("book.check_born", language, {"day": shown_day(view.born, manager)}))
    if view.policy:
        known.append(say("book.check_policy", language, {"policy": view.policy}))
    card = say("book.check_card", language, escaped({"known": ", ".join(known)}))
    shares = [say(f"book.share.{each.value}", language) for each in view.kept if each in view.booking.shares]
    if shares:
        return f"{card}\n{say('book.check_shares', language, {'shares': ', '.join(shares)})}"
    return f"{card}\n{say('book.check_no_shares', language)}"


def referral_line(view: HoldView, language: str) -> str:
    """Return the referral that goes along, or that one is wanted."""
    if view.wants_referral:
        return say("book.referral_wanted", language)
    if view.referral is None:
        return ""
    key = "book.referral_named"
    if view.referral.found:
        key = "book.referral_found_by" if view.referral.issuer else "book.referral_found"
    return say(key, language, escaped({"number": view.referral.number, "issuer": view.referral.issuer}))


@inject
async def taken_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewNearest], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The nearest others that are free now."""
    return show_taken(await view(citizen_of(dialog_manager), slot_of(dialog_manager)), clock.now(), dialog_manager)


def show_taken(nearest: Sequence[Choice], now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each."""
    language = language_of(manager)
    return {
        "slots": [(str(each.slot.id), choice_label(each, now, language)) for each in nearest],
        "some": bool(nearest),
        "none": not nearest,
    } | take(manager)


@inject
async def done_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewBooking], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """What was booked."""
    found = await view(citizen_of(dialog_manager), held_of(dialog_manager))
    return show_done(found, clock.now(), dialog_manager)


def show_done(view: BookingView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return that it stands, or that the clinic was asked."""
    language, booking, doctor = language_of(manager), view.booking, view.choice.doctor
    values = {
        "what": doctor_of(doctor.speciality, doctor.name, language),
        "when": full_time(booking.wall, view.choice.facility.region, now, manager),
    }
    if view.asked:
        title, text = say("book.asked_title", language), say("book.asked_text", language, escaped(values))
        return {"text": f"{title}\n\n{text}", "booked": False} | take(manager)
    title = say("book.done_moved" if booking.moves else "book.done_title", language)
    lines = [
        say("book.done_when", language, escaped(values)),
        say("book.done_text", language),
        reminded(booking, language),
    ]
    return {"text": "\n\n".join([title, *lines]), "booked": True} | take(manager)
