"""Working hours and limits of an answer on one page for administrators; the hours for programs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.idempotency import OnceRoute
from api.openapi import problems
from api.rendering import render
from api.routes.schedule.written import typed
from api.routes.sla import chosen_of, limits_of
from api.sessions import Administrator, call_signed, form_signed
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.sla import InvalidLimits
from core.domain.team import TeamNotThere
from core.domain.worktime import Interval, InvalidHours, NeverOpen, Worktime, read_intervals
from core.services.sla import SetLimits, ViewLimits
from core.services.worktime import HoursView, SetHours, ViewHours

pages = APIRouter(prefix="/desk/hours", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/hours", route_class=OnceRoute, tags=["worktime"])
DONE = frozenset({"hours", "limits"})
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk",
    "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
)  # fmt: skip
Refusal = InvalidHours | NeverOpen | InvalidLimits | TeamNotThere | WrongMove
Day = Annotated[str, Field(max_length=120, examples=["09:00–13:00, 14:00–20:00"])]


class Hours(BaseModel):
    """A week from Monday, days that differ (nothing in them: a day off), and whether the country's days off count.

    A day is intervals by the wall clock of `zone`, comma between them; one that ends before it begins ends the next day.
    """

    model_config = ConfigDict(extra="forbid")

    zone: str = Field(max_length=64)
    week: list[Day] = Field(min_length=7, max_length=7)
    days: dict[date, Day] = Field(default_factory=dict, max_length=100)
    holidays: bool = True


class HoursNow(Hours):
    """The hours, whether people answer now, and from when on they do; null for never."""

    open: bool
    opens_at: datetime | None


@pages.get("")
async def page(
    request: Request,
    session: Administrator,
    view: FromDishka[ViewHours],
    limits: FromDishka[ViewLimits],
    done: str = "",
) -> Response:
    """The hours and the limits."""
    return await _page(request, await view(session.member.actor), limits, session, done=done if done in DONE else "")


@pages.post("", dependencies=[Depends(form_signed)])
async def set_hours(
    request: Request,
    session: Administrator,
    change: FromDishka[SetHours],
    view: FromDishka[ViewHours],
    limits: FromDishka[ViewLimits],
) -> Response:
    """Other hours."""
    form = await typed(request)
    try:
        await change(session.member.actor, _written(form))
    except (InvalidHours, NeverOpen) as refusal:
        seen = await view(session.member.actor)
        return await _page(request, seen, limits, session, form=form, refusal=refusal)
    return RedirectResponse("/desk/hours?done=hours", 303)


@pages.post("/limits", dependencies=[Depends(form_signed)])
async def set_limits(
    request: Request,
    session: Administrator,
    change: FromDishka[SetLimits],
    view: FromDishka[ViewHours],
    limits: FromDishka[ViewLimits],
) -> Response:
    """Other limits."""
    form = await typed(request)
    try:
        await change(session.member.actor, limits_of(form))
    except (InvalidLimits, TeamNotThere, WrongMove) as refusal:
        seen = await view(session.member.actor)
        return await _page(request, seen, limits, session, chosen=form, refusal=refusal)
    return RedirectResponse("/desk/hours?done=limits", 303)


@rest.get("", responses=problems(401, 403))
async def hours(session: Administrator, view: FromDishka[ViewHours]) -> HoursNow:
    """The working hours of those who answer."""
    found = await view(session.member.actor)
    told = _told(found.hours)
    return HoursNow(**told.model_dump(), open=found.open, opens_at=found.opens_at)


@rest.put("", status_code=204, responses=problems(400, 401, 403, 413, 422), dependencies=[Depends(call_signed)])
async def put_hours(session: Administrator, change: FromDishka[SetHours], told: Hours) -> None:
    """Set them; they hold from this moment on."""
    week = {day: read_intervals(text) for day, text in enumerate(told.week)}
    days = {day: read_intervals(text) for day, text in told.days.items()}
    await change(session.member.actor, Worktime(told.zone, week, days, told.holidays))


async def _page(
    request: Request,
    view: HoursView,
    limits: ViewLimits,
    session: Administrator,
    *,
    done: str = "",
    form: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    words = await words_for(request)
    seen = await limits(session.member.actor)
    told = _told(view.hours)
    shown: dict[str, Any] = {f"day_{day}": text for day, text in enumerate(told.week)}
    shown |= {"zone": told.zone, "holidays": told.holidays}
    shown["days"] = "\n".join(f"{day.isoformat()}: {text or '—'}" for day, text in sorted(told.days.items()))
    known, zone = chosen_of(seen.limits), view.hours.zone
    return await render(
        request,
        "hours.html",
        422 if refusal else 200,
        form=shown if form is None else {**dict.fromkeys(shown, ""), **form},
        chosen=known if chosen is None else {**dict.fromkeys(known, ""), **chosen},
        seen=seen,
        zones=ZONES if zone in ZONES else (zone, *ZONES),
        done=done,
        error=words(refusal.message_key) if refusal else "",
        now_open=view.open,
        opens=words.moment(view.opens_at) if view.opens_at and not view.open else "",
    )


def _told(hours: Worktime) -> Hours:
    week = [_said(hours.week.get(day, ())) for day in range(7)]
    days = {day: _said(intervals) for day, intervals in hours.days.items()}
    return Hours(zone=hours.zone, week=week, days=days, holidays=hours.holidays)


def _said(intervals: Sequence[Interval]) -> str:
    return ", ".join(map(str, intervals))


def _written(form: Mapping[str, str]) -> Worktime:
    """Read the form: a line a day that differs, `2026-12-31: 09:00–15:00`, a dash or nothing for a day off."""
    week = {day: read_intervals(form.get(f"day_{day}", "")) for day in range(7)}
    days: dict[date, tuple[Interval, ...]] = {}
    for line in filter(str.strip, form.get("days", "").splitlines()):
        day, _, told = line.partition(":")
        try:
            named = date.fromisoformat(day.strip())
        except ValueError:
            raise InvalidHours from None
        days[named] = read_intervals(told.strip().strip("-–—"))
    return Worktime(form.get("zone", ""), week, days, holidays="holidays" in form)
