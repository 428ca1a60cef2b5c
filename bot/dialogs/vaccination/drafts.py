"""What the windows show in which a dose or a correction is put together; each asks one use case."""

from contextlib import suppress
from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.fitting import LABEL, cut
from bot.dialogs.notice import take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.shown import zone_of
from bot.dialogs.vaccination.position import VACCINE_PAGE, kind_of
from bot.dialogs.vaccination.shown import (
    NAME,
    WHERE,
    day_or_unknown,
    right_text,
    vaccine_name,
    wrong_text,
)
from bot.text import language_of
from bot.words import say
from core.domain.record import NotFound
from core.domain.record.looking import Paging
from core.domain.vaccination import VACCINES, ClaimIncomplete, ClaimKind
from core.ports import Clock
from core.services.vaccination import DraftView, ViewDraftClaim

PER_PAGE = 12


@inject
async def draft_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewDraftClaim], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """What is put together, and today by the person's clock: the calendar ends there."""
    manager, found = dialog_manager, None
    # Sent or dropped in another window meanwhile, or nothing was begun: the window says so.
    with suppress(ClaimIncomplete, NotFound):
        found = await view(citizen_of(manager), kind_of(manager))
    return {"today": clock.now().astimezone(zone_of(manager)).date()} | show_draft(found, manager)


def show_draft(view: DraftView | None, manager: DialogManager) -> dict[str, Any]:
    """Return the answers so far; None: there is no draft."""
    language = language_of(manager)
    claim = view.claim if view else None
    correction = kind_of(manager) is ClaimKind.CORRECTION
    return {
        "gone": view is None,
        "here": view is not None,
        "ready": claim is not None and claim.ready,
        "lacking": claim is not None and not claim.ready,
        "scan": claim is not None and claim.scan is not None,
        "no_scan": claim is not None and claim.scan is None,
        "correction": correction,
        "new": not correction,
        "back": "sure" if correction else "check",
        **_answers(view, manager),
        **_correction(view, manager),
        **_vaccines(view, manager, language),
    } | take(manager)


def _answers(view: DraftView | None, manager: DialogManager) -> dict[str, Any]:
    language = language_of(manager)
    waits, unknown = say("vaccination.not_answered", language), say("vaccination.unknown", language)
    told = view.claim.told if view else None

    def words(text: str | None, most: int) -> str:
        return waits if text is None else cut(text, most) or unknown

    return {
        "vaccine": vaccine_name(told.vaccine, language) if told and told.vaccine else waits,
        "given_on": day_or_unknown(told.given_on, manager) if told and told.given_on else waits,
        "series": words(told.series if told else None, NAME),
        "institution": words(told.institution if told else None, WHERE),
    }


def _correction(view: DraftView | None, manager: DialogManager) -> dict[str, Any]:
    claim, dose = (view.claim, view.dose) if view else (None, None)
    if claim is None or dose is None or claim.wrong is None:
        return {"wrong": "", "now": "", "right": "", "why": "", "name": "", "words_wanted": False}
    language = language_of(manager)
    return {
        "name": vaccine_name(dose.vaccine, language),
        "wrong": say(f"vaccination.label.{claim.wrong.value}", language),
        "now": wrong_text(dose, claim.wrong, manager),
        "right": cut(right_text(claim, manager), 200),
        "why": cut(claim.why, 500),
    }


def _vaccines(view: DraftView | None, manager: DialogManager, language: str) -> dict[str, Any]:
    """Return what can be chosen: what was probably meant by the words typed, else a page of the list by name."""
    claim = view.claim if view else None
    correction = claim is not None and claim.kind is ClaimKind.CORRECTION
    chosen = (claim.right_vaccine if correction else claim.told.vaccine) if claim else None
    typed = chosen.display if chosen and not chosen.code else ""
    by_name = sorted(range(len(VACCINES)), key=lambda place: vaccine_name(VACCINES[place], language).casefold())
    paging = Paging(len(by_name), PER_PAGE, number_of(manager, VACCINE_PAGE))
    places = list(view.meant) if view and typed else paging.shown(by_name)
    return {
        "typed": cut(typed, NAME),
        "meant": bool(typed and places),
        "not_meant": bool(typed and not places),
        "untyped": not typed,
        "vaccines": [(str(place), vaccine_name(VACCINES[place], language, LABEL)) for place in places],
        **({"turns": [], "page": ""} if typed else page_of(paging, manager, VACCINE_PAGE)),
    }
