"""The figures on a page, and the wall."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.context import clock_of
from api.rendering import render
from api.routes.figures.rest import USUAL, Looker, as_table
from api.routes.figures.shown import AllFigures, FiguresOf, all_of, bars, wall_of
from api.words import ZONE, Words, words_for
from core.domain.figures import InvalidPeriod, Period
from core.services.conversation import LastEvent
from core.services.figures import ExportFigures, ViewFigures, ViewWall

pages = APIRouter(prefix="/desk", route_class=DishkaRoute, include_in_schema=False)
MINUTE = 60


@pages.get("/figures")
async def page(
    request: Request, session: Looker, view: FromDishka[ViewFigures], first: str = "", last: str = ""
) -> Response:
    """The figures of a period."""
    words, error = await words_for(request), ""
    try:
        period = (await _asked(request, first, last)).checked()
    except InvalidPeriod as refusal:
        error, period = words(refusal.message_key), await _asked(request, "", "")
    seen = all_of(await view(session.member.actor, period))
    return await render(
        request,
        "figures.html",
        422 if error else 200,
        seen=seen,
        error=error,
        spans=[(name, *_span(await _today(request), days)) for name, days in (("day", 1), ("week", 7), ("month", 30))],
        works=[(work, figures, charts) for work, figures, charts in _works(seen)],
        rows=[(each.name or words("figures.nobody"), each) for each in seen.members],
        said=_Said(words),
    )


@pages.get("/figures.csv")
async def table(
    request: Request, session: Looker, export: FromDishka[ExportFigures], first: str = "", last: str = ""
) -> Response:
    """The same as a table."""
    period = await _asked(request, first, last)
    return as_table(await export(session.member.actor, period), period)


@pages.get("/wall")
async def wall(
    request: Request, session: Looker, view: FromDishka[ViewWall], last: FromDishka[LastEvent], live: str = ""
) -> Response:
    """How the desk stands, to be read from afar; `live`: the page looks again by itself."""
    # Before what it tells of is read: what comes meanwhile is heard of, not missed.
    words, event = await words_for(request), await last()
    seen = wall_of(await view(session.member.actor, opened=not live))
    longest = "—"
    if seen.longest_since:
        # Few letters: they are as large as the screen lets them be.
        short = seen.at - seen.longest_since < timedelta(minutes=1)
        longest = words("figures.wall.just_now") if short else words.wait(seen.longest_since, seen.at)
    return await render(
        request,
        "wall.html",
        seen=seen,
        longest=longest,
        said=_Said(words),
        time=words.time(seen.at),
        zone=ZONE.key,
        event=event,
    )


class _Said:
    """Says spans and shares in the words of whoever looks."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def span(self, seconds: int | None) -> str:
        if seconds is None:
            return "—"
        if seconds < MINUTE:
            return self.words("figures.seconds", n=self.words.number(seconds))
        hours, rest = divmod(seconds // MINUTE, 60)
        minutes = self.words("figures.minutes", n=self.words.number(rest))
        if not hours:
            return minutes
        said = self.words("figures.hours", n=self.words.number(hours))
        return f"{said} {minutes}" if rest else said

    def share(self, share: float | None) -> str:
        # Never rounded up to a whole: one late answer of a thousand is one.
        return "—" if share is None else f"{int(share * 1000) / 10:g}\u00a0%".replace(".", self._comma)

    def rating(self, rating: float | None) -> str:
        return "—" if rating is None else f"{rating:.1f}".replace(".", self._comma)

    @property
    def _comma(self) -> str:
        return "," if self.words.language == "ru" else "."


def _works(seen: AllFigures) -> Sequence[tuple[str, FiguresOf, Any]]:
    return (
        ("conversations", seen.conversations, bars(seen.conversation_hours)),
        ("tickets", seen.tickets, bars(seen.ticket_hours)),
    )


def _span(today: date, days: int) -> tuple[date, date]:
    return today - timedelta(days=days - 1), today


async def _today(request: Request) -> date:
    return (await clock_of(request)).now().astimezone(ZONE).date()


async def _asked(request: Request, first: str, last: str) -> Period:
    try:
        until = date.fromisoformat(last) if last else await _today(request)
        return Period(date.fromisoformat(first) if first else until - USUAL, until)
    except (ValueError, OverflowError):
        raise InvalidPeriod from None
