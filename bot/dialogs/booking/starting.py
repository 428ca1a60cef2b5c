"""The beginning of /book: for whom, as last time in one tap, the usual doctors, or in words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Row, Start, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import NotOffered, an_id, text_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.holding import take_slot
from bot.dialogs.booking.position import (
    FOUND,
    HELD,
    MOVES,
    PATIENT,
    SLOT,
    SPECIALITY,
    a_speciality,
    choose,
    patient_of,
    want,
)
from bot.dialogs.booking.shown import choice_label, until
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, take
from bot.dialogs.parts import FORWARD, back_or_menu, leads, lists, preview, to_menu
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Appointments
from bot.states import Booking as Windows
from bot.text import Ready, T, language_of
from bot.words import say
from core.domain.schedule import Wanted
from core.domain.speciality import SPECIALITIES, Speciality
from core.ports import Clock
from core.services.booking import FindSpecialities, HoldSlot, ViewStart
from core.services.booking.views import StartView

FIRST_OF_ALL = ("therapist",)
"""With whom to begin, as «book.search_none» says."""


@inject
async def main_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewStart], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """Where booking begins."""
    found = await view(citizen_of(dialog_manager), patient_of(dialog_manager))
    return show_main(found, clock.now(), dialog_manager)


def show_main(view: StartView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return the quick ways first. Whoever is booked for is named; the others are offered."""
    language, chosen = language_of(manager), patient_of(manager)
    patient = next(
        (each for each in view.patients if each.account == chosen or (chosen is None and each.oneself)), None
    )
    last, hold = view.last, view.hold
    soonest = last.soonest if last else None
    return {
        "patient": patient.name if patient else say("book.for_self", language),
        "patients": [
            (str(each.account), say("book.for_whom", language, {"patient": each.name}))
            for each in view.patients
            if each is not patient
        ],
        "alone": len(view.patients) < 2,
        "held": choice_label(hold.choice, now, language) if hold else "",
        "until": until(hold.until, manager) if hold else "",
        "last": choice_label(soonest, now, language) if soonest else "",
        "last_full": last is not None and soonest is None,
        "usual": [(each.code, speciality_label(each, language)) for each in view.usual],
    } | take(manager)


def speciality_label(speciality: Speciality, language: str) -> str:
    """Return a speciality's name, and whether it wants a referral."""
    name = speciality.name(language)
    return say("book.with_referral", language, {"speciality": name}) if speciality.referral else name


async def search_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """What was found for the words, or what to write."""
    return show_search(dialog_manager.dialog_data.get(FOUND), dialog_manager)


def show_search(found: Sequence[str] | None, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each speciality that may be meant, the therapist where none is; None before anything was written."""
    language = language_of(manager)
    key = "ask" if found is None else "found" if found else "none"
    offered = () if found is None else found or FIRST_OF_ALL
    return {
        "text": say(f"book.search_{key}", language),
        "found": [(code, speciality_label(SPECIALITIES[code], language)) for code in offered],
    } | take(manager)


async def on_patient(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """Somebody else is booked for."""
    manager.dialog_data[PATIENT] = item


async def on_other(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Другой врач»: the question anew, whatever was looked for before."""
    manager.dialog_data.pop(FOUND, None)


async def on_speciality(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A speciality: where to."""
    manager.dialog_data.pop(MOVES, None)
    choose(manager, SPECIALITY, item)
    await manager.switch_to(Windows.clinic)


@inject
async def on_words(
    message: Message, _input: MessageInput, manager: DialogManager, find: FromDishka[FindSpecialities]
) -> None:
    """A doctor or a complaint in words: what they may mean is shown, and the words go from the chat."""
    at_the_bottom(manager)
    found = await find(citizen_of(manager), message.text or "", patient_of(manager))
    manager.dialog_data[FOUND] = [each.code for each in found]
    await manager.switch_to(Windows.search)
    await forget(message)


@inject
async def on_last(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    view: FromDishka[ViewStart],
    hold: FromDishka[HoldSlot],
) -> None:
    """«Как в прошлый раз»: the nearest free time is held at once."""
    last = (await view(citizen_of(manager), patient_of(manager))).last
    if last is None or last.soonest is None:
        return
    manager.dialog_data.pop(MOVES, None)
    want(manager, Wanted(last.speciality.code, facility=last.facility.id, doctor=last.doctor.id))
    await take_slot(manager, hold, last.soonest.slot.id)


@inject
async def on_held(
    _callback: CallbackQuery, _button: object, manager: DialogManager, view: FromDishka[ViewStart]
) -> None:
    """Back to what is held."""
    hold = (await view(citizen_of(manager), patient_of(manager))).hold
    if hold is None:
        raise NotOffered
    want(manager, Wanted(hold.speciality.code, facility=hold.choice.facility.id, doctor=hold.choice.doctor.id))
    manager.dialog_data.update({HELD: str(hold.booking.id), SLOT: str(hold.choice.slot.id)})
    if hold.booking.moves is not None:
        manager.dialog_data[MOVES] = str(hold.booking.moves)
    await manager.switch_to(Windows.check)


def main_window() -> Window:
    """For whom, as last time, the usual doctors, or in words."""
    return Window(
        Multi(
            NOTICE,
            T("book.title"),
            T("book.for"),
            T("book.not_for_others", when="alone"),
            T("book.held_line", when="held"),
            T("book.last_ask", when="last"),
            T("book.last_full", when="last_full"),
            T("book.ask"),
            sep="\n\n",
        ),
        Button(Format("{held}"), id="main_held", on_click=on_held, when="held", style=FORWARD),
        Button(Format("{last}"), id="main_last", on_click=on_last, when="last", style=FORWARD),
        Column(lists("main_speciality", "usual", a_speciality, on_speciality)),
        SwitchTo(T("book.other"), id="main_other", state=Windows.search, on_click=on_other),
        Column(lists("main_patient", "patients", an_id, on_patient)),
        Row(
            Start(T("book.mine"), id="main_mine", state=Appointments.main, mode=StartMode.RESET_STACK),
            to_menu("main_menu"),
        ),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(samples.start(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.clinic, Windows.check, Windows.taken),
    )


def search_window() -> Window:
    """In words: a speciality, a complaint."""
    return Window(
        Multi(NOTICE, Ready("text"), sep="\n\n"),
        Column(lists("search_speciality", "found", a_speciality, on_speciality)),
        back_or_menu("search", Windows.main),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=Windows.search,
        getter=search_getter,
        preview_data=preview(lambda manager: show_search(["therapist", "ent", "cardiologist"], manager)),
        preview_add_transitions=leads(Windows.clinic),
    )
