"""What was typed into the forms of a schedule, read: an empty field is nothing, a wrong one is said in one sentence."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from fastapi import Request

from core.domain.schedule import InvalidFacility, InvalidHours, Point, Source

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
"""Days outside of this are typing errors."""


async def typed(request: Request) -> dict[str, str]:
    """Return the fields of a form, without what no database takes."""
    form = await request.form()
    return {name: value.replace("\0", "").strip() for name, value in form.items() if isinstance(value, str)}


def day_of(text: str) -> date | None:
    """Return the day of a field, None for an empty one. Raises InvalidHours."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidHours from None
    if not FIRST <= found <= LAST:
        raise InvalidHours
    return found


def time_of(text: str) -> time | None:
    """Return the time of a field, None for an empty one. Raises InvalidHours."""
    if not text:
        return None
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise InvalidHours from None
    if found.tzinfo is not None:
        raise InvalidHours
    return found


def number_of(text: str) -> int | None:
    """Return the number of a field, None for an empty one. Raises InvalidHours."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise InvalidHours
    return int(text)


def hours_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return weekly hours as `PutHours` takes them. Raises InvalidHours."""
    weekday, start, end = (
        number_of(form.get("weekday", "")),
        time_of(form.get("start", "")),
        time_of(form.get("end", "")),
    )
    if weekday is None or start is None or end is None:
        raise InvalidHours
    more = {
        "minutes": number_of(form.get("minutes", "")),
        "since": day_of(form.get("since", "")),
        "until": day_of(form.get("until", "")),
    }
    return {"weekday": weekday, "start": start, "end": end, **more}


def exceptional_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return a day that differs as `PutException` takes it: closed, other hours, or as another weekday. Raises InvalidHours."""
    day, kind = day_of(form.get("day", "")), form.get("kind", "closed")
    if day is None:
        raise InvalidHours
    told: dict[str, Any] = {"day": day, "why": form.get("why", "")}
    if kind == "hours":
        start, end = time_of(form.get("start", "")), time_of(form.get("end", ""))
        if start is None or end is None:
            raise InvalidHours
        return {**told, "start": start, "end": end, "minutes": number_of(form.get("minutes", ""))}
    if kind == "weekday":
        weekday = number_of(form.get("as_weekday", ""))
        if weekday is None:
            raise InvalidHours
        return {**told, "as_weekday": weekday}
    return told


def facility_of(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what is told of a facility as `AddFacility` and `ChangeFacility` take it. Raises InvalidFacility."""
    told: dict[str, Any] = {name: form.get(name, "") for name in ("code", "name", "address", "region", "zone", "phone")}
    limit, place = form.get("limit", "3"), form.get("point", "")
    told["limit"] = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 4 else 0
    told["point"] = point_of(place) if place else None
    return told | served_at(form.get("url", ""))


def served_at(url: str) -> dict[str, Any]:
    """Return who keeps a schedule: a clinic's own server where its address is given, else the product."""
    return {"source": Source.FHIR, "url": url} if url else {}


def point_of(text: str) -> Point:
    """Return a point written as «55.75, 37.62». Raises InvalidFacility."""
    latitude, _, longitude = text.partition(",")
    try:
        return Point(float(latitude), float(longitude))
    except ValueError:
        raise InvalidFacility("point") from None
