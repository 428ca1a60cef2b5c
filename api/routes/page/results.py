"""«Мои результаты» on a page: categories, a period, the list by date, one panel, a value's course, search, files."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from api.routes.page.record import day_of, figures_of, file, line_of, page_of, record_of, span_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show, signed
from api.words import Words, words_for
from core.domain.record import Category, NotFound, Result
from core.domain.record.course import Course
from core.domain.record.figures import reference_of, value_of
from core.domain.record.looking import InvalidDates, Span, SpanKind
from core.domain.record.names import name_of
from core.ports import Clock
from core.services.record import (
    DrawCourse,
    ExportResults,
    Format,
    InCourse,
    InPanel,
    InPeriod,
    ListCategories,
    OpenPanel,
    SearchResults,
    Selection,
    ViewCourse,
    ViewFound,
    ViewResults,
)

pages = APIRouter(prefix="/my/results", route_class=PageRoute, include_in_schema=False)
PER_PAGE = 20
LONGEST_WORDS = 200


def category_of(request: Request) -> Category | None:
    """Return the category of an address, None for all."""
    asked = request.query_params.get("category", "all")
    return Category(asked) if asked in {each.value for each in Category} else None


@pages.get("")
async def categories(request: Request, mine: Proved, listed: FromDishka[ListCategories]) -> Response:
    """Only what exists, each with its count; and the search."""
    found = await listed(mine.citizen)
    return await show(request, mine, "results", counts=found.counts, total=found.total, found=None)


@pages.post("/search", dependencies=[Depends(signed)])
async def search(
    request: Request,
    mine: Proved,
    listed: FromDishka[ListCategories],
    look: FromDishka[SearchResults],
    view: FromDishka[ViewFound],
    typed: Annotated[str, Form(alias="words")] = "",
) -> Response:
    """What was probably meant. The words stand in no address, so in nobody's log."""
    said = await words_for(request)
    kinds = await view(mine.citizen, await look(mine.citizen, typed[:LONGEST_WORDS]))
    lines = [
        line_of(each.newest, [each.newest] if isinstance(each.newest, Result) else [], mine, said) for each in kinds
    ]
    there = await listed(mine.citizen)
    return await show(request, mine, "results", counts=there.counts, total=there.total, found=lines)


@pages.get("/list")
async def by_date(request: Request, mine: Proved, view: FromDishka[ViewResults], clock: FromDishka[Clock]) -> Response:
    """The list of a category and a period, a page at a time; days that cannot be are said, and the list stays."""
    words, category = await words_for(request), category_of(request)
    today, error = clock.now().astimezone(mine.zone).date(), None
    try:
        span = span_of(request, today)
    except InvalidDates as fault:
        span, error = Span.all(), words(fault.message_key)
    found = await view(mine.citizen, category, span, mine.zone, page_of(request), PER_PAGE)
    return await show(
        request,
        mine,
        "results_list",
        200 if error is None else 422,
        lines=[line_of(each.record, each.results, mine, words) for each in found.entries],
        paging=found.paging,
        exist=found.exist,
        category=category.value if category else "all",
        spans=[kind for kind in SpanKind if kind is not SpanKind.OWN],
        span=span,
        today=today.isoformat(),
        query=_query(category, span),
        error=error,
    )


@pages.get("/file.{kind}")
async def period_file(
    request: Request, mine: Proved, kind: str, export: FromDishka[ExportResults], clock: FromDishka[Clock]
) -> Response:
    """The whole list of a category and a period."""
    try:
        span = span_of(request, clock.now().astimezone(mine.zone).date())
    except InvalidDates:
        raise NotFound from None
    return await _file(request, mine, export, InPeriod(category_of(request), span), kind)


@pages.get("/{record}")
async def panel(request: Request, mine: Proved, record: str, view: FromDishka[OpenPanel]) -> Response:
    """A panel as a whole, or one result."""
    words, found = await words_for(request), await view(mine.citizen, record_of(record))
    head = line_of(found.record, found.results, mine, words)
    rows = [
        (each, name_of(each.coding, words.language), figures_of(each, words.language, words)) for each in found.results
    ]
    return await show(request, mine, "result", head=head, rows=rows)


@pages.get("/{record}/panel.{kind}")
async def panel_file(
    request: Request, mine: Proved, record: str, kind: str, export: FromDishka[ExportResults]
) -> Response:
    """The panel as a file."""
    return await _file(request, mine, export, InPanel(record_of(record)), kind)


@pages.get("/{record}/course")
async def course(request: Request, mine: Proved, record: str, view: FromDishka[ViewCourse]) -> Response:
    """Every time a value was measured, and its picture with the same in words."""
    words, found = await words_for(request), await view(mine.citizen, record_of(record), page_of(request))
    lines = [line_of(each, [each], mine, words) for each in found.results]
    told = [(place, _course(each, mine, words)) for place, each in enumerate(found.courses)]
    return await show(
        request,
        mine,
        "course",
        name=name_of(found.coding, words.language),
        record=record,
        lines=lines,
        courses=told,
        paging=found.paging,
    )


@pages.get("/{record}/course/{place}.png")
async def picture(request: Request, mine: Proved, record: str, place: int, draw: FromDishka[DrawCourse]) -> Response:
    """The picture of a course."""
    drawn = await draw(mine.citizen, record_of(record), (await words_for(request)).language)
    if not 0 <= place < len(drawn):
        raise NotFound
    return Response(drawn[place].png, media_type="image/png")


@pages.get("/{record}/course.{kind}")
async def course_file(
    request: Request, mine: Proved, record: str, kind: str, export: FromDishka[ExportResults]
) -> Response:
    """The course as a file."""
    return await _file(request, mine, export, InCourse(record_of(record)), kind)


async def _file(request: Request, mine: Mine, export: ExportResults, chosen: Selection, kind: str) -> Response:
    if kind not in {each.value for each in Format}:
        raise NotFound
    made = await export(mine.citizen, chosen, Format(kind), (await words_for(request)).language, mine.zone)
    return file(made.content, made.name, kind)


def _query(category: Category | None, span: Span) -> str:
    told = {"category": category.value if category else "all", "span": span.kind.value}
    if span.first and span.last:
        told |= {"first": span.first.isoformat(), "last": span.last.isoformat()}
    return urlencode(told)


def _course(course: Course, mine: Mine, words: Words) -> dict[str, str]:
    """Return a course in words, which say what its picture shows."""
    language = words.language

    def day(moment: datetime) -> str:
        return day_of(moment, mine, words, day_only=False)

    told = {
        "first_day": day(course.first.at),
        "last_day": day(course.last.at),
        "times": words.count("page.results.times", len(course.readings)),
        "least": value_of(course.least.measured, language),
        "least_day": day(course.least.at),
        "most": value_of(course.most.measured, language),
        "most_day": day(course.most.at),
        "last": value_of(course.last.measured, language),
    }
    reference = reference_of(course.last.measured, language)
    return {
        "name": name_of(course.coding, language),
        "words": words("result.course_words", **told),
        "reference": words("result.course_reference", reference=reference) if reference else "",
    }
