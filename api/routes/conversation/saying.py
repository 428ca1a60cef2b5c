"""What is said in a conversation: lines with words or a file, changes of them, papers and steps. Nothing is sent unread."""

from typing import Annotated, Any
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.idempotency import Key, MaybeKey, OnceRoute, own
from api.openapi import WRITE
from api.refusals import Missed
from api.routes.conversation.bodies import Edit, Note, Paper, Say, Step
from api.routes.conversation.reading import LineNumber
from api.routes.conversation.shown import LineBody, line_body, lines_body
from api.sessions import Colleague, call_signed
from api.words import words_for
from core.domain.conversation import Line, StaleView
from core.domain.ids import ConversationId, StaffId
from core.domain.staff import Session
from core.services.conversation import (
    AskForPaper,
    EditLine,
    OpenStep,
    SayToCitizen,
    TakeBackLine,
    ViewConversation,
    WriteNote,
)

rest = APIRouter(
    prefix="/api/v1/conversations/{conversation}",
    route_class=OnceRoute,
    tags=["conversation"],
    dependencies=[Depends(call_signed)],
)
FORM = "multipart/form-data"
FIELDS = ("text", "epoch", "seen", "reply_to")
SCHEMA = Say.model_json_schema()
WITH_FILE = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": 16384},
        "epoch": {"type": "integer"},
        "seen": {"type": "integer"},
        "reply_to": {"type": "integer"},
        "file": {"type": "string", "format": "binary"},
    },
    "required": ["epoch", "seen", "file"],
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": SCHEMA}, FORM: {"schema": WITH_FILE}},
    }
}
Epoch = Annotated[int, Query(ge=0, le=2**31 - 1, description="The conversation's, as it was seen.")]


@rest.post("/lines", status_code=201, responses=WRITE, openapi_extra=BODY)
async def say(
    request: Request,
    conversation: UUID,
    session: Colleague,
    use_case: FromDishka[SayToCitizen],
    view: FromDishka[ViewConversation],
    key: Key,
) -> LineBody:
    """Answer the citizen, with words, a file, or both. What they said since `seen` stops it: 409 with `missed`, nothing is sent."""
    body, file = await _said(request)
    actor, subject = session.member.actor, ConversationId(conversation)
    try:
        line = await use_case(
            actor,
            subject,
            text=body.text,
            epoch=body.epoch,
            seen=body.seen,
            key=own(session, key),
            reply_to=body.reply_to,
            file=file,
        )
    except StaleView as stale:
        found = await view(actor, subject, after=body.seen)
        missed = [
            each.model_dump(mode="json") for each in lines_body(found.lines, found.names, await words_for(request))
        ]
        raise Missed(stale.last, missed) from None
    return _mine(line, session)


@rest.patch("/lines/{line}", responses=WRITE)
async def edit(
    conversation: UUID, line: LineNumber, session: Colleague, body: Edit, use_case: FromDishka[EditLine]
) -> LineBody:
    """Change what was said, within 48 hours."""
    changed = await use_case(session.member.actor, ConversationId(conversation), line, body.text, body.epoch)
    return _mine(changed, session)


@rest.delete("/lines/{line}", responses=WRITE)
async def take_back(
    conversation: UUID, line: LineNumber, session: Colleague, epoch: Epoch, use_case: FromDishka[TakeBackLine]
) -> LineBody:
    """Take back what was said, within 48 hours."""
    return _mine(await use_case(session.member.actor, ConversationId(conversation), line, epoch), session)


@rest.post("/notes", status_code=201, responses=WRITE)
async def note(
    conversation: UUID, session: Colleague, body: Note, use_case: FromDishka[WriteNote], key: Key
) -> LineBody:
    """Write a note that staff alone see; those mentioned are told."""
    mentions = [StaffId(each) for each in body.mentions]
    line = await use_case(
        session.member.actor, ConversationId(conversation), body.text, mentions, key=own(session, key)
    )
    return _mine(line, session)


@rest.post("/paper", status_code=201, responses=WRITE)
async def paper(
    conversation: UUID,
    session: Colleague,
    body: Paper,
    use_case: FromDishka[AskForPaper],
    key: MaybeKey = None,
) -> LineBody:
    """Ask for a document: the citizen gets your words with a button that opens the upload."""
    line = await use_case(
        session.member.actor, ConversationId(conversation), body.words, body.epoch, key=key and own(session, key)
    )
    return _mine(line, session)


@rest.post("/step", status_code=201, responses=WRITE)
async def step(
    conversation: UUID,
    session: Colleague,
    body: Step,
    use_case: FromDishka[OpenStep],
    key: MaybeKey = None,
) -> LineBody:
    """Open a place of the bot for the citizen: a line with a button that leads there."""
    line = await use_case(
        session.member.actor, ConversationId(conversation), body.place, body.epoch, key=key and own(session, key)
    )
    return _mine(line, session)


def _mine(line: Line, session: Session) -> LineBody:
    return line_body(line, {session.member.id: session.member.name})


async def _said(request: Request) -> tuple[Say, tuple[str, bytes] | None]:
    """Read the body, JSON or a form with a file. Raises RequestValidationError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    file = None
    try:
        if kind != FORM:
            return Say.model_validate_json(await request.body(), strict=False), None
        async with request.form(max_files=1, max_fields=len(FIELDS)) as form:
            said = Say.model_validate({name: value for name, value in form.multi_items() if name != "file"})
            sent = form.get("file")
            if isinstance(sent, UploadFile):
                file = (sent.filename or "file", await sent.read())
            return said, file
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"]), "ctx": {}} for each in error.errors(include_context=False)]
        ) from None
