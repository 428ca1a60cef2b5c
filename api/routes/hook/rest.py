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
from core.ports import Clock
from core.services.hook import AddHook, ListHooks, ListTellings, RemoveHook, RotateSecret, SwitchHook, TellAgain

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
    """An address. `given_up`: how many tellings came to nothing in a day of tries. `off`: it is told nothing.

    `both_sign_until`: until then what is told is signed by the secret before the last as well; null where one signs.
    """

    id: UUID
    url: str
    events: list[HookEvent]
    made_at: datetime
    off: bool = False
    both_sign_until: datetime | None = None
    given_up: int = 0


class Switch(BaseModel):
    """Whether it is told anything."""

    model_config = ConfigDict(extra="forbid")

    off: bool


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


def hook_body(hook: Hook, now: datetime, given_up: int = 0) -> HookBody:
    """Return what is told of an address."""
    return HookBody(
        id=hook.id,
        url=hook.url,
        events=sorted(hook.events),
        made_at=hook.made_at,
        off=hook.off,
        both_sign_until=hook.both_sign(now),
        given_up=given_up,
    )


@rest.get("", responses=problems(401, 403, 422))
async def all_of_them(session: Administrator, view: FromDishka[ListHooks], clock: FromDishka[Clock]) -> HooksBody:
    """All addresses."""
    found, now = await view(session.member.actor), clock.now()
    return HooksBody(hooks=[hook_body(each.hook, now, each.given_up) for each in found])


@rest.post(
    "",
    status_code=201,
    responses=problems(400, 401, 403, 409, 413, 422),
    dependencies=[Depends(call_signed), WITHHELD],
)
async def add(
    session: Administrator, use_case: FromDishka[AddHook], clock: FromDishka[Clock], wanted: Wanted
) -> NewHookBody:
    """Add an address. The answer alone has its secret."""
    made = await use_case(session.member.actor, wanted.url, wanted.events)
    return NewHookBody(**hook_body(made.hook, clock.now()).model_dump(), secret=made.secret)


@rest.post("/{hook}/secret", responses=WRITE, dependencies=[Depends(call_signed), WITHHELD])
async def rotate(
    hook: UUID, session: Administrator, use_case: FromDishka[RotateSecret], clock: FromDishka[Clock]
) -> NewHookBody:
    """Give it another secret; the answer alone has it. For a day both sign, then the old one goes."""
    made = await use_case(session.member.actor, HookId(hook))
    return NewHookBody(**hook_body(made.hook, clock.now()).model_dump(), secret=made.secret)


@rest.put("/{hook}/off", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def switch(hook: UUID, session: Administrator, use_case: FromDishka[SwitchHook], wanted: Switch) -> None:
    """Switch it off, or on again. What happens meanwhile is not told; what waited goes on, until its day is over."""
    await use_case(session.member.actor, HookId(hook), off=wanted.off)


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
