"""Addresses of programs and what they were told, for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.cursors import Cursor, opened_id, wrapped
from api.idempotency import WITHHELD, OnceRoute
from api.openapi import READ, READ_ON, WRITE, problems
from api.sessions import Administrator, call_signed
from core.domain.hook import LONGEST_URL, Hook, HookEvent, Telling, TellingState
from core.domain.ids import HookId
from core.services.hook import AddHook, ListHooks, ListTellings, RemoveHook, TellAgain

rest = APIRouter(prefix="/api/v1/hooks", route_class=OnceRoute, tags=["hook"])
"""Calls are not kept to be answered again: the answer of one has a secret that is shown once."""
PAGE = 50
MOST = 200


class Wanted(BaseModel):
    """Where to tell, and of what."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"url": "https://hooks.example.org/medkarta", "events": ["ticket.created"]}]},
    )

    url: str = Field(
        max_length=LONGEST_URL, description="https, in the internet: addresses of inner networks are refused."
    )
    events: set[HookEvent] = Field(min_length=1)


class HookBody(BaseModel):
    """An address. `given_up`: how many tellings came to nothing in a day of tries."""

    id: UUID
    url: str
    events: list[HookEvent]
    made_at: datetime
    given_up: int = 0


class NewHookBody(HookBody):
    """With the secret that signs what is told (Standard Webhooks, `whsec_…`): it is shown this once."""

    secret: str


class HooksBody(BaseModel):
    """All addresses, the oldest first."""

    hooks: list[HookBody]


class TellingBody(BaseModel):
    """One event for an address. `status` is the last answer's, null where none came. `body` is what is sent."""

    id: UUID
    event: HookEvent
    state: TellingState
    tries: int
    status: int | None
    made_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    body: str


class TellingsBody(BaseModel):
    """The newest first; `next` goes on where it ends."""

    tellings: list[TellingBody]
    next: str | None


def hook_body(hook: Hook, given_up: int = 0) -> HookBody:
    """Return what is told of an address."""
    return HookBody(id=hook.id, url=hook.url, events=sorted(hook.events), made_at=hook.made_at, given_up=given_up)


@rest.get("", responses=problems(401, 403, 422))
async def all_of_them(session: Administrator, view: FromDishka[ListHooks]) -> HooksBody:
    """All addresses."""
    return HooksBody(hooks=[hook_body(each.hook, each.given_up) for each in await view(session.member.actor)])


@rest.post(
    "",
    status_code=201,
    responses=problems(400, 401, 403, 409, 413, 422),
    dependencies=[Depends(call_signed), WITHHELD],
)
async def add(session: Administrator, use_case: FromDishka[AddHook], wanted: Wanted) -> NewHookBody:
    """Add an address. The answer alone has its secret."""
    made = await use_case(session.member.actor, wanted.url, wanted.events)
    return NewHookBody(**hook_body(made.hook).model_dump(), secret=made.secret)


@rest.delete("/{hook}", status_code=204, responses=READ, dependencies=[Depends(call_signed)])
async def remove(hook: UUID, session: Administrator, use_case: FromDishka[RemoveHook]) -> None:
    """Take an address away, with what waits for it."""
    await use_case(session.member.actor, HookId(hook))


@rest.get("/{hook}/tellings", responses=READ_ON)
async def tellings(
    hook: UUID,
    session: Administrator,
    view: FromDishka[ListTellings],
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE,
) -> TellingsBody:
    """What an address was told and is to be told, the newest first."""
    found = await view(session.member.actor, HookId(hook), opened_id(cursor), limit)
    return TellingsBody(tellings=[_telling(each) for each in found], next=_next(found, limit))


@rest.post("/{hook}/tellings/{telling}/again", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def again(hook: UUID, telling: UUID, session: Administrator, use_case: FromDishka[TellAgain]) -> None:
    """Tell again what was given up."""
    await use_case(session.member.actor, HookId(hook), telling)


def _next(found: Sequence[Telling], limit: int) -> str | None:
    return wrapped(found[-1].id) if len(found) == limit else None


def _telling(telling: Telling) -> TellingBody:
    return TellingBody(
        id=telling.id,
        event=telling.event,
        state=telling.state,
        tries=telling.tries,
        status=telling.status,
        made_at=telling.made_at,
        due_at=telling.due_at if telling.state is TellingState.WAITING else None,
        settled_at=telling.settled_at,
        body=telling.body,
    )
