"""What the windows of /vaccinations show: each asks one use case."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.shown import zone_of
from bot.dialogs.vaccination.position import dose_of
from bot.dialogs.vaccination.shown import dose_text, due_text, label, lines_text, talk_text
from bot.text import escaped, language_of
from bot.words import say
from core.domain.record import NotFound
from core.domain.vaccination import ClaimState
from core.services.vaccination import ListVaccinations, VaccinationPage, VaccinationView, ViewVaccination


@inject
async def main_getter(
    dialog_manager: DialogManager, listed: FromDishka[ListVaccinations], **_data: Any
) -> dict[str, Any]:
    """A page of what was given."""
    manager = dialog_manager
    return show_main(await listed(citizen_of(manager), zone_of(manager), number_of(manager)), manager)


def show_main(page: VaccinationPage, manager: DialogManager) -> dict[str, Any]:
    """Return the lines, a button for each, what is due in a sentence, and the ways on."""
    language, paging = language_of(manager), page.paging
    first, number = paging.offset + 1, page.waiting + page.answered
    return {
        "text": lines_text(page.vaccinations, first, manager),
        "doses": [
            (str(dose.id), label(dose, place, language)) for place, dose in enumerate(page.vaccinations, start=first)
        ],
        **page_of(paging, manager),
        "talk": talk_text(page.plan, manager) if page.plan else "",
        "claims": say("vaccination.to_claims", language, {"number": str(number)}) if number else "",
        "fresh": not page.begun,
        "begun": page.begun,
        "some": paging.total > 0,
        "none": paging.total == 0,
    } | take(manager)


@inject
async def due_getter(
    dialog_manager: DialogManager, listed: FromDishka[ListVaccinations], **_data: Any
) -> dict[str, Any]:
    """What the calendar says."""
    return show_due(await listed(citizen_of(dialog_manager), zone_of(dialog_manager)), dialog_manager)


def show_due(page: VaccinationPage, manager: DialogManager) -> dict[str, Any]:
    """Return what is due now and what comes."""
    plan = page.plan
    now = (*plan.overdue, *plan.due) if plan else ()
    upcoming = plan.upcoming if plan else ()
    return {
        "now": due_text(now, manager),
        "next": due_text(upcoming, manager),
        "nothing": plan is not None and not now,
        "no_birth": plan is None,
        "known": plan is not None,
    } | take(manager)


@inject
async def one_getter(dialog_manager: DialogManager, view: FromDishka[ViewVaccination], **_data: Any) -> dict[str, Any]:
    """One in full."""
    try:
        found = await view(citizen_of(dialog_manager), dose_of(dialog_manager))
    except NotFound:
        return show_one(None, dialog_manager)
    return show_one(found, dialog_manager)


def show_one(view: VaccinationView | None, manager: DialogManager) -> dict[str, Any]:
    """Return everything that is known of it; None: the clinic took it back."""
    claim, language, told = view.correction if view else None, language_of(manager), ""
    if claim is not None:
        keys = {ClaimState.WAITING: "waits", ClaimState.REFUSED: "refused", ClaimState.ACCEPTED: "done"}
        key = f"vaccination.correction_{keys[claim.state]}"
        told = say(key, language, escaped({"reason": claim.reason}))
    return {
        "text": dose_text(view.vaccination, manager) if view else "",
        "correction": told,
        "gone": view is None,
        "correctable": view is not None and not (claim and claim.waiting),
    } | take(manager)
