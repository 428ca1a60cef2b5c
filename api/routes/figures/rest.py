"""The figures and the wall for programs."""

from datetime import date, timedelta
from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.context import clock_of
from api.openapi import Answers, problems
from api.routes.figures.shown import AllFigures, Wall, all_of, wall_of
from api.sessions import holding
from api.words import ZONE
from core.domain.figures import InvalidPeriod, Period
from core.domain.staff import Session
from core.services.figures import LOOKERS, ExportFigures, ViewFigures, ViewWall

rest = APIRouter(prefix="/api/v1", route_class=DishkaRoute, tags=["figures"])
Looker = Annotated[Session, Depends(holding(*LOOKERS))]
USUAL = timedelta(days=29)
CSV = "text/csv"
TABLE: Answers = {
    200: {"description": "RFC 4180 in UTF-8, times in seconds.", "content": {CSV: {"schema": {"type": "string"}}}}
}
Day = Annotated[date | None, Query(description="By the clock of those who answer; the last thirty days without any.")]


async def asked(request: Request, first: Day = None, last: Day = None) -> Period:
    """Return the period that was asked for."""
    today = (await clock_of(request)).now().astimezone(ZONE).date()
    last = last or today
    try:
        return Period(first or last - USUAL, last)
    except OverflowError:
        raise InvalidPeriod from None


Asked = Annotated[Period, Depends(asked)]


@rest.get("/figures", responses=problems(401, 403, 422))
async def figures(session: Looker, period: Asked, view: FromDishka[ViewFigures]) -> AllFigures:
    """Waits, handling, limits kept, load by hour and ratings: everybody's for seniors, one's own for operators."""
    return all_of(await view(session.member.actor, period))


@rest.get("/figures.csv", responses={**TABLE, **problems(401, 403, 422)}, response_class=Response)
async def exported(session: Looker, period: Asked, export: FromDishka[ExportFigures]) -> Response:
    """The same as a table."""
    return as_table(await export(session.member.actor, period), period)


@rest.get("/wall", responses=problems(401, 403))
async def wall(session: Looker, view: FromDishka[ViewWall]) -> Wall:
    """How the desk stands now."""
    return wall_of(await view(session.member.actor))


def as_table(text: str, period: Period) -> Response:
    """Return a table to be kept as a file."""
    name = f"figures-{period.first.isoformat()}-{period.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=f"{CSV}; charset=utf-8", headers=headers)
