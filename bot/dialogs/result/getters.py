"""What the windows of /results show: each asks one use case."""

from collections.abc import Sequence
from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.fitting import LABEL, cut
from bot.dialogs.notice import take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.period import show_spans, span_of, span_text
from bot.dialogs.result.position import (
    COURSE_PAGE,
    EVERY,
    PANEL,
    PANEL_PAGE,
    RECORD,
    category_of,
    found_of,
    record_of,
)
from bot.dialogs.result.shown import (
    course_text,
    day_of,
    entries_text,
    found_text,
    label,
    panel_text,
    readings_text,
    title,
    value_lines,
)
from bot.dialogs.shown import zone_of
from bot.text import language_of
from bot.words import count, say
from core.domain.record import Category, Kind, NotFound, Panel, Result
from core.domain.record.figures import reference_of
from core.domain.record.looking import Paging, SpanKind
from core.services.record import (
    Categories,
    CountResults,
    CourseView,
    Entry,
    ListCategories,
    OpenPanel,
    ResultPage,
    ViewCourse,
    ViewFound,
    ViewResults,
)

SPANS = (SpanKind.WEEK, SpanKind.MONTH, SpanKind.YEAR, SpanKind.ALL)
PER_PANEL = 20
"""Values of a panel on one screen."""
CONCLUSION, INSTITUTION = 700, 80


def category_name(category: Category | None, language: str) -> str:
    """Return how a category is called."""
    return say(f"result.category.{category.value if category else EVERY}", language)


@inject
async def main_getter(
    dialog_manager: DialogManager, list_categories: FromDishka[ListCategories], **_data: Any
) -> dict[str, Any]:
    """Only what exists, each with its count."""
    return show_main(await list_categories(citizen_of(dialog_manager)), dialog_manager)


def show_main(found: Categories, manager: DialogManager) -> dict[str, Any]:
    """Return a button for each category, and one for all where there are several."""
    language = language_of(manager)
    every = {None: found.total} if len(found.counts) > 1 else {}
    counts = [*found.counts.items(), *every.items()]
    return {
        "categories": [
            (category.value if category else EVERY, f"{category_name(category, language)}: {number}")
            for category, number in counts
        ],
        "some": found.total > 0,
        "none": found.total == 0,
    } | take(manager)


@inject
async def period_getter(
    dialog_manager: DialogManager, count_results: FromDishka[CountResults], **_data: Any
) -> dict[str, Any]:
    """How much there is in the chosen period."""
    manager = dialog_manager
    number = await count_results(citizen_of(manager), category_of(manager), span_of(manager), zone_of(manager))
    return show_period(number, manager)


def show_period(number: int, manager: DialogManager) -> dict[str, Any]:
    """Return the periods, the chosen one marked."""
    language = language_of(manager)
    return {
        **show_spans(dict.fromkeys(SPANS, ""), manager),
        "category": category_name(category_of(manager), language),
        "found": count("result.found", language, number),
        "number": str(number),
        "some": number > 0,
        "none": number == 0,
    } | take(manager)


@inject
async def list_getter(dialog_manager: DialogManager, view: FromDishka[ViewResults], **_data: Any) -> dict[str, Any]:
    """A page of results."""
    manager = dialog_manager
    where = (category_of(manager), span_of(manager), zone_of(manager), number_of(manager))
    return show_list(await view(citizen_of(manager), *where), manager)


def show_list(page: ResultPage, manager: DialogManager) -> dict[str, Any]:
    """Return the lines by day, a button for each, and the buttons between the pages."""
    language, paging = language_of(manager), page.paging
    first = paging.offset + 1
    return {
        **page_of(paging, manager),
        "category": category_name(category_of(manager), language),
        "span": span_text(span_of(manager), manager),
        "found": count("result.found", language, paging.total),
        "text": entries_text(page.entries, first, manager),
        "entries": [
            (str(entry.record.id), label(entry.record, place, manager))
            for place, entry in enumerate(page.entries, start=first)
        ],
        "some": bool(page.entries),
        "nothing_here": not page.entries and page.exist,
        "nothing_at_all": not page.entries and not page.exist,
    } | take(manager)


@inject
async def panel_getter(
    dialog_manager: DialogManager, open_panel: FromDishka[OpenPanel], **_data: Any
) -> dict[str, Any]:
    """A panel as a whole."""
    try:
        found = await open_panel(citizen_of(dialog_manager), record_of(dialog_manager, PANEL))
    except NotFound:
        return gone(dialog_manager)
    return show_panel(found, dialog_manager)


def show_panel(found: Entry, manager: DialogManager) -> dict[str, Any]:
    """Return every value, the conclusion, and a button to the course of each."""
    language, record = language_of(manager), found.record
    lines = value_lines(found.results)
    paging = Paging(len(lines), PER_PANEL, number_of(manager, PANEL_PAGE))
    shown = paging.shown(lines)
    results = list(dict.fromkeys(result.id for result, _ in shown))
    by_id = {result.id: result for result, _ in shown}
    return {
        "here": True,
        "gone": False,
        "name": title(record, language),
        "day": day_of(record.taken_at, manager, day_only=record.day_only),
        "institution": cut(record.institution, INSTITUTION),
        "text": panel_text(shown, language),
        "conclusion": cut(record.conclusion, CONCLUSION) if isinstance(record, Panel) else "",
        "values": [(str(each), title(by_id[each], language, LABEL)) for each in results],
        **page_of(paging, manager, PANEL_PAGE),
    } | take(manager)


@inject
async def course_getter(dialog_manager: DialogManager, view: FromDishka[ViewCourse], **_data: Any) -> dict[str, Any]:
    """Every time something was measured."""
    record, page = record_of(dialog_manager, RECORD), number_of(dialog_manager, COURSE_PAGE)
    try:
        found = await view(citizen_of(dialog_manager), record, page)
    except NotFound:
        return gone(dialog_manager)
    return show_course(found, dialog_manager)


def show_course(found: CourseView, manager: DialogManager) -> dict[str, Any]:
    """Return the readings, the newest first, and their course in words."""
    language, several = language_of(manager), len(found.courses) > 1
    newest = found.results[0]
    known = reference_of(found.courses[0].last.measured, language) if found.courses else ""
    return {
        "here": True,
        "gone": False,
        "name": title(newest, language),
        "words": "\n\n".join(course_text(course, manager, named=several) for course in found.courses[:2]),
        "text": readings_text(found.results, manager, known),
        "drawn": bool(found.courses),
        "details": _details(newest),
        **page_of(found.paging, manager, COURSE_PAGE),
    } | take(manager)


def _details(result: Result) -> str:
    return " · ".join(cut(each, INSTITUTION) for each in (result.institution, result.doctor) if each)


@inject
async def search_getter(dialog_manager: DialogManager, view: FromDishka[ViewFound], **_data: Any) -> dict[str, Any]:
    """What was found, by its ids."""
    found = found_of(dialog_manager)
    return show_found(None if found is None else await view(citizen_of(dialog_manager), found), dialog_manager)


def show_found(kinds: Sequence[Kind] | None, manager: DialogManager) -> dict[str, Any]:
    """Return the kinds, each by its newest; None before anything was looked for."""
    shown = kinds or ()
    return {
        "text": found_text(shown, manager),
        "kinds": [
            (str(kind.newest.id), label(kind.newest, place, manager)) for place, kind in enumerate(shown, start=1)
        ],
        "some": bool(shown),
        "before": kinds is None,
        "nothing": kinds is not None and not kinds,
    } | take(manager)


def gone(manager: DialogManager) -> dict[str, Any]:
    """A record that the clinic has withdrawn meanwhile."""
    nothing = dict.fromkeys(("name", "day", "institution", "text", "conclusion", "words", "details", "page"), "")
    return {**nothing, "here": False, "gone": True, "drawn": False, "values": [], "turns": []} | take(manager)
