"""What the windows of /visits show: each asks one use case."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.fitting import cut
from bot.dialogs.notice import take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.period import CHOSEN, show_spans, span_of, span_text
from bot.dialogs.shown import zone_of
from bot.dialogs.visit.position import ANY, filters_of, visit_of
from bot.dialogs.visit.shown import choice_label, entries_text, label, times_of, visit_text
from bot.text import language_of
from bot.words import count, say
from core.domain.record import NotFound, Visit
from core.domain.record.history import Choice, History
from core.domain.record.looking import SpanKind
from core.services.record import OpenVisit, ViewVisits, VisitPage

NAMED = 80
"""Letters of a speciality or an institution in a line of the window."""
OFFERED = 30
"""So many specialities or institutions are offered as buttons, the most frequent first."""


async def _page(manager: DialogManager, view: ViewVisits) -> VisitPage:
    return await view(citizen_of(manager), filters_of(manager), zone_of(manager), number_of(manager))


@inject
async def list_getter(dialog_manager: DialogManager, view: FromDishka[ViewVisits], **_data: Any) -> dict[str, Any]:
    """A page of visits."""
    return show_list(await _page(dialog_manager, view), dialog_manager)


def show_list(page: VisitPage, manager: DialogManager) -> dict[str, Any]:
    """Return the visits, a button for each, and the buttons between the pages."""
    language, paging, history = language_of(manager), page.paging, page.history
    first = paging.offset + 1
    return {
        **page_of(paging, manager),
        "found": count("visit.found", language, paging.total),
        "narrowed": narrowed(history, manager),
        "text": entries_text(page.visits, first, manager),
        "entries": [
            (str(visit.id), label(visit, place, manager)) for place, visit in enumerate(page.visits, start=first)
        ],
        "some": bool(page.visits),
        "exist": history.total > 0,
        "nothing_here": not page.visits and history.total > 0,
        "nothing_at_all": history.total == 0,
        "is_narrowed": history.total > 0 and is_narrowed(history, manager),
    } | take(manager)


def is_narrowed(history: History, manager: DialogManager) -> bool:
    """Whether any filter is set."""
    return (
        span_of(manager).kind is not SpanKind.ALL or history.speciality is not None or history.institution is not None
    )


def narrowed(history: History, manager: DialogManager) -> str:
    """Return what the list is narrowed down to, in a line: «за год · Кардиология · Поликлиника № 7»."""
    language = language_of(manager)
    chosen = [each for each in (history.speciality, history.institution) if each is not None]
    names = [cut(each.name, NAMED) or say("visit.not_told", language) for each in chosen]
    return " · ".join([span_text(span_of(manager), manager), *names])


@inject
async def visit_getter(
    dialog_manager: DialogManager, open_visit: FromDishka[OpenVisit], **_data: Any
) -> dict[str, Any]:
    """One visit in full."""
    try:
        found = await open_visit(citizen_of(dialog_manager), visit_of(dialog_manager))
    except NotFound:
        return {"here": False, "gone": True, "when": "", "text": "", "cut": False} | take(dialog_manager)
    return show_visit(found, dialog_manager)


def show_visit(found: Visit, manager: DialogManager) -> dict[str, Any]:
    """Return everything that the clinic told."""
    text, shortened = visit_text(found, manager)
    return {"here": True, "gone": False, "when": times_of(found, manager), "text": text, "cut": shortened} | take(
        manager
    )


@inject
async def narrow_getter(dialog_manager: DialogManager, view: FromDishka[ViewVisits], **_data: Any) -> dict[str, Any]:
    """What the list is narrowed down to."""
    return show_narrow((await _page(dialog_manager, view)).history, dialog_manager)


def show_narrow(history: History, manager: DialogManager) -> dict[str, Any]:
    """Return the three choices with what is chosen, and how many visits match."""
    language = language_of(manager)

    def named(choice: Choice | None) -> str:
        return (
            say("visit.any", language) if choice is None else cut(choice.name, NAMED) or say("visit.not_told", language)
        )

    return {
        "period": span_text(span_of(manager), manager),
        "speciality": named(history.speciality),
        "institution": named(history.institution),
        "found": count("visit.found", language, len(history.visits)),
        "some": bool(history.visits),
        "none": not history.visits,
        "is_narrowed": is_narrowed(history, manager),
    } | take(manager)


@inject
async def period_getter(dialog_manager: DialogManager, view: FromDishka[ViewVisits], **_data: Any) -> dict[str, Any]:
    """The periods in which there is anything."""
    return show_period((await _page(dialog_manager, view)).history, dialog_manager)


def show_period(history: History, manager: DialogManager) -> dict[str, Any]:
    """Return the periods with their counts, the chosen one marked."""
    counts = {kind: f": {number}" for kind, number in history.spans.items() if number or kind is span_of(manager).kind}
    return {
        **show_spans(counts, manager),
        "found": count("visit.found", language_of(manager), len(history.visits)),
    } | take(manager)


@inject
async def speciality_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewVisits], **_data: Any
) -> dict[str, Any]:
    """The specialities that there are."""
    history = (await _page(dialog_manager, view)).history
    return show_choices(history.specialities, dialog_manager)


@inject
async def institution_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewVisits], **_data: Any
) -> dict[str, Any]:
    """The institutions that there are."""
    history = (await _page(dialog_manager, view)).history
    return show_choices(history.institutions, dialog_manager)


def show_choices(choices: tuple[Choice, ...], manager: DialogManager) -> dict[str, Any]:
    """Return a button for each, and one for all of them."""
    language = language_of(manager)
    mark = "" if any(each.chosen for each in choices) else CHOSEN
    every = (ANY, f"{mark}{say('visit.any_of_them', language)}: {sum(each.count for each in choices)}")
    shown = [(str(each.id), choice_label(each, language)) for each in choices[:OFFERED]]
    return {"choices": [every, *shown], "cut": len(choices) > OFFERED} | take(manager)
