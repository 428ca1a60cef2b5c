"""«История посещений врачей» on a page: narrowed down by period, speciality and institution, one visit, the PDF."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.routes.page.record import file, page_of, record_of, span_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show
from api.words import Words, words_for
from core.domain.ids import RecordId
from core.domain.record import Visit
from core.domain.record.history import Filters, institution_of, speciality_of
from core.domain.record.looking import InvalidDates, Span, SpanKind
from core.domain.record.names import name_of, tidy
from core.ports import Clock
from core.services.record import ExportVisits, OpenVisit, ViewVisits
from core.services.record.history_paper import diagnosis_of

pages = APIRouter(prefix="/my/visits", route_class=PageRoute, include_in_schema=False)
PER_PAGE = 10


def _chosen(request: Request, name: str) -> RecordId | None:
    try:
        return RecordId(UUID(request.query_params.get(name, "")))
    except ValueError:
        return None


def filters_of(request: Request, clock: Clock, mine: Mine) -> Filters:
    """Return what an address narrows visits down to. Raises InvalidDates."""
    span = span_of(request, clock.now().astimezone(mine.zone).date())
    return Filters(span, _chosen(request, "speciality"), _chosen(request, "institution"))


@pages.get("")
async def visits(request: Request, mine: Proved, view: FromDishka[ViewVisits], clock: FromDishka[Clock]) -> Response:
    """The visits, and what they can be narrowed down to."""
    words, error = await words_for(request), None
    try:
        filters = filters_of(request, clock, mine)
    except InvalidDates as fault:
        filters, error = Filters(Span.all()), words(fault.message_key)
    found = await view(mine.citizen, filters, mine.zone, page_of(request), PER_PAGE)
    return await show(
        request,
        mine,
        "visits",
        200 if error is None else 422,
        visits=[shown(each, mine, words) for each in found.visits],
        history=found.history,
        paging=found.paging,
        filters=filters,
        spans=[kind for kind in SpanKind if kind is not SpanKind.OWN],
        span=filters.span,
        today=clock.now().astimezone(mine.zone).date().isoformat(),
        query=query_of(filters),
        error=error,
    )


@pages.get("/file.pdf")
async def history(
    request: Request, mine: Proved, export: FromDishka[ExportVisits], clock: FromDishka[Clock]
) -> Response:
    """Everything that matches, as PDF."""
    try:
        filters = filters_of(request, clock, mine)
    except InvalidDates:
        filters = Filters(Span.all())
    made = await export(mine.citizen, filters, (await words_for(request)).language, mine.zone)
    return file(made.content, made.name, "pdf")


@pages.get("/{record}")
async def visit(request: Request, mine: Proved, record: str, view: FromDishka[OpenVisit]) -> Response:
    """One visit in full."""
    found = await view(mine.citizen, record_of(record))
    return await show(request, mine, "visit", visit=shown(found, mine, await words_for(request)))


@pages.get("/{record}/file.pdf")
async def visit_file(request: Request, mine: Proved, record: str, export: FromDishka[ExportVisits]) -> Response:
    """One visit as PDF."""
    made = await export(mine.citizen, record_of(record), (await words_for(request)).language, mine.zone)
    return file(made.content, made.name, "pdf")


def query_of(filters: Filters) -> str:
    """Return what was chosen as it stands in an address."""
    told: dict[str, str] = {"span": filters.span.kind.value}
    if filters.span.first and filters.span.last:
        told |= {"first": filters.span.first.isoformat(), "last": filters.span.last.isoformat()}
    told |= {name: str(each) for name in ("speciality", "institution") if (each := getattr(filters, name))}
    return urlencode(told)


def shown(visit: Visit, mine: Mine, words: Words) -> dict[str, Any]:
    """Return a visit as the pages show it: only what the clinic told."""
    language = words.language
    lines: dict[str, Sequence[str]] = {
        "kind": [name_of(visit.kind, language)] if visit.kind else [],
        "institution": [institution_of(visit)],
        "doctor": [tidy(visit.doctor)],
        "speciality": [speciality_of(visit)],
        "diagnoses": [diagnosis_of(each, language) for each in visit.diagnoses],
        "recommendations": visit.recommendations,
        "prescriptions": visit.prescriptions,
    }
    who = " · ".join(each for each in (speciality_of(visit), tidy(visit.doctor)) if each)
    return {
        "id": visit.id,
        "at": words.instant(visit.started_at, mine.zone),
        "who": who or words("visit.visit"),
        "institution": institution_of(visit),
        "diagnoses": lines["diagnoses"],
        "lines": {name: [line for line in told if line] for name, told in lines.items() if any(told)},
    }
