"""What did not reach people, for administrators: why, and once more."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.idempotency import OnceRoute
from api.openapi import problems
from api.rendering import render
from api.sessions import Administrator, call_signed, form_signed
from api.words import Words, words_for
from core.domain.actor import Actor
from core.domain.ids import NotificationId
from core.domain.notification import Channel, NotificationState, NotSendable, Topic
from core.services.notification import FailureView, MeasureOutbox, SendAgain, ViewFailures

pages = APIRouter(prefix="/desk", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1", route_class=OnceRoute, tags=["notifications"])
LIMIT = 100
DONE = frozenset({"done", "gone"})


class Undelivered(StrEnum):
    """Why a message is here."""

    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    HELD = "held"


class Failed(BaseModel):
    """One message that did not arrive. `key` says which kind it is; what it says and to whom is not told."""

    id: UUID
    key: str
    topic: Topic | None
    channel: Channel
    state: Undelivered
    reason: str | None
    tries: int
    made_at: datetime
    settled_at: datetime | None
    sendable: bool
    channel_words: str
    state_words: str
    since_words: str


class Failures(BaseModel):
    """The newest first; `more` when there is more than is shown."""

    notifications: list[Failed]
    more: bool


class Balance(BaseModel):
    """How many messages were made, and how many stand in each state: the states add up to what was made."""

    made: int
    states: dict[NotificationState, int]
    uncertain_attempts: int


State = Annotated[Undelivered | None, Query()]


@pages.get("/notifications")
async def page(
    request: Request, session: Administrator, view: FromDishka[ViewFailures], state: State = None, done: str = ""
) -> Response:
    """What did not arrive."""
    failures = await _failures(request, view, session.member.actor, state)
    chosen = state.value if state else ""
    told = done if done in DONE else None
    return await render(
        request, "notifications.html", failures=failures, chosen=chosen, states=list(Undelivered), done=told
    )


@pages.post("/notifications/{notification}/send-again", dependencies=[Depends(form_signed)])
async def again(session: Administrator, notification: UUID, send: FromDishka[SendAgain]) -> Response:
    """Once more, and back to the list."""
    try:
        await send(session.member.actor, NotificationId(notification))
    except NotSendable:
        return RedirectResponse("/desk/notifications?done=gone", 303)
    return RedirectResponse("/desk/notifications?done=done", 303)


@rest.get("/notifications", responses=problems(401, 403, 422))
async def failures(
    request: Request, session: Administrator, view: FromDishka[ViewFailures], state: State = None
) -> Failures:
    """What did not reach people, the newest first: at most a hundred."""
    return await _failures(request, view, session.member.actor, state)


@rest.get("/notifications/balance", responses=problems(401, 403))
async def balance(session: Administrator, measure: FromDishka[MeasureOutbox]) -> Balance:  # noqa: ARG001 (who may look)
    """Whether everything that was made is accounted for."""
    measured = await measure()
    return Balance(
        made=sum(measured.states.values()),
        states=dict(measured.states),
        uncertain_attempts=sum(measured.uncertain.values()),
    )


@rest.post(
    "/notifications/{notification}/send-again",
    status_code=202,
    dependencies=[Depends(call_signed)],
    responses=problems(401, 403, 409, 422),
)
async def send_again(session: Administrator, notification: UUID, send: FromDishka[SendAgain]) -> None:
    """Have a refused or uncertain message sent again. 409 when it was sent, ran out, or its values are wiped."""
    await send(session.member.actor, NotificationId(notification))


async def _failures(request: Request, view: ViewFailures, actor: Actor, state: Undelivered | None) -> Failures:
    words = await words_for(request)
    asked = NotificationState(state.value) if state else None
    found = await view(actor, asked, LIMIT)
    return Failures(notifications=[_failed(each, words) for each in found], more=len(found) >= LIMIT)


def _failed(view: FailureView, words: Words) -> Failed:
    failure = view.failure
    return Failed(
        id=failure.id,
        key=failure.key,
        topic=failure.topic,
        channel=failure.channel,
        state=Undelivered(failure.state.value),
        reason=failure.reason,
        tries=failure.tries,
        made_at=failure.made_at,
        settled_at=failure.settled_at,
        sendable=view.sendable,
        channel_words=words(f"desk.undelivered.channel.{failure.channel}"),
        state_words=words(f"desk.undelivered.state.{failure.state}"),
        since_words=words.moment(failure.settled_at or failure.made_at),
    )
