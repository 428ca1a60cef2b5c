"""Who has a conversation: claimed, assigned, handed on, given back, ended. Whoever loses a race hears who won it."""

from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends

from api.idempotency import MaybeKey, OnceRoute
from api.openapi import WRITE
from api.routes.conversation.bodies import Assign, Transfer
from api.routes.conversation.shown import SummaryBody, summary
from api.sessions import Colleague, Senior, call_signed
from core.domain.ids import ConversationId, StaffId, TeamId
from core.services.conversation import (
    AssignConversation,
    ClaimConversation,
    EndConversation,
    ReturnToBot,
    TransferConversation,
)

rest = APIRouter(
    prefix="/api/v1/conversations/{conversation}",
    route_class=OnceRoute,
    tags=["conversation"],
    dependencies=[Depends(call_signed)],
)


@rest.post("/claim", responses=WRITE)
async def claim(
    conversation: UUID, session: Colleague, use_case: FromDishka[ClaimConversation], _key: MaybeKey = None
) -> SummaryBody:
    """Take one that waits. Of two that take it at once one gets it; the other hears by whom it was taken (409, `by`)."""
    taken = await use_case(session.member.actor, ConversationId(conversation))
    return summary(taken, session.member.name)


@rest.post("/assign", status_code=204, responses=WRITE)
async def assign(
    conversation: UUID,
    session: Senior,
    body: Assign,
    use_case: FromDishka[AssignConversation],
    _key: MaybeKey = None,
) -> None:
    """Give it to somebody, whoever has it."""
    await use_case(session.member.actor, ConversationId(conversation), StaffId(body.to))


@rest.post("/transfer", status_code=204, responses=WRITE)
async def transfer(
    conversation: UUID,
    session: Colleague,
    body: Transfer,
    use_case: FromDishka[TransferConversation],
    _key: MaybeKey = None,
) -> None:
    """Hand it on to a person or to a group, where it waits at its old place. It may be out of one's sight from then on."""
    await use_case(
        session.member.actor,
        ConversationId(conversation),
        to=None if body.to is None else StaffId(body.to),
        team=None if body.team is None else TeamId(body.team),
        note=body.note,
    )


@rest.post("/return", status_code=204, responses=WRITE)
async def give_back(
    conversation: UUID, session: Colleague, use_case: FromDishka[ReturnToBot], _key: MaybeKey = None
) -> None:
    """Give the citizen back to the bot."""
    await use_case(session.member.actor, ConversationId(conversation))


@rest.post("/end", status_code=204, responses=WRITE)
async def end(
    conversation: UUID, session: Colleague, use_case: FromDishka[EndConversation], _key: MaybeKey = None
) -> None:
    """End it."""
    await use_case(session.member.actor, ConversationId(conversation))
