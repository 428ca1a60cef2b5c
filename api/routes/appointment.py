"""What clinics read back at /fhir: the appointments that citizens made in facilities of theirs."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import urlencode

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.context import settings_of
from api.openapi import FOUND
from api.outcomes import fhir
from api.routes.clinic import Calling
from core.domain.resource import Issue, Malformed
from core.services.schedule import ReadAppointments

machines = APIRouter(prefix="/fhir", route_class=DishkaRoute, tags=["appointment"])
WHEN = re.compile(r"(eq|ge|gt|le|lt)?(\d{4}-\d\d-\d\d)(T.+)?")
YEARS = range(1900, 2200)
MOST, USUAL = 50, 20
FURTHEST = 1_000_000
Moments = Annotated[
    list[str] | None,
    Query(description="With a prefix (eq, ge, gt, le, lt) before a day or an instant; several hold together."),
]


@machines.get("/Appointment", responses=FOUND, response_class=Response)
async def search(
    request: Request,
    caller: Calling,
    use_case: FromDishka[ReadAppointments],
    date: Moments = None,
    _lastUpdated: Annotated[list[str] | None, Query(alias="_lastUpdated")] = None,  # noqa: N803 - FHIR's name
    _count: Annotated[str, Query(alias="_count", max_length=10)] = str(USUAL),
    _offset: Annotated[str, Query(alias="_offset", max_length=10)] = "0",
) -> Response:
    """Appointments by their time and by their last change, by start, a page at a time."""
    dates, changes = _bounds(date, "date"), _bounds(_lastUpdated, "_lastUpdated")
    count = min(MOST, max(1, _number(_count, "_count")))
    offset = _number(_offset, "_offset")
    page = await use_case(caller.actor, dates, changes, offset=offset, count=count)
    base = f"{settings_of(request).public_url}/fhir/Appointment"
    asked = [("date", each) for each in date or ()] + [("_lastUpdated", each) for each in _lastUpdated or ()]

    def link(start: int) -> str:
        return f"{base}?{urlencode([*asked, ('_count', count), ('_offset', start)])}"

    links = [{"relation": "self", "url": link(offset)}]
    if page.more:
        links.append({"relation": "next", "url": link(offset + count)})
    entries = [
        {"fullUrl": f"{base}/{each['id']}", "resource": each, "search": {"mode": "match"}} for each in page.entries
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "link": links}
    return fhir(bundle | ({"entry": entries} if entries else {}))


def _bounds(told: Sequence[str] | None, name: str) -> list[tuple[str, date | datetime]]:
    """Read the bounds of a search. Raises Malformed."""
    return [_bound(each, name) for each in told or ()]


def _bound(told: str, name: str) -> tuple[str, date | datetime]:
    # A plus in an address that was not encoded comes as a space.
    read = WHEN.fullmatch(told.replace(" ", "+"))
    try:
        if read is None:
            raise ValueError
        day = date.fromisoformat(read[2])
        at = datetime.fromisoformat(read[2] + read[3]) if read[3] else None
        if day.year not in YEARS:
            raise ValueError
    except ValueError:
        raise Malformed(
            Issue("value", "a day or an instant is needed, with a prefix or without", name), unreadable=True
        ) from None
    if at is None:
        return read[1] or "eq", day
    return read[1] or "eq", at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _number(told: str, name: str) -> int:
    if not (told.isascii() and told.isdecimal()) or int(told) > FURTHEST:
        raise Malformed(Issue("value", "a whole number is needed", name), unreadable=True)
    return int(told)
