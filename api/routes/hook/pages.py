"""Where programs are told of tickets, for administrators: addresses, and what came of telling them."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.context import clock_of
from api.cursors import Cursor, opened_id, wrapped
from api.errors import detail, told
from api.rendering import render
from api.sessions import Administrator, form_signed
from api.words import Words, words_for
from core.domain.hook import (
    BadHookAddress,
    Hook,
    HookEvent,
    HookNotThere,
    NothingToTell,
    Telling,
    TellingState,
    TooManyHooks,
)
from core.domain.ids import HookId
from core.domain.reach import InsideAddress
from core.services.hook import (
    AddHook,
    ListHooks,
    ListTellings,
    NewHook,
    RemoveHook,
    RotateSecret,
    SwitchHook,
    TellAgain,
)

pages = APIRouter(prefix="/desk/hooks", route_class=DishkaRoute, include_in_schema=False)
Unfit = (BadHookAddress, InsideAddress, NothingToTell, TooManyHooks)
PAGE = 50


@pages.get("")
async def listed(request: Request, session: Administrator, view: FromDishka[ListHooks]) -> Response:
    """The addresses and the form for one more."""
    return await _page(request, session, view)


@pages.post("", dependencies=[Depends(form_signed)])
async def add(
    request: Request,
    session: Administrator,
    use_case: FromDishka[AddHook],
    view: FromDishka[ListHooks],
    url: Annotated[str, Form(max_length=2000)] = "",
    events: Annotated[list[HookEvent], Form()] = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """Keep the address, and show its secret this once."""
    try:
        made = await use_case(session.member.actor, url, frozenset(events))
    except Unfit as error:
        return await _page(request, session, view, url=url, chosen=events, error=error)
    return await _page(request, session, view, made=made)


@pages.get("/{hook}")
async def one(
    request: Request,
    hook: UUID,
    session: Administrator,
    every: FromDishka[ListHooks],
    view: FromDishka[ListTellings],
    cursor: Cursor = None,
) -> Response:
    """What an address was told, the newest first."""
    actor, words = session.member.actor, await words_for(request)
    found = await view(actor, HookId(hook), opened_id(cursor), PAGE)
    address = next((each for each in await every(actor) if each.hook.id == hook), None)
    if address is None:
        raise HookNotThere
    return await render(
        request,
        "hook.html",
        address=address,
        rows=[_row(each, words) for each in found],
        onward=wrapped(found[-1].id) if len(found) == PAGE else None,
    )


@pages.post("/{hook}/secret", dependencies=[Depends(form_signed)])
async def rotate(
    request: Request,
    hook: UUID,
    session: Administrator,
    use_case: FromDishka[RotateSecret],
    view: FromDishka[ListHooks],
    seen: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Give it another secret, and show that this once. A page sent again changes nothing: the old secret would go at once."""
    stands = next((each.hook for each in await view(session.member.actor) if each.hook.id == hook), None)
    if stands is None:
        raise HookNotThere
    if seen != _seen(stands):
        return RedirectResponse("/desk/hooks", 303)
    made = await use_case(session.member.actor, HookId(hook))
    return await _page(request, session, view, rotated=made)


@pages.post("/{hook}/off", dependencies=[Depends(form_signed)])
async def off(hook: UUID, session: Administrator, use_case: FromDishka[SwitchHook]) -> Response:
    """Tell it nothing for a while."""
    await use_case(session.member.actor, HookId(hook), off=True)
    return RedirectResponse("/desk/hooks", 303)


@pages.post("/{hook}/on", dependencies=[Depends(form_signed)])
async def on(hook: UUID, session: Administrator, use_case: FromDishka[SwitchHook]) -> Response:
    """Tell it again."""
    await use_case(session.member.actor, HookId(hook), off=False)
    return RedirectResponse("/desk/hooks", 303)


@pages.post("/{hook}/remove", dependencies=[Depends(form_signed)])
async def remove(hook: UUID, session: Administrator, use_case: FromDishka[RemoveHook]) -> Response:
    """Take an address away."""
    await use_case(session.member.actor, HookId(hook))
    return RedirectResponse("/desk/hooks", 303)


@pages.post("/{hook}/tellings/{telling}/again", dependencies=[Depends(form_signed)])
async def again(hook: UUID, telling: UUID, session: Administrator, use_case: FromDishka[TellAgain]) -> Response:
    """Tell again what was given up."""
    await use_case(session.member.actor, HookId(hook), telling)
    return RedirectResponse(f"/desk/hooks/{hook}", 303)


async def _page(
    request: Request,
    session: Administrator,
    view: ListHooks,
    *,
    url: str = "",
    chosen: list[HookEvent] | None = None,
    made: NewHook | None = None,
    rotated: NewHook | None = None,
    error: Exception | None = None,
) -> Response:
    words, now = await words_for(request), (await clock_of(request)).now()
    return await render(
        request,
        "hooks.html",
        told(error)[0] if error else 200,
        hooks=await view(session.member.actor),
        kinds=list(HookEvent),
        url=url,
        chosen=list(HookEvent) if chosen is None else chosen,
        made=made or rotated,
        rotated=rotated is not None,
        now=now,
        error=detail(error, words) if error else None,
    )


def _seen(hook: Hook) -> str:
    """Return what tells one change of the secret from the next."""
    return hook.former_until.isoformat() if hook.former_until else ""


def _row(telling: Telling, words: Words) -> dict[str, object]:
    return {
        "id": telling.id,
        "event": words(f"hook.event.{telling.event.value.replace('.', '_')}"),
        "state": words(f"hook.state.{telling.state}"),
        "given_up": telling.state is TellingState.GIVEN_UP,
        "made": words.moment(telling.made_at),
        "tries": words.number(telling.tries),
        "answer": words("hook.answered", status=str(telling.status)) if telling.status else words("hook.no_answer"),
        "tried": telling.tries > 0,
        "again": words.moment(telling.due_at) if telling.state is TellingState.WAITING and telling.tries else None,
    }
