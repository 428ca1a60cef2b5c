"""How a clinic's server is searched: the parameters that it knows, and pages that lead from one to the next."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from playground.outside.schedules import grid, resources
from playground.outside.schedules.doctors import doctor_of, doctors_of
from playground.outside.schedules.grid import Time
from playground.outside.schedules.resources import Refused, Resource
from playground.outside.schedules.server import Server

Asked = list[tuple[str, str]]
PAGE, LARGEST = 50, 500
ABOUT_THE_ANSWER = frozenset({"_count", "_offset", "_include", "_sort", "_format", "_total"})


def searched(server: Server, type_: str, asked: Asked, base: str) -> Resource:
    """A page of what is asked for. Raises Refused for what the server does not know."""
    known = resources.SEARCHED.get(type_)
    if known is None:
        raise Refused(404, "not-supported", f"there is no {type_} here")
    for name, _ in asked:
        if name not in known and name not in ABOUT_THE_ANSWER:
            raise Refused(400, "not-supported", f"{type_} is not searched by {name}")
    count = min(_number(asked, "_count", PAGE), LARGEST)
    offset = _number(asked, "_offset", 0)
    total, found = _found(server, type_, asked, offset, count)
    plain = [(name, value) for name, value in asked if name != "_offset"]
    links = [("self", f"{base}/{type_}?{urlencode(asked)}")]
    if offset + count < total and count:
        links.append(("next", f"{base}/{type_}?{urlencode([*plain, ('_offset', str(offset + count))])}"))
    included = _included(server, found) if type_ == "Schedule" and ("_include", "Schedule:actor") in asked else []
    return resources.searchset(found, total, base, links, included)


def _included(server: Server, schedules: list[Resource]) -> list[Resource]:
    """The services that schedules name; of the other actors there is nothing but the reference and its words."""
    ids = {each["id"] for each in schedules}
    return [resources.service(doctor) for doctor in doctors_of(server.town) if doctor.terms and doctor.id in ids]


def _found(server: Server, type_: str, asked: Asked, offset: int, count: int) -> tuple[int, list[Resource]]:
    ids = _values(asked, "_id")
    if type_ == "Slot":
        times = [time for time in _times(server, asked) if ids is None or time.id in ids]
        return len(times), [server.slot(time) for time in times[offset : offset + count]]
    if type_ == "HealthcareService":
        every = [resources.service(doctor) for doctor in doctors_of(server.town) if doctor.terms]
    elif type_ == "Schedule":
        every = [
            resources.schedule(doctor)
            for doctor in doctors_of(server.town)
            if "false" not in (_values(asked, "active") or ())
        ]
    else:
        named = _values(asked, "identifier")
        every = (
            [*server.appointments.values()]
            if named is None
            else [one for each in sorted(named) for one in server.named(each)]
        )
    every = [each for each in every if ids is None or each["id"] in ids]
    return len(every), every[offset : offset + count]


def _times(server: Server, asked: Asked) -> Iterator[Time]:
    first, last = grid.window(server.town, server.clock())
    since, until = _bounds(asked)
    first = max(first, since.astimezone(server.town.clock).date()) if since else first
    last = min(last, until.astimezone(server.town.clock).date()) if until else last
    statuses, schedules = _values(asked, "status"), _values(asked, "schedule")
    doctors = doctors_of(server.town)
    if schedules is not None:
        named = (doctor_of(server.town, each.removeprefix("Schedule/")) for each in sorted(schedules))
        doctors = tuple(doctor for doctor in named if doctor)
    for doctor in doctors:
        for day in _days(first, last):
            whole = first < day < last
            for time in grid.times_of(server.town, doctor, day):
                if not whole and ((since and time.start < since) or (until and time.start >= until)):
                    continue
                if statuses is None or server.status(time) in statuses:
                    yield time


def _bounds(asked: Asked) -> tuple[datetime | None, datetime | None]:
    """The first moment that counts and the first that does not."""
    since: datetime | None = None
    until: datetime | None = None
    for value in (value for name, value in asked if name == "start"):
        way, text = value[:2], value[2:]
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise Refused(400, "invalid", f"start={value} is no moment") from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        last = at + timedelta(days=1) if len(text) == 10 else at + timedelta(microseconds=1)
        if way in {"ge", "gt"}:
            since = at if way == "ge" else last
        elif way in {"le", "lt"}:
            until = last if way == "le" else at
        else:
            raise Refused(400, "not-supported", "start is searched by ge, gt, le and lt")
    return since, until


def _days(first: date, last: date) -> Iterator[date]:
    for after in range((last - first).days + 1):
        yield first + timedelta(days=after)


def _values(asked: Asked, name: str) -> set[str] | None:
    told = [value for known, value in asked if known == name]
    return {each for value in told for each in value.split(",")} if told else None


def _number(asked: Asked, name: str, usual: int) -> int:
    told = next((value for known, value in asked if known == name), str(usual))
    if not told.isdecimal():
        raise Refused(400, "invalid", f"{name} wants a number")
    return int(told)
