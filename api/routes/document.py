"""One document of an application: the scan, its bytes, and the decision."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from api.errors import Contradiction, detail, told
from api.headers import policy
from api.idempotency import OnceRoute
from api.openapi import READ, WRITE, Answers
from api.rendering import render
from api.sessions import Reviewer, call_signed, form_signed
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.document import Document, DocumentState, Kind, Purpose
from core.domain.ids import DocumentId
from core.services.document import DecideDocument, OpenDocument, ViewDocument
from core.services.verification import REASON_LIMIT, ReasonNeeded

pages = APIRouter(prefix="/desk", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/documents", route_class=OnceRoute, tags=["document"])
SHOWN = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""What a browser may open in place; anything else is a download."""
BYTES: Answers = {200: {"content": {mime: {} for mime in SHOWN}, "description": "The scan."}}


class Scan(BaseModel):
    """A document. `size` in bytes; `reason` is why it was refused, as the citizen reads it."""

    id: UUID
    purpose: Purpose
    kind: Kind
    state: DocumentState
    mime: str
    size: int
    pages: int
    uploaded_at: datetime
    reason: str | None


class DocumentOf(Scan):
    """A document and whose it is: «Анна И.»."""

    name: str


class DocumentDecision(BaseModel):
    """Approve without a reason, or refuse with one of 3 to 300 characters, shown to the citizen."""

    decision: Literal["approve", "refuse"]
    reason: Annotated[str, Field(max_length=REASON_LIMIT)] | None = None


def scan(document: Document) -> Scan:
    """Return a document as programs see it."""
    return Scan.model_validate(document, from_attributes=True)


@pages.get("/documents/{document_id}")
async def page(request: Request, document_id: UUID, session: Reviewer, view: FromDishka[ViewDocument]) -> Response:
    """The document, its scan and the form."""
    return await _page(request, *await view(session.member.actor, DocumentId(document_id)))


@pages.post("/documents/{document_id}", dependencies=[Depends(form_signed)])
async def decide_on_page(
    request: Request,
    document_id: UUID,
    session: Reviewer,
    decide: FromDishka[DecideDocument],
    view: FromDishka[ViewDocument],
    decision: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Take the decision; what stands in its way is said on the same page, with the reason still in its field."""
    actor, subject = session.member.actor, DocumentId(document_id)
    try:
        await decide(actor, subject, refusal(decision, reason))
    except (ReasonNeeded, Contradiction, WrongMove) as error:
        return await _page(request, *await view(actor, subject), typed=reason, error=error)
    return RedirectResponse(f"/desk?done={'approved' if decision == 'approve' else 'refused'}", 303)


@pages.get("/files/{document_id}")
@rest.get("/{document_id}/content", responses=READ | BYTES, response_class=Response)
async def content(document_id: UUID, session: Reviewer, open_document: FromDishka[OpenDocument]) -> Response:
    """The bytes as they were checked and cleaned, under a name that tells nothing."""
    document, body = await open_document(session.member.actor, DocumentId(document_id))
    suffix = SHOWN.get(document.mime)
    place = f'inline; filename="{document.kind}.{suffix}"' if suffix else f'attachment; filename="{document.kind}"'
    return Response(
        body,
        media_type=document.mime if suffix else "application/octet-stream",
        headers={
            "Content-Disposition": place,
            "Content-Security-Policy": policy(
                default_src="'none'", form_action="'none'", frame_ancestors="'self'", sandbox=""
            ),
            "X-Frame-Options": "SAMEORIGIN",
        },
    )


@rest.get("/{document_id}", responses=READ)
async def read(document_id: UUID, session: Reviewer, view: FromDishka[ViewDocument]) -> DocumentOf:
    """One document and whose it is."""
    document, name = await view(session.member.actor, DocumentId(document_id))
    return DocumentOf(name=name, **scan(document).model_dump())


@rest.post("/{document_id}/decision", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def decide_by_call(
    document_id: UUID, session: Reviewer, decide: FromDishka[DecideDocument], decision: DocumentDecision
) -> None:
    """Approve, or refuse with a reason; the citizen is told of a refusal at once."""
    await decide(session.member.actor, DocumentId(document_id), refusal(decision.decision, decision.reason or ""))


def refusal(decision: str, reason: str) -> str | None:
    """Return the reason of a refusal, or None for an approval. Raises ReasonNeeded, Contradiction."""
    if decision == "approve":
        if reason.strip():
            raise Contradiction
        return None
    if not reason.strip():
        raise ReasonNeeded
    return reason


async def _page(
    request: Request, document: Document, name: str, *, typed: str = "", error: Exception | None = None
) -> Response:
    words = await words_for(request)
    open_ = document.state is DocumentState.RECEIVED and document.purpose is Purpose.APPLICATION
    return await render(
        request,
        "document.html",
        told(error)[0] if error else 200,
        document=document,
        name=name,
        open=open_,
        typed=typed,
        limit=REASON_LIMIT,
        error=detail(error, words) if error else None,
    )
