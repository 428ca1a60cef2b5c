"""What is kept beside a conversation: drafts, how far it was read, typing, tags, its ticket."""

from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends

from api.idempotency import MaybeKey, OnceRoute
from api.openapi import WRITE
from api.routes.conversation.bodies import Draft, FromHere, Linked, Read, Tags
from api.routes.conversation.shown import TicketBody, ticket_body
from api.sessions import Colleague, call_signed
from core.domain.ids import ConversationId, TicketId
from core.services.conversation import (
    KeepDraft,
    LinkTicket,
    MarkRead,
    ShowTyping,
    TagConversation,
)
from core.services.ticket import TicketFromConversation

rest = APIRouter(
    prefix="/api/v1/conversations/{conversation}",
    route_class=OnceRoute,
    tags=["conversation"],
    dependencies=[Depends(call_signed)],
)


@rest.put("/draft", status_code=204, responses=WRITE)
async def draft(conversation: UUID, session: Colleague, body: Draft, use_case: FromDishka[KeepDraft]) -> None:
    """Keep what somebody has begun to write; empty forgets it."""
    await use_case(session.member.actor, ConversationId(conversation), body.text)


@rest.put("/read", status_code=204, responses=WRITE)
async def read(conversation: UUID, session: Colleague, body: Read, use_case: FromDishka[MarkRead]) -> None:
    """Say up to which line its operator has read."""
    await use_case(session.member.actor, ConversationId(conversation), body.line)


@rest.post("/typing", status_code=204, responses=WRITE)
async def typing(
    conversation: UUID,
    session: Colleague,
    use_case: FromDishka[ShowTyping],
    note: bool = False,
    _key: MaybeKey = None,
) -> None:
    """Say that one is writing: colleagues see it for some seconds, and of its operator the citizen, unless it is a `note`.

    There is no such word of the citizen: Telegram tells a bot nothing of a person's typing.
    """
    await use_case(session.member.actor, ConversationId(conversation), note=note)


@rest.put("/tags", status_code=204, responses=WRITE)
async def tags(conversation: UUID, session: Colleague, body: Tags, use_case: FromDishka[TagConversation]) -> None:
    """Give it tags, in place of those it had."""
    await use_case(session.member.actor, ConversationId(conversation), body.tags)


@rest.put("/ticket", status_code=204, responses=WRITE)
async def link(conversation: UUID, session: Colleague, body: Linked, use_case: FromDishka[LinkTicket]) -> None:
    """Say which ticket it belongs to."""
    await use_case(session.member.actor, ConversationId(conversation), TicketId(body.ticket))


@rest.post("/ticket", status_code=201, responses=WRITE)
async def ticket(
    conversation: UUID,
    session: Colleague,
    body: FromHere,
    use_case: FromDishka[TicketFromConversation],
    _key: MaybeKey = None,
) -> TicketBody:
    """Let it go on as a ticket of its citizen; one that it has already is that one."""
    made = await use_case(session.member.actor, ConversationId(conversation), body.topic, body.description)
    return ticket_body(made)
