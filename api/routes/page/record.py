"""What pages of the record share: the period and the page that an address names, values in words, files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from api.routes.page.session import Mine
from api.words import Words
from core.domain.extract import Aim, Order
from core.domain.identifiers.dates import shown_date
from core.domain.ids import RecordId
from core.domain.record import Measured, NotFound, Panel, Result
from core.domain.record.figures import is_outside, mark_of, reference_of, value_of
from core.domain.record.looking import FIRST_DAY, InvalidDates, Span, SpanKind
from core.domain.record.names import name_of

MOST_PAGES = 1_000_000
TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in words; `mark` only where it is outside of its range."""

    name: str = field(repr=False)
    text: str = field(repr=False)
    reference: str = field(repr=False)
    mark: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A result or a panel in a list. `outside`: how many values of a panel are outside of their range."""

    id: UUID
    day: str
    name: str = field(repr=False)
    figures: Sequence[Figure] = field(repr=False)
    panel: bool
    outside: int
    note: str = field(default="", repr=False)
    institution: str = field(default="", repr=False)


def span_of(request: Request, today: date) -> Span:
    """Return the period of an address; all time where it names none. Raises InvalidDates."""
    asked = request.query_params.get("span", "all")
    kind = SpanKind(asked) if asked in {each.value for each in SpanKind} else SpanKind.ALL
    if kind is not SpanKind.OWN:
        return Span(kind)
    try:
        first, last = (date.fromisoformat(request.query_params.get(name, "")) for name in ("first", "last"))
    except ValueError:
        raise InvalidDates from None
    if not all(FIRST_DAY <= day <= today for day in (first, last)):
        raise InvalidDates
    return Span.own(first, last)


def page_of(request: Request) -> int:
    """Return the page of an address, 1 where it names none that could be."""
    asked = request.query_params.get("page", "")
    return min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdecimal() and len(asked) <= 7 else 1


def record_of(text: str) -> RecordId:
    """Read an id out of an address. Raises NotFound: nobody learns which ids there are."""
    try:
        return RecordId(UUID(text))
    except ValueError:
        raise NotFound from None


def day_of(moment: datetime, mine: Mine, words: Words, *, day_only: bool) -> str:
    """Return the day by the person's clock; a day of the clinic stays that day."""
    return words.date(moment.astimezone(UTC if day_only else mine.zone).date())


def figures_of(result: Result, language: str, words: Words) -> list[Figure]:
    """Return the values of a result."""
    return [_figure(value, language, words) for value in result.measured]


def _figure(value: Measured, language: str, words: Words) -> Figure:
    mark = mark_of(value)
    told = words(f"result.mark.{mark.value}") if mark is not None and is_outside(value) else ""
    return Figure(name_of(value.coding, language), value_of(value, language), reference_of(value, language), told)


def line_of(record: Result | Panel, held: Sequence[Result], mine: Mine, words: Words) -> Line:
    """Return a record as a line of a list."""
    figures = [figure for result in held for figure in figures_of(result, words.language, words)]
    return Line(
        record.id,
        day_of(record.taken_at, mine, words, day_only=record.day_only),
        name_of(record.coding, words.language),
        figures,
        isinstance(record, Panel),
        sum(bool(each.mark) for each in figures),
        record.note if isinstance(record, Result) else record.conclusion,
        record.institution,
    )


def period_of(days: tuple[date | None, date], words: Words) -> str:
    """Return the period of a paper: «01.02.2026 – 28.11.2026», or that it is all time."""
    since, until = days
    if since is None:
        return words("extract.paper.until", until=shown_date(until))
    return f"{shown_date(since)} – {shown_date(until)}"


def aim_of(order: Order, words: Words) -> str:
    """Return what a paper is for, in words; empty while nothing is chosen."""
    if order.aim is Aim.OTHER:
        return order.words
    return words(f"extract.aim.{order.aim.value}") if order.aim else ""


def file(content: bytes, name: str, kind: str) -> Response:
    """Return a file to be saved."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=TYPES[kind], headers=headers)
