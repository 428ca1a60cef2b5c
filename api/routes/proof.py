"""Identity checks of people who lost their second factor: one member compares, a second, different one confirms."""

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
from api.sessions import Prover, call_signed, form_signed
from api.words import Words, words_for
from core.domain.ids import ProofId
from core.domain.proof import (
    LONGEST_NOTE,
    LONGEST_REASON,
    OPEN,
    NoteNeeded,
    ProofMoved,
    ProofReasonNeeded,
    ProofState,
    SameMember,
)
from core.services.proof import CompareProof, ConfirmProof, ProofEntry, ProofView, RefuseProof, ViewProof, ViewProofs

pages = APIRouter(prefix="/desk/proofs", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/proofs", route_class=OnceRoute, tags=["proof"])
LIMIT = 100
DONE = frozenset({"compared", "confirmed", "refused"})
IN_THE_WAY = (NoteNeeded, ProofReasonNeeded, SameMember, ProofMoved)


class Waiting(BaseModel):
    """One check that waits. `first` is the login of whoever has compared; the last three are for people."""

    id: UUID
    state: ProofState
    name: str
    since: datetime
    first: str | None
    title: str
    since_words: str
    waits: str


class WaitingList(BaseModel):
    """What waits, longest first; `more` when there is more than is shown."""

    waiting: list[Waiting]
    more: bool


class Check(BaseModel):
    """One check. `passport` and `snils` are the last four characters alone; `mine`: you have compared it yourself."""

    id: UUID
    state: ProofState
    asked_at: datetime
    full_name: str
    birth_date: str | None
    phone: str | None
    passport: str | None
    snils: str | None
    compared: str | None
    first: str | None
    first_at: datetime | None
    second: str | None
    decided_at: datetime | None
    reason: str | None
    mine: bool


class Comparison(BaseModel):
    """What you asked, and with what you compared it: 10 to 1000 characters."""

    model_config = ConfigDict(extra="forbid")

    compared: Annotated[str, Field(max_length=LONGEST_NOTE)]


class Refusal(BaseModel):
    """Why it is refused, 3 to 300 characters, shown to the citizen."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=LONGEST_REASON)]


@pages.get("")
async def page(request: Request, session: Prover, view: FromDishka[ViewProofs], done: str = "") -> Response:
    """What waits, with a word on what was just done."""
    found = await _listed(request, await view(session.member.actor, LIMIT))
    return await render(request, "proofs.html", found=found, done=done if done in DONE else None)


@pages.get("/{proof_id}")
async def one_page(request: Request, proof_id: UUID, session: Prover, view: FromDishka[ViewProof]) -> Response:
    """One check with the form of its next step."""
    return await _page(request, await view(session.member.actor, ProofId(proof_id)))


@pages.post("/{proof_id}/comparison", dependencies=[Depends(form_signed)])
async def compare_on_page(
    request: Request,
    proof_id: UUID,
    session: Prover,
    compare: FromDishka[CompareProof],
    view: FromDishka[ViewProof],
    compared: Annotated[str, Form()] = "",
) -> Response:
    """Write down what was compared; what stands in the way is said on the same page, with the words still in their field."""
    actor, subject = session.member.actor, ProofId(proof_id)
    try:
        await compare(actor, subject, compared)
    except IN_THE_WAY as error:
        return await _page(request, await view(actor, subject), compared=compared, error=error)
    return RedirectResponse("/desk/proofs?done=compared", 303)


@pages.post("/{proof_id}/confirmation", dependencies=[Depends(form_signed)])
async def confirm_on_page(
    request: Request, proof_id: UUID, session: Prover, confirm: FromDishka[ConfirmProof], view: FromDishka[ViewProof]
) -> Response:
    """The second member's word."""
    actor, subject = session.member.actor, ProofId(proof_id)
    try:
        await confirm(actor, subject)
    except IN_THE_WAY as error:
        return await _page(request, await view(actor, subject), error=error)
    return RedirectResponse("/desk/proofs?done=confirmed", 303)


@pages.post("/{proof_id}/refusal", dependencies=[Depends(form_signed)])
async def refuse_on_page(
    request: Request,
    proof_id: UUID,
    session: Prover,
    refuse: FromDishka[RefuseProof],
    view: FromDishka[ViewProof],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Refuse with a reason."""
    actor, subject = session.member.actor, ProofId(proof_id)
    try:
        await refuse(actor, subject, reason)
    except IN_THE_WAY as error:
        return await _page(request, await view(actor, subject), reason=reason, error=error)
    return RedirectResponse("/desk/proofs?done=refused", 303)


@rest.get("", responses=problems(401, 403, 422))
async def read(request: Request, session: Prover, view: FromDishka[ViewProofs]) -> WaitingList:
    """The checks that wait, longest first: at most a hundred."""
    return await _listed(request, await view(session.member.actor, LIMIT))


@rest.get("/{proof_id}", responses=READ)
async def read_one(proof_id: UUID, session: Prover, view: FromDishka[ViewProof]) -> Check:
    """One check, with what is to be compared."""
    found = await view(session.member.actor, ProofId(proof_id))
    proof = found.proof
    return Check(
        id=proof.id,
        state=proof.state,
        asked_at=proof.asked_at,
        full_name=found.full_name,
        birth_date=found.birth_date,
        phone=found.phone,
        passport=found.passport,
        snils=found.snils,
        compared=proof.compared,
        first=found.first,
        first_at=proof.first_at,
        second=found.second,
        decided_at=proof.decided_at,
        reason=proof.reason,
        mine=found.mine,
    )


@rest.post("/{proof_id}/comparison", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def compare_by_call(
    proof_id: UUID, session: Prover, compare: FromDishka[CompareProof], comparison: Comparison
) -> None:
    """Write down what you compared. A second call finds that it was done: 409."""
    await compare(session.member.actor, ProofId(proof_id), comparison.compared)


@rest.post("/{proof_id}/confirmation", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def confirm_by_call(proof_id: UUID, session: Prover, confirm: FromDishka[ConfirmProof]) -> None:
    """Confirm as the second member: the factor is taken away, the citizen is told. 409 for whoever has compared."""
    await confirm(session.member.actor, ProofId(proof_id))


@rest.post("/{proof_id}/refusal", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def refuse_by_call(proof_id: UUID, session: Prover, refuse: FromDishka[RefuseProof], refusal: Refusal) -> None:
    """Refuse with a reason: nothing changes for the citizen, who reads why."""
    await refuse(session.member.actor, ProofId(proof_id), refusal.reason)


async def _listed(request: Request, entries: list[ProofEntry]) -> WaitingList:
    words, now = await words_for(request), (await clock_of(request)).now()
    return WaitingList(waiting=[_waiting(each, words, now) for each in entries], more=len(entries) >= LIMIT)


def _waiting(entry: ProofEntry, words: Words, now: datetime) -> Waiting:
    return Waiting(
        id=entry.id,
        state=entry.state,
        name=entry.name,
        since=entry.since,
        first=entry.first,
        title=words(f"desk.proofs.state.{entry.state}"),
        since_words=words.moment(entry.since),
        waits=words.wait(entry.since, now),
    )


async def _page(
    request: Request, found: ProofView, *, compared: str = "", reason: str = "", error: Exception | None = None
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "proof.html",
        told(error)[0] if error else 200,
        found=found,
        open=found.proof.state in OPEN,
        compared=compared,
        reason=reason,
        note_limit=LONGEST_NOTE,
        reason_limit=LONGEST_REASON,
        error=detail(error, words) if error else None,
    )
