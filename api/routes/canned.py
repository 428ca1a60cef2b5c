"""Answers that stand ready, for programs: looked for by whoever answers, kept by seniors."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.idempotency import MaybeKey, OnceRoute
from api.openapi import WRITE, problems
from api.routes.conversation.bodies import PLAIN, Plain, Strict
from api.sessions import Colleague, Senior, call_signed
from core.domain.canned import LONGEST_ANSWER, LONGEST_SHORTCUT, VARIABLES, Canned
from core.domain.ids import CannedId, TeamId, new_id
from core.ports import Clock
from core.services.canned import ListCanned, RemoveCanned, SaveCanned

rest = APIRouter(prefix="/api/v1/canned", route_class=OnceRoute, tags=["canned"])
SIGNED = [Depends(call_signed)]
KNOWN = ", ".join(f"`{{{each}}}`" for each in VARIABLES)
Language = Annotated[str, Field(pattern=r"^(ru|en)$")]
Text = Annotated[Plain, Field(max_length=LONGEST_ANSWER)]


class CannedText(Strict):
    """An answer: `shortcut` is what is typed after `/`; `team` null: everybody's."""

    shortcut: Plain = Field(min_length=1, max_length=LONGEST_SHORTCUT, examples=["снилс"])
    title: Plain = Field(min_length=1, max_length=100, examples=["Где взять СНИЛС"])
    texts: dict[Language, Text] = Field(
        description=f"By language; variables: {KNOWN}.", examples=[{"ru": "{name}, СНИЛС есть на Госуслугах."}]
    )
    team: UUID | None = None


class CannedChange(CannedText):
    """The same, as it was seen at `version`."""

    version: int = Field(ge=1, le=2**31 - 1)


class CannedBody(CannedText):
    """An answer as it is kept."""

    id: UUID
    version: int


class CannedList(Strict):
    """Answers, those that fit best first."""

    canned: list[CannedBody]


@rest.get("", responses=problems(401, 403, 422))
async def found(
    session: Colleague,
    view: FromDishka[ListCanned],
    words: Annotated[str, Query(max_length=100, pattern=PLAIN)] = "",
) -> CannedList:
    """Everybody's answers and those of one's own group, by shortcut, title or words."""
    return CannedList(canned=[_body(each) for each in await view(session.member.actor, words)])


@rest.post("", status_code=201, responses=WRITE, dependencies=SIGNED)
async def add(
    session: Senior, body: CannedText, use_case: FromDishka[SaveCanned], clock: FromDishka[Clock], _key: MaybeKey = None
) -> CannedBody:
    """Keep a new answer."""
    return _body(await use_case(session.member.actor, _canned(body, CannedId(new_id(clock.now())), 0)))


@rest.put("/{canned}", responses=WRITE, dependencies=SIGNED)
async def change(canned: UUID, session: Senior, body: CannedChange, use_case: FromDishka[SaveCanned]) -> CannedBody:
    """Change an answer; 409 when somebody changed it since it was seen."""
    return _body(await use_case(session.member.actor, _canned(body, CannedId(canned), body.version)))


@rest.delete("/{canned}", status_code=204, responses=WRITE, dependencies=SIGNED)
async def remove(canned: UUID, session: Senior, use_case: FromDishka[RemoveCanned]) -> None:
    """Remove an answer."""
    await use_case(session.member.actor, CannedId(canned))


def _canned(body: CannedText, id_: CannedId, version: int) -> Canned:
    return Canned(
        id_, body.shortcut, body.title, dict(body.texts), None if body.team is None else TeamId(body.team), version
    )


def _body(canned: Canned) -> CannedBody:
    return CannedBody(
        id=canned.id,
        shortcut=canned.shortcut,
        title=canned.title,
        texts=dict(canned.texts),
        team=canned.team,
        version=canned.version,
    )
