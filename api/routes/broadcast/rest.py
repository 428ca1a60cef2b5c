"""Broadcasts for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Header, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.idempotency import OnceRoute
from api.openapi import READ, WRITE, problems
from api.routes.broadcast.shown import Draft, ReachBody, Shown, reached, shown
from api.sessions import Administrator, call_signed
from api.words import words_for
from core.domain.broadcast import Broadcast
from core.domain.ids import BroadcastId
from core.services.broadcast import (
    CancelBroadcast,
    ChangeBroadcast,
    CountReach,
    CreateBroadcast,
    LaunchBroadcast,
    ListBroadcasts,
    PauseBroadcast,
    ResumeBroadcast,
    ViewBroadcast,
)

rest = APIRouter(prefix="/api/v1/broadcasts", route_class=OnceRoute, tags=["broadcast"])
LOOKED_AT = 20_000
"""People that a count at the desk looks at, at most: some two seconds."""
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,64}$",
        description="Any name of this call: repeated with the same body, it gives the broadcast made the first time.",
    ),
]


class Launch(BaseModel):
    """When it leaves: at once, or at a moment with its zone, at most a year away.

    With the `version` that was looked at, 409 when the draft was changed since.
    """

    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime | None = None
    version: int | None = None


class Broadcasts(BaseModel):
    """The latest broadcasts, the newest first: at most fifty."""

    broadcasts: list[Shown]


@rest.get("", responses=problems(401, 403, 422))
async def latest(request: Request, session: Administrator, view: FromDishka[ListBroadcasts]) -> Broadcasts:
    """The latest broadcasts, the newest first."""
    words = await words_for(request)
    return Broadcasts(broadcasts=[shown(each, words) for each in await view(session.member.actor)])


@rest.post(
    "",
    status_code=201,
    responses=problems(400, 401, 403, 413, 422),
    dependencies=[Depends(call_signed)],
)
async def create(
    request: Request, session: Administrator, use_case: FromDishka[CreateBroadcast], draft: Draft, key: Key = None
) -> Shown:
    """Write a draft: it goes to nobody until it is launched."""
    return await _shown(request, await use_case(session.member.actor, draft.read(), key))


@rest.get("/{broadcast_id}", responses=READ)
async def read(request: Request, broadcast_id: UUID, session: Administrator, view: FromDishka[ViewBroadcast]) -> Shown:
    """One broadcast and how far it is."""
    return await _shown(request, (await view(session.member.actor, BroadcastId(broadcast_id))).broadcast)


@rest.put("/{broadcast_id}", responses=WRITE, dependencies=[Depends(call_signed)])
async def change(
    request: Request, broadcast_id: UUID, session: Administrator, use_case: FromDishka[ChangeBroadcast], draft: Draft
) -> Shown:
    """Change a draft; once launched it stays as it is."""
    return await _shown(request, await use_case(session.member.actor, BroadcastId(broadcast_id), draft.read()))


@rest.get("/{broadcast_id}/reach", responses=READ)
async def reach(
    broadcast_id: UUID, session: Administrator, view: FromDishka[ViewBroadcast], count: FromDishka[CountReach]
) -> ReachBody:
    """Count whom it would reach, and send nothing: at most twenty thousand people are looked at."""
    found = (await view(session.member.actor, BroadcastId(broadcast_id))).broadcast
    counted = await count(session.member.actor, found.segment, found.topic, found.texts, limit=LOOKED_AT)
    return reached(counted)


@rest.post("/{broadcast_id}/launch", responses=WRITE, dependencies=[Depends(call_signed)])
async def launch(
    request: Request, broadcast_id: UUID, session: Administrator, use_case: FromDishka[LaunchBroadcast], when: Launch
) -> Shown:
    """Let a draft go, now or at a moment."""
    at: datetime | None = when.at
    return await _shown(request, await use_case(session.member.actor, BroadcastId(broadcast_id), at, when.version))


@rest.post("/{broadcast_id}/pause", responses=WRITE, dependencies=[Depends(call_signed)])
async def pause(
    request: Request, broadcast_id: UUID, session: Administrator, use_case: FromDishka[PauseBroadcast]
) -> Shown:
    """Halt it: what has not left stays."""
    return await _shown(request, await use_case(session.member.actor, BroadcastId(broadcast_id)))


@rest.post("/{broadcast_id}/resume", responses=WRITE, dependencies=[Depends(call_signed)])
async def resume(
    request: Request, broadcast_id: UUID, session: Administrator, use_case: FromDishka[ResumeBroadcast]
) -> Shown:
    """Let it go on, also one that stopped itself."""
    return await _shown(request, await use_case(session.member.actor, BroadcastId(broadcast_id)))


@rest.post("/{broadcast_id}/cancel", responses=WRITE, dependencies=[Depends(call_signed)])
async def cancel(
    request: Request, broadcast_id: UUID, session: Administrator, use_case: FromDishka[CancelBroadcast]
) -> Shown:
    """Take it back: what has left has left, nothing else leaves."""
    return await _shown(request, await use_case(session.member.actor, BroadcastId(broadcast_id)))


async def _shown(request: Request, broadcast: Broadcast) -> Shown:
    return shown(broadcast, await words_for(request))
