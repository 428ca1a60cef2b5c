"""Certificates that wait for the attending doctor: what the paper will say, the conclusion, the signature or the refusal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.context import clock_of
from api.errors import detail, told
from api.idempotency import OnceRoute
from api.openapi import READ, WRITE, problems
from api.rendering import render
from api.sessions import Doctor, call_signed, form_signed
from api.words import words_for
from core.domain.extract import CONCLUSION_LIMIT, WordsTooLong, WordsWanted, WrongSignature
from core.domain.ids import ExtractId
from core.services.extract import DraftView, ListWaiting, RefuseExtract, SignExtract, ViewDraft
from core.services.verification import REASON_LIMIT, ReasonNeeded

pages = APIRouter(prefix="/desk/extracts", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/extracts", route_class=OnceRoute, tags=["extract"])
DONE = frozenset({"signed", "refused"})
IN_THE_WAY = (WordsWanted, WordsTooLong, WrongSignature, ReasonNeeded)


class WaitingExtract(BaseModel):
    """A certificate that waits. `name` is whose it is: «Анна И.»."""

    id: UUID
    name: str
    since: datetime


class Fact(BaseModel):
    """A line below the paper's title."""

    label: str
    value: str


class SeenLine(BaseModel):
    """A line of the paper's table."""

    day: str
    where: str
    found: str


class Draft(BaseModel):
    """What the paper will say, and nothing else of the record. `conclusion` is where the doctor starts from."""

    id: UUID
    title: str
    since: datetime
    facts: list[Fact]
    seen: list[SeenLine]
    conclusion: str


class Signature(BaseModel):
    """The conclusion as it will be printed, and a fresh code of your authenticator."""

    model_config = ConfigDict(extra="forbid")

    conclusion: Annotated[str, Field(max_length=4 * CONCLUSION_LIMIT)]
    code: Annotated[str, Field(max_length=16)]


class ExtractRefusal(BaseModel):
    """Why it is refused, 3 to 300 characters, shown to the citizen."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=4 * REASON_LIMIT)]


@pages.get("")
async def page(request: Request, session: Doctor, listed: FromDishka[ListWaiting], done: str = "") -> Response:
    """What waits, the longest first, with a word on what was just done."""
    words, now = await words_for(request), (await clock_of(request)).now()
    waiting = [(each, words.wait(each.since, now)) for each in await listed(session.member.actor)]
    return await render(request, "extracts.html", waiting=waiting, done=done if done in DONE else None)


@pages.get("/{extract_id}")
async def one_page(request: Request, extract_id: UUID, session: Doctor, view: FromDishka[ViewDraft]) -> Response:
    """The draft and the form."""
    return await _page(request, await view(session.member.actor, ExtractId(extract_id)))


@pages.post("/{extract_id}", dependencies=[Depends(form_signed)])
async def decide_on_page(
    request: Request,
    extract_id: UUID,
    session: Doctor,
    view: FromDishka[ViewDraft],
    sign: FromDishka[SignExtract],
    refuse: FromDishka[RefuseExtract],
    decision: Annotated[str, Form()] = "",
    conclusion: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Sign or refuse; what stands in the way is said on the same page, with everything typed still in its field."""
    actor, subject = session.member.actor, ExtractId(extract_id)
    try:
        if decision == "sign":
            await sign(actor, subject, conclusion, code)
        else:
            await refuse(actor, subject, reason)
    except IN_THE_WAY as error:
        found = await view(actor, subject)
        return await _page(request, found, conclusion=conclusion, reason=reason, error=error)
    return RedirectResponse(f"/desk/extracts?done={'signed' if decision == 'sign' else 'refused'}", 303)


@rest.get("", responses=problems(401, 403, 422))
async def waiting(session: Doctor, listed: FromDishka[ListWaiting]) -> list[WaitingExtract]:
    """What waits for a doctor, the longest first: at most a hundred."""
    return [WaitingExtract(id=each.id, name=each.name, since=each.since) for each in await listed(session.member.actor)]


@rest.get("/{extract_id}", responses=READ | problems(409))
async def read(extract_id: UUID, session: Doctor, view: FromDishka[ViewDraft]) -> Draft:
    """One draft."""
    found = await view(session.member.actor, ExtractId(extract_id))
    return Draft(
        id=found.extract.id,
        title=found.title,
        since=found.extract.ordered_at or found.extract.asked_at,
        facts=[Fact(label=label, value=value) for label, value in found.facts],
        seen=[SeenLine(day=line.day, where=line.where, found=line.found) for line in found.extract.seen],
        conclusion=found.extract.conclusion,
    )


@rest.post("/{extract_id}/signature", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def sign_by_call(extract_id: UUID, session: Doctor, sign: FromDishka[SignExtract], signature: Signature) -> None:
    """Sign: the paper bears your name. Somebody who was first has signed it: 409."""
    await sign(session.member.actor, ExtractId(extract_id), signature.conclusion, signature.code)


@rest.post("/{extract_id}/refusal", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def refuse_by_call(
    extract_id: UUID, session: Doctor, refuse: FromDishka[RefuseExtract], refusal: ExtractRefusal
) -> None:
    """Refuse with a reason; the citizen is told at once."""
    await refuse(session.member.actor, ExtractId(extract_id), refusal.reason)


async def _page(
    request: Request,
    found: DraftView,
    *,
    conclusion: str | None = None,
    reason: str = "",
    error: Exception | None = None,
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "extract.html",
        told(error)[0] if error else 200,
        found=found,
        conclusion=found.extract.conclusion if conclusion is None else conclusion,
        reason=reason,
        refusing=isinstance(error, ReasonNeeded),
        limit=CONCLUSION_LIMIT,
        reason_limit=REASON_LIMIT,
        error=detail(error, words) if error else None,
    )
