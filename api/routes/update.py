"""Updates of Telegram that were given up after all their tries: seen, put back, dropped by an administrator."""

from datetime import datetime

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.idempotency import OnceRoute
from api.openapi import WRITE, problems
from api.rendering import render
from api.sessions import Administrator, call_signed, form_signed
from api.words import Words, words_for
from core.domain.update import SetAside
from core.services.update import DropUpdate, RetryAll, RetryUpdate, ViewAside

pages = APIRouter(prefix="/desk/updates", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/updates", route_class=OnceRoute, tags=["update"])
LIMIT = 100
DONE = frozenset({"retried", "all_retried", "dropped"})
KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
Number = Path(ge=0, lt=2**63)


class Aside(BaseModel):
    """One update. `fault` is the class of what went wrong, `places` where in the code; what was typed is not told.

    `title` and `at_words` are for people.
    """

    id: int
    chat: int
    kind: str
    fault: str
    places: str
    tries: int
    at: datetime
    title: str
    at_words: str


class AsideList(BaseModel):
    """What was given up, newest first; `more` when there is more than is shown."""

    updates: list[Aside]
    more: bool


class Retried(BaseModel):
    """How many were put back."""

    count: int


@pages.get("")
async def page(request: Request, session: Administrator, view: FromDishka[ViewAside], done: str = "") -> Response:
    """The list, with a word on what was just done."""
    found = listed(await view(session.member.actor, LIMIT), await words_for(request))
    return await render(request, "updates.html", found=found, done=done if done in DONE else None)


@pages.post("/retry", dependencies=[Depends(form_signed)])
async def retry_all_on_page(session: Administrator, retry: FromDishka[RetryAll]) -> Response:
    """Put all back."""
    await retry(session.member.actor)
    return RedirectResponse("/desk/updates?done=all_retried", 303)


@pages.post("/{update_id}/retry", dependencies=[Depends(form_signed)])
async def retry_on_page(session: Administrator, retry: FromDishka[RetryUpdate], update_id: int = Number) -> Response:
    """Put one back."""
    await retry(session.member.actor, update_id)
    return RedirectResponse("/desk/updates?done=retried", 303)


@pages.post("/{update_id}/drop", dependencies=[Depends(form_signed)])
async def drop_on_page(session: Administrator, drop: FromDishka[DropUpdate], update_id: int = Number) -> Response:
    """Drop one."""
    await drop(session.member.actor, update_id)
    return RedirectResponse("/desk/updates?done=dropped", 303)


@rest.get("", responses=problems(401, 403, 422))
async def read(request: Request, session: Administrator, view: FromDishka[ViewAside]) -> AsideList:
    """What was given up, newest first: at most a hundred."""
    return listed(await view(session.member.actor, LIMIT), await words_for(request))


@rest.post("/retry", responses=problems(401, 403), dependencies=[Depends(call_signed)])
async def retry_all_by_call(session: Administrator, retry: FromDishka[RetryAll]) -> Retried:
    """Have everything that was given up handled once more, in the order of its chats. A second call finds nothing."""
    return Retried(count=await retry(session.member.actor))


@rest.post("/{update_id}/retry", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def retry_by_call(session: Administrator, retry: FromDishka[RetryUpdate], update_id: int = Number) -> None:
    """Have it handled once more, in the order of its chat; a bot takes it within seconds."""
    await retry(session.member.actor, update_id)


@rest.post("/{update_id}/drop", status_code=204, responses=WRITE, dependencies=[Depends(call_signed)])
async def drop_by_call(session: Administrator, drop: FromDishka[DropUpdate], update_id: int = Number) -> None:
    """Give it up for good: what was typed is wiped."""
    await drop(session.member.actor, update_id)


def listed(found: list[SetAside], words: Words) -> AsideList:
    """Return the list as programs and pages see it."""
    return AsideList(updates=[_aside(each, words) for each in found], more=len(found) >= LIMIT)


def _aside(each: SetAside, words: Words) -> Aside:
    return Aside(
        id=each.id,
        chat=each.chat,
        kind=each.kind,
        fault=each.fault.name,
        places=each.fault.places,
        tries=each.tries,
        at=each.at,
        title=words(f"desk.updates.kind.{each.kind if each.kind in KINDS else 'other'}"),
        at_words=words.moment(each.at),
    )
