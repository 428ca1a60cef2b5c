"""Where: the attached clinic first, the others of the region or by distance. Where a person is, is kept nowhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, RequestLocation, SwitchTo
from aiogram_dialog.widgets.markup.reply_keyboard import ReplyKeyboardFactory
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import an_id, buttons_only, text_only
from bot.dialogs.booking import samples
from bot.dialogs.booking.position import (
    BY_PLACE,
    CLINIC_PAGE,
    DOCTOR,
    FACILITY,
    REGION,
    REGIONS_FOUND,
    a_region,
    choose,
    patient_of,
    speciality_of,
    wanted_of,
)
from bot.dialogs.booking.shown import distance, labelled, near_time
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, take
from bot.dialogs.paging import number_of, page_of, turning
from bot.dialogs.parts import back_or_menu, leads, lists, preview
from bot.dialogs.typed import at_the_bottom, forget, forget_press
from bot.states import Booking as Windows
from bot.text import Ready, T, escaped, language_of
from bot.words import say
from core.domain.record.looking import Paging
from core.domain.region import REGIONS, nearest
from core.domain.schedule import Point
from core.ports import Clock
from core.services.booking import ListDoctors, ListPlaces
from core.services.booking.views import Place, PlacesView

PLACES = (ContentType.LOCATION, ContentType.VENUE)
PER_PAGE = 6


@inject
async def clinic_getter(
    dialog_manager: DialogManager, listed: FromDishka[ListPlaces], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The clinics: by distance in the very update that told where the person is, by region otherwise."""
    point: Point | None = dialog_manager.middleware_data.get(BY_PLACE)
    found = await listed(
        citizen_of(dialog_manager),
        speciality_of(dialog_manager),
        dialog_manager.dialog_data.get(REGION),
        point,
        patient_of(dialog_manager),
    )
    return show_clinics(found, clock.now(), dialog_manager)


def show_clinics(view: PlacesView, now: datetime, manager: DialogManager) -> dict[str, Any]:
    """Return a page of clinics; by distance there is one page, since the place is not kept for a second."""
    language = language_of(manager)
    by_distance = any(each.km is not None for each in view.places)
    region = REGIONS.get(view.region or "")
    here = None if by_distance else region
    paging = Paging(
        min(len(view.places), PER_PAGE) if by_distance else len(view.places), PER_PAGE, number_of(manager, CLINIC_PAGE)
    )
    shown = view.places[paging.offset : paging.offset + PER_PAGE]
    return (
        {
            "speciality": view.speciality.name(language),
            "region": here.name(language) if here else "",
            "text": "\n\n".join(clinic_line(each, now, language) for each in shown),
            "clinics": [(str(each.facility.id), clinic_label(each, now, language)) for each in shown],
            "registry_away": view.registry_away,
            "by_distance": by_distance,
            "more": [(region.code, say("book.clinic_more", language, {"region": region.name(language)}))]
            if by_distance and region
            else [],
            "none": not view.places,
        }
        | page_of(paging, manager, CLINIC_PAGE)
        | take(manager)
    )


def clinic_line(place: Place, now: datetime, language: str) -> str:
    """Return a clinic with its address and soonest time, and whether it is the person's own."""
    key = "book.clinic_line" + ("_own" if place.attached else "") + ("_km" if place.km is not None else "")
    values = {
        "clinic": place.facility.name,
        "address": place.facility.address,
        "km": distance(place.km, language) if place.km is not None else "",
    }
    when = near_time(place.soonest.wall, now, language) if place.soonest else ""
    free = say("book.clinic_soonest", language, {"when": when}) if when else say("book.clinic_full", language)
    return f"{say(key, language, escaped(values)).strip()}\n{free}"


def clinic_label(place: Place, now: datetime, language: str) -> str:
    """Return «Ваша: Поликлиника № 7 · завтра, 9:40»."""
    name = place.facility.name
    if place.attached:
        name = say("book.clinic_own", language, {"clinic": name})
    if place.km is not None:
        name = say("book.clinic_far", language, {"clinic": name, "km": distance(place.km, language)})
    when = near_time(place.soonest.wall, now, language) if place.soonest else say("book.no_time", language)
    return labelled(name, when, language)


async def region_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """The regions that may be meant, or what to write."""
    return show_regions(dialog_manager.dialog_data.get(REGIONS_FOUND), dialog_manager)


def show_regions(found: Sequence[str] | None, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each; None before anything was written."""
    language = language_of(manager)
    key = "ask" if found is None else "found" if found else "none"
    return {
        "text": say(f"book.region_{key}", language),
        "regions": [(code, REGIONS[code].name(language)) for code in found or ()],
    } | take(manager)


async def show_question(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """A question shows nothing but what was said."""
    return take(dialog_manager)


@inject
async def on_facility(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, listed: FromDishka[ListDoctors]
) -> None:
    """A clinic: to whom; where there is one doctor, nobody is asked."""
    choose(manager, FACILITY, item)
    doctors = (await listed(citizen_of(manager), wanted_of(manager))).doctors
    if len(doctors) == 1:
        choose(manager, DOCTOR, str(doctors[0].doctor.id))
        await manager.switch_to(Windows.day)
    else:
        await manager.switch_to(Windows.doctor)


async def on_region(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A region: its clinics."""
    choose(manager, REGION, item)
    await manager.switch_to(Windows.clinic)


async def on_region_words(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """A region in words; one that is certainly meant needs no second tap."""
    at_the_bottom(manager)
    found = nearest(message.text or "")
    manager.dialog_data[REGIONS_FOUND] = [each.code for each in found]
    if len(found) == 1:
        choose(manager, REGION, found[0].code)
        await manager.switch_to(Windows.clinic)
    await forget(message)


async def on_place(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """Where the person is: for the window that is drawn now, and gone from the chat."""
    at_the_bottom(manager)
    location = message.location
    if location is not None:
        manager.middleware_data[BY_PLACE] = Point(location.latitude, location.longitude)
        manager.dialog_data.pop(CLINIC_PAGE, None)
    await manager.switch_to(Windows.clinic)
    await forget(message)


async def leave_near(callback: CallbackQuery, _button: Button, _manager: DialogManager) -> None:
    """The button of a reply keyboard leaves its own text in the chat."""
    await forget_press(callback)


def clinic_window() -> Window:
    """The attached clinic first, then the others: of the region, or the nearest ones."""
    return Window(
        Multi(
            NOTICE,
            T("book.clinic_title"),
            T("book.clinic_region", when="region"),
            T("book.registry_away", when="registry_away"),
            T("book.by_distance", when="by_distance"),
            T("book.clinic_none", when="none"),
            Ready("text"),
            Ready("page"),
            sep="\n\n",
        ),
        Column(lists("clinic_facility", "clinics", an_id, on_facility)),
        turning("clinic_page", CLINIC_PAGE),
        Column(lists("clinic_more", "more", a_region, on_region)),
        SwitchTo(T("book.near"), id="clinic_near", state=Windows.near),
        SwitchTo(T("book.other_region"), id="clinic_region", state=Windows.region),
        back_or_menu("clinic", Windows.main),
        MessageInput(on_place, content_types=PLACES),
        buttons_only(),
        state=Windows.clinic,
        getter=clinic_getter,
        preview_data=preview(lambda manager: show_clinics(samples.places(), samples.NOW, manager)),
        preview_add_transitions=leads(Windows.doctor, Windows.day),
    )


def near_window() -> Window:
    """Telegram's own button for telling where one is."""
    return Window(
        Multi(NOTICE, T("book.near_ask"), sep="\n\n"),
        RequestLocation(T("book.share_place")),
        SwitchTo(T("book.back"), id="near_back", state=Windows.clinic, on_click=leave_near),
        MessageInput(on_place, content_types=PLACES),
        buttons_only(),
        markup_factory=ReplyKeyboardFactory(
            resize_keyboard=True, one_time_keyboard=True, input_field_placeholder=T("book.near_placeholder")
        ),
        state=Windows.near,
        getter=show_question,
        preview_data={},
    )


def region_window() -> Window:
    """Another region, in words."""
    return Window(
        Multi(NOTICE, Ready("text"), sep="\n\n"),
        Column(lists("region_code", "regions", a_region, on_region)),
        back_or_menu("region", Windows.clinic),
        MessageInput(on_region_words, content_types="text"),
        text_only(),
        state=Windows.region,
        getter=region_getter,
        preview_data=preview(lambda manager: show_regions(["16", "69"], manager)),
    )
