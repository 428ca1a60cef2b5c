"""What an operator does with a conversation, by forms: each is one use case, and the page again, or a word to its script."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import JSONResponse, Response

from api.rendering import render
from api.routes.talks.answered import REFUSED, NothingChosen, attempt, is_part, refused
from api.routes.talks.pages import Answering
from api.sessions import form_signed
from api.words import words_for
from core.domain.ids import ConversationId, StaffId, TeamId, TicketId
from core.domain.support import SupportTopic
from core.domain.team import Presence
from core.services.conversation import (
    AskForPaper,
    AssignConversation,
    ClaimConversation,
    EndConversation,
    LinkTicket,
    OpenStep,
    ReturnToBot,
    RevealIdentifier,
    TagConversation,
    TransferConversation,
)
from core.services.team import SetPresence
from core.services.ticket import TicketFromConversation

deeds = APIRouter(
    prefix="/desk/talks", route_class=DishkaRoute, include_in_schema=False, dependencies=[Depends(form_signed)]
)
Text = Annotated[str, Form()]
Number = Annotated[int, Form(ge=0, le=10**9)]
Place = Annotated[int, Path(ge=0, le=10**9)]
Key = Annotated[str, Form(max_length=64, pattern=r"^[!-~]*$")]
LONGEST_TAG, MOST_TAGS = 32, 10


def place(conversation: UUID) -> str:
    """Return where a conversation stands at the desk."""
    return f"/desk/talks/{conversation}"


def somebody(text: str) -> UUID | None:
    """Return the id that a list gave; None where nobody was chosen. Raises NothingChosen."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NothingChosen from None


def chosen_tags(text: str) -> list[str]:
    """Return the tags that were typed, parted by commas, each once."""
    found = (" ".join(each.lstrip("#").split()).lower()[:LONGEST_TAG] for each in text.split(","))
    return list(dict.fromkeys(each for each in found if each))[:MOST_TAGS]


@deeds.post("/presence")
async def be(
    request: Request, session: Answering, set_presence: FromDishka[SetPresence], presence: Text = ""
) -> Response:
    """Whether one is here."""
    if presence not in set(Presence):
        return await refused(request, NothingChosen(), "/desk/talks")
    return await attempt(request, set_presence(session.member.actor, Presence(presence)), "/desk/talks")


@deeds.post("/{conversation}/claim")
async def claim(
    request: Request, conversation: UUID, session: Answering, deed: FromDishka[ClaimConversation]
) -> Response:
    """Take it: one of several gets it."""
    done = deed(session.member.actor, ConversationId(conversation))
    return await attempt(request, done, place(conversation), said="talks.done.claim")


@deeds.post("/{conversation}/assign")
async def assign(
    request: Request, conversation: UUID, session: Answering, deed: FromDishka[AssignConversation], to: Text = ""
) -> Response:
    """Give it to somebody."""

    async def do() -> None:
        chosen = somebody(to)
        if chosen is None:
            raise NothingChosen
        await deed(session.member.actor, ConversationId(conversation), StaffId(chosen))

    return await attempt(request, do(), place(conversation), said="talks.done.assign")


@deeds.post("/{conversation}/transfer")
async def transfer(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[TransferConversation],
    to: Text = "",
    team: Text = "",
    note: Text = "",
) -> Response:
    """Hand it to a colleague, to a group, or back to everybody."""

    async def do() -> None:
        whom, group = somebody(to), somebody(team)
        await deed(
            session.member.actor,
            ConversationId(conversation),
            to=StaffId(whom) if whom else None,
            team=TeamId(group) if group else None,
            note=note.strip(),
        )

    return await attempt(request, do(), "/desk/talks", said="talks.done.transfer", more={"go": "/desk/talks"})


@deeds.post("/{conversation}/return")
async def back_to_bot(
    request: Request, conversation: UUID, session: Answering, deed: FromDishka[ReturnToBot]
) -> Response:
    """Let the bot go on."""
    done = deed(session.member.actor, ConversationId(conversation))
    return await attempt(request, done, place(conversation), said="talks.done.return")


@deeds.post("/{conversation}/end")
async def end(request: Request, conversation: UUID, session: Answering, deed: FromDishka[EndConversation]) -> Response:
    """End it."""
    done = deed(session.member.actor, ConversationId(conversation))
    return await attempt(request, done, place(conversation), said="talks.done.end")


@deeds.post("/{conversation}/paper")
async def paper(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[AskForPaper],
    epoch: Number,
    words: Text = "",
) -> Response:
    """Ask for a document: the citizen's chat opens where it is sent."""
    done = deed(session.member.actor, ConversationId(conversation), words.strip()[:500], epoch)
    return await attempt(request, done, place(conversation), said="talks.done.paper")


@deeds.post("/{conversation}/step")
async def step(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[OpenStep],
    epoch: Number,
    place_: Annotated[str, Form(alias="place", max_length=20)] = "",
) -> Response:
    """Lead the citizen to a place of the bot."""
    done = deed(session.member.actor, ConversationId(conversation), place_, epoch)
    return await attempt(request, done, place(conversation), said="talks.done.step")


@deeds.post("/{conversation}/tags")
async def tags(
    request: Request, conversation: UUID, session: Answering, deed: FromDishka[TagConversation], tags: Text = ""
) -> Response:
    """Name it by words to find it by."""
    done = deed(session.member.actor, ConversationId(conversation), chosen_tags(tags))
    return await attempt(request, done, place(conversation), said="talks.done.tags")


@deeds.post("/{conversation}/ticket")
async def ticket(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[LinkTicket],
    ticket: Annotated[UUID, Form()],
) -> Response:
    """Say which request it is about."""
    done = deed(session.member.actor, ConversationId(conversation), TicketId(ticket))
    return await attempt(request, done, place(conversation), said="talks.done.ticket")


@deeds.post("/{conversation}/make-ticket")
async def make_ticket(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[TicketFromConversation],
    topic: Text = "",
    description: Text = "",
) -> Response:
    """Make a request of it."""

    async def do() -> None:
        about = SupportTopic(topic) if topic in set(SupportTopic) else SupportTopic.OTHER
        await deed(session.member.actor, ConversationId(conversation), about, description.strip())

    return await attempt(request, do(), place(conversation), said="talks.done.make_ticket")


@deeds.post("/{conversation}/reveal")
async def reveal(
    request: Request,
    conversation: UUID,
    session: Answering,
    deed: FromDishka[RevealIdentifier],
    which: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Show an identifier to whoever says why; the citizen reads of it in their own journal."""
    try:
        shown = await deed(session.member.actor, ConversationId(conversation), which, reason.strip())
    except REFUSED as error:
        return await refused(request, error, place(conversation))
    if is_part(request):
        return JSONResponse({"shown": shown})
    words = await words_for(request)
    return await render(
        request, "talks/revealed.html", title=words(f"talks.identifier.{which}"), shown=shown, back=place(conversation)
    )
