"""The stream of what happens at the desk: server-sent events, resumed by `Last-Event-ID`."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.live import Live, Stream
from api.openapi import Answers, problems
from api.sessions import Colleague, address_of, session_name, unattended
from core.domain.conversation import Happening, Sight
from core.domain.live import Watch
from core.services.conversation.floor import ABOVE
from core.services.live import FollowDesk

rest = APIRouter(prefix="/api/v1", route_class=DishkaRoute, tags=["events"])
BEAT_S = 15
SEND_S = 10
"""A page that takes nothing for so long is let go."""
LARGEST = 2**62
Number = Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=LARGEST)]


class Event(BaseModel):
    """One thing that happened, as `data` of an event of its kind; its number is the event's id. The rest is read by the ids.

    `line` is the number of a line of the conversation, `staff` and `team` whose the conversation or ticket is now; of `mentioned`
    `staff` is the colleague whom a note calls. Further events: `typing` (a colleague writes: with `conversation` and `staff`, every
    three seconds at most; citizens' typing is not known), `reset` (too much was missed, or one may see something else now: read
    everything anew), `gone` (the session ended: nothing follows) and, with `wall`, `wall` alone (something happened at the desk,
    whoever may see it).
    """

    number: int
    kind: Happening
    at: str
    conversation: str | None
    line: int | None
    ticket: str | None
    staff: str | None
    team: str | None


STREAM: Answers = {
    200: {
        "description": "A stream of events (`text/event-stream`); the data of each is an Event.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'id: 42\nevent: line\ndata: {"number":42,"kind":"line","conversation":"0192…","line":7}\n\n',
            }
        },
    }
}


@rest.get(
    "/events",
    response_class=EventSourceResponse,
    responses={**STREAM, **problems(401, 403, 422, 429)},
    dependencies=[Depends(unattended)],
)
async def events(
    request: Request,
    session: Colleague,
    follow: FromDishka[FollowDesk],
    last_event_id: Number = None,
    after: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    wall: bool = False,
) -> EventSourceResponse:
    """What happens at the desk from now on, or after the event named by `Last-Event-ID` (else by `after`), without an end.

    An open stream says that its member is at work, unless `wall` says that it is a screen in the room.
    """
    live: Live = request.app.state.live
    actor = session.member.actor
    sight = Sight(actor.staff, session.team, everything=actor.role in ABOVE)
    watch = Watch(actor, sight, session.networks)
    live.admit(actor.staff)
    await follow(actor, session.id)
    begin = after if last_event_id is None else last_event_id
    streams: list[Stream] = []

    async def told() -> AsyncIterator[ServerSentEvent]:
        # Joined in here: a response that is never begun leaves nothing behind.
        stream = await live.join(session_name(request) or "", watch, address_of(request), begin, wall=wall)
        streams.append(stream)
        async with aclosing(live.tell(stream)) as events:
            async for each in events:
                yield each

    def beat() -> ServerSentEvent:
        return ServerSentEvent(comment="beat", id=str(streams[0].at) if streams else None)

    return EventSourceResponse(
        told(),
        ping=BEAT_S,
        ping_message_factory=beat,
        send_timeout=SEND_S,
        sep="\n",
    )
