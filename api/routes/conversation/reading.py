"""The queue, one conversation, its files, the search, and an identifier in full."""

from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from api.cursors import Cursor, opened, wrapped
from api.files import FILE, file_answer
from api.idempotency import WITHHELD, OnceRoute
from api.openapi import READ, READ_ON, WRITE
from api.routes.conversation.bodies import PLAIN, Reveal
from api.routes.conversation.found import FoundsBody, found_body
from api.routes.conversation.shown import QueueBody, RevealedBody, TalkBody, entry, talk
from api.sessions import Colleague, call_signed
from api.words import words_for
from core.domain.conversation import ConversationState
from core.domain.ids import ConversationId, TeamId
from core.domain.support import SupportTopic
from core.services.conversation import (
    OpenLineFile,
    QueueFilter,
    RevealIdentifier,
    SearchConversations,
    ViewConversation,
    ViewQueue,
    Whose,
)

rest = APIRouter(prefix="/api/v1", route_class=OnceRoute, tags=["conversation"])
PAGE, MOST = 50, 100
FOUND = 20
Limit = Annotated[int, Query(ge=1, le=MOST)]
LineNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
After = Annotated[int, Query(ge=0, le=2**31 - 1, description="Lines after this one alone.")]


@rest.get("/conversations", responses=READ_ON)
async def queue(
    session: Colleague,
    view: FromDishka[ViewQueue],
    whose: Whose = Whose.ALL,
    state: Annotated[list[ConversationState], Query(max_length=3)] = [],  # noqa: B006 (FastAPI copies it)
    topic: Annotated[list[SupportTopic], Query(max_length=len(SupportTopic))] = [],  # noqa: B006
    language: Annotated[list[Literal["ru", "en"]], Query(max_length=2)] = [],  # noqa: B006
    team: UUID | None = None,
    by_skill: bool = False,
    tag: Annotated[str | None, Query(max_length=64, pattern=PLAIN)] = None,
    words: Annotated[str, Query(max_length=200, pattern=PLAIN)] = "",
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> QueueBody:
    """What waits and what is under way, whoever is to be answered first first: urgency, time left, time waited."""
    narrowed = QueueFilter(
        whose,
        topics=frozenset(topic),
        languages=frozenset(language),
        team=None if team is None else TeamId(team),
        by_skill=by_skill,
        tag=tag,
        text=words,
        **({"states": frozenset(state)} if state else {}),
    )
    page = await view(session.member.actor, narrowed=narrowed, after=opened(cursor), limit=limit)
    return QueueBody(conversations=[entry(each) for each in page.entries], next=wrapped(page.after), event=page.event)


@rest.get("/conversations/{conversation}", responses=READ)
async def one(
    request: Request, conversation: UUID, session: Colleague, view: FromDishka[ViewConversation], after: After = 0
) -> TalkBody:
    """One conversation with its lines after a number: at most five hundred of them, the rest is asked for after those."""
    found = await view(session.member.actor, ConversationId(conversation), after=after)
    return talk(found, await words_for(request))


@rest.get("/conversations/{conversation}/lines/{line}/file", response_class=Response, responses={**READ, **FILE})
async def file(conversation: UUID, line: LineNumber, session: Colleague, open_: FromDishka[OpenLineFile]) -> Response:
    """The file of a line."""
    found, content = await open_(session.member.actor, ConversationId(conversation), line)
    return file_answer(found.name, found.mime, content)


@rest.get("/search", responses=READ_ON)
async def search(
    request: Request,
    session: Colleague,
    use_case: FromDishka[SearchConversations],
    words: Annotated[str, Query(min_length=1, max_length=200, pattern=PLAIN)],
    cursor: Cursor = None,
    limit: Limit = FOUND,
) -> FoundsBody:
    """Lines that have all the words, in whatever form, the latest first; only what whoever asks may see."""
    page = await use_case(session.member.actor, words, opened(cursor), limit)
    spoken = await words_for(request)
    return FoundsBody(found=[found_body(each, spoken) for each in page.found], next=wrapped(page.after))


@rest.post("/conversations/{conversation}/reveal", responses=WRITE, dependencies=[Depends(call_signed), WITHHELD])
async def reveal(
    conversation: UUID, session: Colleague, body: Reveal, use_case: FromDishka[RevealIdentifier]
) -> RevealedBody:
    """Show an identifier in full and say why; its owner reads that in their journal. The answer is not kept for a repeated call."""
    actor, subject = session.member.actor, ConversationId(conversation)
    return RevealedBody(value=await use_case(actor, subject, body.which, body.reason))
