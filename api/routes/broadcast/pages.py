"""Broadcasts for administrators: write, look at it as people will see it, send, watch."""

import secrets
from typing import Annotated, Literal
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.context import clock_of
from api.errors import detail, told
from api.rendering import render
from api.routes.broadcast.form import Typed, typed_form, typed_of
from api.routes.broadcast.rest import LOOKED_AT
from api.routes.broadcast.shown import said, segment_said
from api.sessions import Administrator, form_signed
from api.words import ZONE, Words, words_for
from core.domain.broadcast import (
    BadMoment,
    BadSegment,
    Broadcast,
    BroadcastMoved,
    BroadcastState,
    KeyReused,
    TextMissing,
    TextTooLong,
    moscow_moment,
)
from core.domain.chat import LANGUAGES
from core.domain.ids import BroadcastId
from core.domain.notification import Topic
from core.domain.region import REGIONS
from core.services.broadcast import (
    BroadcastView,
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

pages = APIRouter(prefix="/desk/broadcasts", route_class=DishkaRoute, include_in_schema=False)
Unfit = (TextMissing, TextTooLong, BadSegment, KeyReused, BroadcastMoved)
FormOf = Annotated[Typed, Depends(typed_form)]


@pages.get("")
async def latest(request: Request, session: Administrator, view: FromDishka[ListBroadcasts]) -> Response:
    """The latest broadcasts, the newest first."""
    words = await words_for(request)
    rows = [(each, _when(each, words), said(each, words)) for each in await view(session.member.actor)]
    return await render(request, "broadcasts.html", rows=rows)


@pages.get("/new")
async def blank(request: Request, _: Administrator) -> Response:
    """An empty form."""
    return await _form(request, Typed())


@pages.post("/new", dependencies=[Depends(form_signed)])
async def create(
    request: Request,
    session: Administrator,
    use_case: FromDishka[CreateBroadcast],
    typed: FormOf,
    key: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Keep the draft and show it; what is wrong is said above the form, with everything still in it."""
    try:
        draft = await use_case(session.member.actor, typed.read(), key or None)
    except Unfit as error:
        return await _form(request, typed, error=error)
    return RedirectResponse(f"/desk/broadcasts/{draft.id}", 303)


@pages.get("/{broadcast_id}")
async def page(
    request: Request,
    broadcast_id: UUID,
    session: Administrator,
    view: FromDishka[ViewBroadcast],
    count: FromDishka[CountReach],
) -> Response:
    """A draft with its count, or a launched one with how far it is."""
    return await _page(request, session, await view(session.member.actor, BroadcastId(broadcast_id)), count)


@pages.get("/{broadcast_id}/edit")
async def edit(
    request: Request, broadcast_id: UUID, session: Administrator, view: FromDishka[ViewBroadcast]
) -> Response:
    """The form with the draft in it."""
    found = (await view(session.member.actor, BroadcastId(broadcast_id))).broadcast
    if found.state is not BroadcastState.DRAFT:
        return RedirectResponse(f"/desk/broadcasts/{found.id}", 303)
    return await _form(request, typed_of(found), edits=found.id)


@pages.post("/{broadcast_id}/edit", dependencies=[Depends(form_signed)])
async def change(
    request: Request,
    broadcast_id: UUID,
    session: Administrator,
    use_case: FromDishka[ChangeBroadcast],
    typed: FormOf,
) -> Response:
    """Keep the changed draft."""
    try:
        await use_case(session.member.actor, BroadcastId(broadcast_id), typed.read())
    except Unfit as error:
        return await _form(request, typed, edits=broadcast_id, error=error)
    return RedirectResponse(f"/desk/broadcasts/{broadcast_id}", 303)


@pages.post("/{broadcast_id}/launch", dependencies=[Depends(form_signed)])
async def launch(
    request: Request,
    broadcast_id: UUID,
    session: Administrator,
    use_case: FromDishka[LaunchBroadcast],
    view: FromDishka[ViewBroadcast],
    count: FromDishka[CountReach],
    when: Annotated[Literal["now", "later"], Form()] = "now",
    at: Annotated[str, Form(max_length=40)] = "",
    version: Annotated[int | None, Form()] = None,
) -> Response:
    """Send now, or at a time in Moscow."""
    actor, subject = session.member.actor, BroadcastId(broadcast_id)
    try:
        await use_case(actor, subject, moscow_moment(at) if when == "later" else None, version)
    except (BadMoment, BroadcastMoved) as error:
        return await _page(request, session, await view(actor, subject), count, at=at, error=error)
    return RedirectResponse(f"/desk/broadcasts/{broadcast_id}", 303)


@pages.post("/{broadcast_id}/pause", dependencies=[Depends(form_signed)])
async def pause(
    request: Request,
    broadcast_id: UUID,
    session: Administrator,
    use_case: FromDishka[PauseBroadcast],
    view: FromDishka[ViewBroadcast],
    count: FromDishka[CountReach],
) -> Response:
    """Halt it."""
    return await _steered(request, session, use_case, broadcast_id, view, count)


@pages.post("/{broadcast_id}/resume", dependencies=[Depends(form_signed)])
async def resume(
    request: Request,
    broadcast_id: UUID,
    session: Administrator,
    use_case: FromDishka[ResumeBroadcast],
    view: FromDishka[ViewBroadcast],
    count: FromDishka[CountReach],
) -> Response:
    """Let it go on."""
    return await _steered(request, session, use_case, broadcast_id, view, count)


@pages.post("/{broadcast_id}/cancel", dependencies=[Depends(form_signed)])
async def cancel(
    request: Request,
    broadcast_id: UUID,
    session: Administrator,
    use_case: FromDishka[CancelBroadcast],
    view: FromDishka[ViewBroadcast],
    count: FromDishka[CountReach],
) -> Response:
    """Take it back."""
    return await _steered(request, session, use_case, broadcast_id, view, count)


async def _steered(
    request: Request,
    session: Administrator,
    use_case: PauseBroadcast | ResumeBroadcast | CancelBroadcast,
    broadcast_id: UUID,
    view: ViewBroadcast,
    count: CountReach,
) -> Response:
    actor, subject = session.member.actor, BroadcastId(broadcast_id)
    try:
        await use_case(actor, subject)
    except BroadcastMoved as error:
        return await _page(request, session, await view(actor, subject), count, error=error)
    return RedirectResponse(f"/desk/broadcasts/{broadcast_id}", 303)


async def _page(
    request: Request,
    session: Administrator,
    found: BroadcastView,
    count: CountReach,
    *,
    at: str = "",
    error: Exception | None = None,
) -> Response:
    words, broadcast = await words_for(request), found.broadcast
    draft = broadcast.state is BroadcastState.DRAFT
    reach = None
    if draft:
        actor = session.member.actor
        reach = await count(actor, broadcast.segment, broadcast.topic, broadcast.texts, limit=LOOKED_AT)
    return await render(
        request,
        "broadcast.html",
        told(error)[0] if error else 200,
        found=broadcast,
        author=found.author,
        reach=reach,
        regions=REGIONS,
        languages_of_texts=[each for each in LANGUAGES if each in broadcast.texts],
        said=said(broadcast, words),
        segment=segment_said(broadcast.segment, words),
        when=_when(broadcast, words),
        at=at,
        today=(await clock_of(request)).now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"),
        error=detail(error, words) if error else None,
    )


async def _form(
    request: Request, typed: Typed, *, edits: UUID | None = None, error: Exception | None = None
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "broadcast_form.html",
        told(error)[0] if error else 200,
        typed=typed,
        edits=edits,
        # Sent twice, the form makes one draft.
        key=secrets.token_urlsafe(16),
        regions=REGIONS,
        topics=list(Topic),
        error=detail(error, words) if error else None,
    )


def _when(broadcast: Broadcast, words: Words) -> str:
    """Return what matters now: when it ended, began, or will begin."""
    if broadcast.ended_at:
        return words("broadcast.when.ended", at=words.moment(broadcast.ended_at))
    if broadcast.started_at:
        return words("broadcast.when.started", at=words.moment(broadcast.started_at))
    if broadcast.scheduled_at:
        return words("broadcast.when.scheduled", at=words.moment(broadcast.scheduled_at))
    return words("broadcast.when.created", at=words.moment(broadcast.created_at))
