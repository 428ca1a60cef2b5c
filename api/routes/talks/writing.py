"""What an operator writes in a conversation: answers, notes, changes of what was said, and what is still being written."""

from secrets import token_hex
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import Response

from api.routes.talks.answered import REFUSED, attempt, done, is_part, refused
from api.routes.talks.deeds import Key, Number, Place, Text, place
from api.routes.talks.pages import Answering
from api.sessions import KnownFirst, form_signed
from core.domain.conversation import LARGEST_FILE, LONGEST_LINE, FileTooLarge, Line, LineTooLong
from core.domain.ids import ConversationId, StaffId
from core.services.conversation import (
    EditLine,
    KeepDraft,
    MarkRead,
    SayToCitizen,
    ShowTyping,
    TakeBackLine,
    WriteNote,
)

writing = APIRouter(
    prefix="/desk/talks", route_class=KnownFirst, include_in_schema=False, dependencies=[Depends(form_signed)]
)


@writing.post("/{conversation}/say")
async def say(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[SayToCitizen],
    keep: FromDishka[KeepDraft],
    epoch: Number,
    seen: Number,
    text: Text = "",
    key: Key = "",
    reply_to: Annotated[str, Form(max_length=9)] = "",
    file: UploadFile | None = None,
) -> Response:
    """Answer the citizen. What cannot be sent stays as the draft."""
    staff, talk = session.member.actor, ConversationId(conversation)
    text = text.replace("\r\n", "\n").strip()

    async def do() -> Line:
        if len(text) > LONGEST_LINE:
            raise LineTooLong
        attached = None
        if file is not None and file.filename:
            content = await file.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                raise FileTooLarge
            attached = (file.filename, content)
        answered = int(reply_to) if reply_to.isdecimal() else None
        said = await deed(
            staff, talk, text=text, epoch=epoch, seen=seen, key=key or token_hex(16), reply_to=answered, file=attached
        )
        await keep(staff, talk, "")
        return said

    try:
        line = await do()
    except REFUSED as error:
        if not is_part(request) and text:
            await keep(staff, talk, text)
        return await refused(request, error, place(conversation))
    return await done(request, f"{place(conversation)}#line-{line.number}")


@writing.post("/{conversation}/note")
async def note(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[WriteNote],
    keep: FromDishka[KeepDraft],
    text: Text = "",
    key: Key = "",
    mentions: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    """Write something that colleagues alone read."""
    staff, talk, text = session.member.actor, ConversationId(conversation), text.replace("\r\n", "\n").strip()

    async def do() -> None:
        if len(text) > LONGEST_LINE:
            raise LineTooLong
        await deed(staff, talk, text, [StaffId(each) for each in mentions or ()], key or token_hex(16))
        await keep(staff, talk, "")

    return await attempt(request, do(), place(conversation))


@writing.post("/{conversation}/lines/{line}/edit")
async def edit(
    request: Request,
    conversation: UUID,
    line: Place,
    session: Answering,
    deed: FromDishka[EditLine],
    epoch: Number,
    text: Text = "",
) -> Response:
    """Let a line say something else, in the citizen's chat too."""
    done = deed(session.member.actor, ConversationId(conversation), line, text.replace("\r\n", "\n").strip(), epoch)
    return await attempt(request, done, f"{place(conversation)}#line-{line}")


@writing.post("/{conversation}/lines/{line}/take-back")
async def take_back(
    request: Request, conversation: UUID, line: Place, session: Answering, deed: FromDishka[TakeBackLine], epoch: Number
) -> Response:
    """Take a line back, out of the citizen's chat too."""
    done = deed(session.member.actor, ConversationId(conversation), line, epoch)
    return await attempt(request, done, f"{place(conversation)}#line-{line}")


@writing.post("/{conversation}/draft")
async def draft(
    request: Request, conversation: UUID, session: Answering, deed: FromDishka[KeepDraft], text: Text = ""
) -> Response:
    """Keep what is being written."""
    done = deed(session.member.actor, ConversationId(conversation), text[:LONGEST_LINE])
    return await attempt(request, done, place(conversation))


@writing.post("/{conversation}/typing")
async def typing(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[ShowTyping],
    note: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Colleagues see that somebody writes, and the citizen unless it is a note."""
    done = deed(session.member.actor, ConversationId(conversation), note=bool(note))
    return await attempt(request, done, place(conversation))


@writing.post("/{conversation}/read")
async def read(
    request: Request, conversation: UUID, session: Answering, deed: FromDishka[MarkRead], line: Number
) -> Response:
    """The lines up to this were seen."""
    return await attempt(request, deed(session.member.actor, ConversationId(conversation), line), place(conversation))
