"""What waits for a reviewer, longest first."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.context import clock_of
from api.navigation import home
from api.openapi import problems
from api.rendering import render
from api.sessions import Current, Reviewer, reviewer
from api.words import Words, words_for
from core.domain.document import Kind
from core.services.verification import QueueEntry, ViewQueue

pages = APIRouter(route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1", route_class=DishkaRoute, tags=["queue"])
LIMIT = 100
DONE = frozenset({"approved", "refused"})


class Waiting(BaseModel):
    """One thing that waits. `title`, `since_words` and `waits` are for people, `page` is its place at the desk."""

    kind: Literal["verification", "document"]
    id: UUID
    name: str
    since: datetime
    document: Kind | None
    title: str
    since_words: str
    waits: str
    page: str


class Queue(BaseModel):
    """What waits, longest first; `more` when there is more than is shown."""

    waiting: list[Waiting]
    more: bool


@pages.get("/")
async def root() -> Response:
    """The desk is what a browser without a link comes for."""
    return RedirectResponse("/desk", 303)


@pages.get("/desk")
async def page(request: Request, session: Current, view: FromDishka[ViewQueue], done: str = "") -> Response:
    """The queue, with a word on what was just decided. Whose work is elsewhere is led there."""
    begins = home(session.member.role)
    if begins != "/desk":
        return RedirectResponse(begins, 303)
    await reviewer(session)
    queue = await _queue(request, await view(session.member.actor, LIMIT))
    return await render(request, "queue.html", queue=queue, done=done if done in DONE else None)


@rest.get("/queue", responses=problems(401, 403, 422))
async def queue(request: Request, session: Reviewer, view: FromDishka[ViewQueue]) -> Queue:
    """What waits for a reviewer, longest first: at most a hundred of each kind."""
    return await _queue(request, await view(session.member.actor, LIMIT))


async def _queue(request: Request, entries: list[QueueEntry]) -> Queue:
    words, now = await words_for(request), (await clock_of(request)).now()
    kinds = [entry.kind for entry in entries]
    more = any(kinds.count(kind) >= LIMIT for kind in set(kinds))
    return Queue(waiting=[_waiting(entry, words, now) for entry in entries], more=more)


def _waiting(entry: QueueEntry, words: Words, now: datetime) -> Waiting:
    verification = entry.document is None
    return Waiting(
        kind="verification" if verification else "document",
        id=entry.id,
        name=entry.name,
        since=entry.since,
        document=entry.document,
        title=words("desk.queue.verification" if verification else f"desk.queue.document.{entry.document}"),
        since_words=words.moment(entry.since),
        waits=words.wait(entry.since, now),
        page=f"/desk/{'verifications' if verification else 'documents'}/{entry.id}",
    )
