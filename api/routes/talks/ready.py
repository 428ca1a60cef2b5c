"""The page on which seniors keep answers ready."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.context import clock_of
from api.rendering import render
from api.routes.talks.answered import attempt, problem
from api.routes.talks.deeds import Number, Text, somebody
from api.sessions import form_signed, holding
from api.words import words_for
from core.domain.actor import Role
from core.domain.canned import Canned
from core.domain.ids import CannedId, TeamId, new_id
from core.domain.staff import Session
from core.services.canned import ListCanned, RemoveCanned, SaveCanned
from core.services.team import ViewTeams

pages = APIRouter(prefix="/desk/talks/canned", route_class=DishkaRoute, include_in_schema=False)
Leading = Annotated[Session, Depends(holding(Role.SENIOR, Role.ADMINISTRATOR))]
HERE = "/desk/talks/canned"


@pages.get("")
async def listed(
    request: Request,
    session: Leading,
    canned: FromDishka[ListCanned],
    groups: FromDishka[ViewTeams],
    refused: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """All answers that stand ready."""
    staff, words = session.member.actor, await words_for(request)
    return await render(
        request,
        "talks/canned.html",
        answers=await canned(staff, ""),
        teams=await groups(staff),
        problem=problem(refused, words),
    )


@pages.post("", dependencies=[Depends(form_signed)])
async def add(
    request: Request,
    session: Leading,
    save: FromDishka[SaveCanned],
    shortcut: Text = "",
    title: Text = "",
    ru: Text = "",
    en: Text = "",
    team: Text = "",
) -> Response:
    """Keep a new one."""
    new = CannedId(new_id((await clock_of(request)).now()))

    async def do() -> None:
        await save(session.member.actor, _canned(new, shortcut, title, ru, en, team, 0))

    return await attempt(request, do(), HERE)


@pages.post("/{canned}", dependencies=[Depends(form_signed)])
async def change(
    request: Request,
    canned: UUID,
    session: Leading,
    save: FromDishka[SaveCanned],
    version: Number,
    shortcut: Text = "",
    title: Text = "",
    ru: Text = "",
    en: Text = "",
    team: Text = "",
) -> Response:
    """Keep it in other words."""

    async def do() -> None:
        await save(session.member.actor, _canned(CannedId(canned), shortcut, title, ru, en, team, version))

    return await attempt(request, do(), HERE)


@pages.post("/{canned}/remove", dependencies=[Depends(form_signed)])
async def remove(request: Request, canned: UUID, session: Leading, deed: FromDishka[RemoveCanned]) -> Response:
    """Keep it no longer."""
    return await attempt(request, deed(session.member.actor, CannedId(canned)), HERE)


def _canned(id_: CannedId, shortcut: str, title: str, ru: str, en: str, team: str, version: int) -> Canned:
    texts = {"ru": ru.replace("\r\n", "\n").strip(), "en": en.replace("\r\n", "\n").strip()}
    group = somebody(team)
    return Canned(id_, shortcut.strip().lstrip("/"), title.strip(), texts, TeamId(group) if group else None, version)
