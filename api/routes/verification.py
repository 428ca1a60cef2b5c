"""One request for verification: the portal's words beside the scans, and the decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import Contradiction, detail, told
from api.idempotency import OnceRoute
from api.openapi import READ, WRITE
from api.rendering import render
from api.routes.document import Scan, scan
from api.sessions import Reviewer, call_signed, form_signed
from api.words import words_for
from core.domain.document import Kind, Purpose, kinds_for
from core.domain.ids import VerificationId
from core.domain.verification import AlreadyDecided, RequestState
from core.services.verification import REASON_LIMIT, DecideRequest, ReasonNeeded, RequestView, ViewRequest

pages = APIRouter(prefix="/desk/verifications", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/verifications", route_class=OnceRoute, tags=["verification"])
KINDS = kinds_for(Purpose.VERIFICATION)
ReasonText = Annotated[str, Field(max_length=REASON_LIMIT)]


class Verification(BaseModel):
    """What a reviewer compares. `inn` was typed by the person, `inn_by_portal` is the portal's; documents hold the scans."""

    id: UUID
    state: RequestState
    asked_at: datetime
    full_name: str
    birth_date: str | None
    inn: str | None
    inn_by_portal: str | None
    documents: list[Scan]
    decided_at: datetime | None
    decided_by: str | None


class Reasons(BaseModel):
    """Why a document is refused, 3 to 300 characters, shown to the citizen; only documents that are refused."""

    model_config = ConfigDict(extra="forbid")

    passport: ReasonText | None = None
    inn: ReasonText | None = None


class Decision(BaseModel):
    """Approve without reasons, or refuse with a reason for each refused document."""

    decision: Literal["approve", "refuse"]
    reasons: Reasons = Reasons()


@pages.get("/{request_id}")
async def page(request: Request, request_id: UUID, session: Reviewer, view: FromDishka[ViewRequest]) -> Response:
    """The request, its scans and the form."""
    return await _page(request, await view(session.member.actor, VerificationId(request_id)))


@pages.post("/{request_id}", dependencies=[Depends(form_signed)])
async def decide_on_page(
    request: Request,
    request_id: UUID,
    session: Reviewer,
    decide: FromDishka[DecideRequest],
    view: FromDishka[ViewRequest],
    decision: Annotated[str, Form()] = "",
    passport: Annotated[str, Form()] = "",
    inn: Annotated[str, Form()] = "",
) -> Response:
    """Take the decision; what stands in its way is said on the same page, with the reasons still in their fields."""
    actor, subject = session.member.actor, VerificationId(request_id)
    typed = {Kind.PASSPORT: passport, Kind.INN: inn}
    try:
        await decide(actor, subject, refusals(decision, typed))
    except (ReasonNeeded, Contradiction, AlreadyDecided) as error:
        return await _page(request, await view(actor, subject), typed=typed, error=error)
    return RedirectResponse(f"/desk?done={'approved' if decision == 'approve' else 'refused'}", 303)


@rest.get("/{request_id}", responses=READ)
async def read(request_id: UUID, session: Reviewer, view: FromDishka[ViewRequest]) -> Verification:
    """One request with what the portal says and the documents."""
    found = await view(session.member.actor, VerificationId(request_id))
    return Verification(
        id=found.request.id,
        state=found.request.state,
        asked_at=found.request.asked_at,
        full_name=found.full_name,
        birth_date=found.birth_date,
        inn=found.inn,
        inn_by_portal=found.inn_by_portal,
        documents=[scan(document) for document in found.documents],
        decided_at=found.request.decided_at,
        decided_by=found.decided_by,
    )


@rest.post("/{request_id}/decision", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def decide_by_call(
    request_id: UUID, session: Reviewer, decide: FromDishka[DecideRequest], decision: Decision
) -> None:
    """Approve, or refuse with reasons; the citizen is told at once."""
    typed = {Kind.PASSPORT: decision.reasons.passport or "", Kind.INN: decision.reasons.inn or ""}
    await decide(session.member.actor, VerificationId(request_id), refusals(decision.decision, typed))


def refusals(decision: str, typed: Mapping[Kind, str]) -> dict[Kind, str]:
    """Return the reasons of a refusal, or none for an approval. Raises ReasonNeeded, Contradiction.

    Without this a refusal with nothing typed would read as an approval.
    """
    given = {kind: reason for kind, reason in typed.items() if reason.strip()}
    if decision == "approve" and given:
        raise Contradiction
    if decision != "approve" and not given:
        raise ReasonNeeded
    return given


async def _page(
    request: Request, found: RequestView, *, typed: Mapping[Kind, str] | None = None, error: Exception | None = None
) -> Response:
    words = await words_for(request)
    open_ = found.request.state is RequestState.PENDING
    return await render(
        request,
        "verification.html",
        told(error)[0] if error else 200,
        found=found,
        open=open_,
        documents=sorted(found.documents, key=lambda each: KINDS.index(each.kind)),
        kinds=KINDS,
        typed=typed or {},
        limit=REASON_LIMIT,
        error=detail(error, words) if error else None,
    )
