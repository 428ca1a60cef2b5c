"""In, through the lock, and out: the link from the chat, the code of the second factor, lock now, leave."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.rendering import render
from api.routes.page.lock import held_by, show_lock
from api.routes.page.route import PageRoute
from api.routes.page.session import OURS, Current, forget, keep, show, signed
from api.sessions import keep_page_secret, page_secret, page_signed
from core.domain.code import CodeGone, TooSoon
from core.domain.factor import FactorEnded, FactorLocked, NoFactor, WrongFactor
from core.domain.identifiers import InvalidValue
from core.domain.page import LinkGone, Place
from core.services.factor import LockRecord, SendFactorCode, UnlockRecord, ViewSecurity
from core.services.page import ClosePage, LookAtLink, OpenLink, ProvePage

pages = APIRouter(prefix="/my", route_class=PageRoute, include_in_schema=False)
PATHS: Mapping[Place, str] = {place: f"/my/{place.value}" for place in Place} | {Place.HOME: "/my"}
LONGEST_CODE = 64


@pages.get("/open/{token}")
async def before_opening(request: Request, token: str, look: FromDishka[LookAtLink]) -> Response:
    """Say what this is, with a button: a messenger that draws a preview of the link uses nothing up."""
    if not await look(token):
        return await render(request, "my/link_gone.html", 410)
    secret = page_secret(request)
    response = await render(request, "my/open.html", csrf=secret)
    keep_page_secret(request, response, secret)
    return response


@pages.post("/open/{token}", dependencies=[Depends(page_signed)])
async def open_link(request: Request, token: str, opens: FromDishka[OpenLink]) -> Response:
    """Use the link up, and begin a session in this browser."""
    try:
        way = await opens(token)
    except LinkGone:
        return await render(request, "my/link_gone.html", 410)
    # To a page of its own: reloading it does no harm, and the token leaves the address bar.
    response = RedirectResponse(PATHS[way.place], 303)
    keep(request, response, way.secret)
    return response


@pages.get("")
async def home(request: Request, mine: Current) -> Response:
    """What there is."""
    return await show(request, mine, "home", places=[place for place in Place if place is not Place.HOME])


@pages.get("/unlock")
async def lock(request: Request, mine: Current, view: FromDishka[ViewSecurity]) -> Response:
    """The lock: how it opens."""
    return await show_lock(request, mine, view, onward=request.query_params.get("next", ""))


@pages.post("/unlock", dependencies=[Depends(signed)])
async def unlock(
    request: Request,
    mine: Current,
    opens: FromDishka[UnlockRecord],
    prove: FromDishka[ProvePage],
    view: FromDishka[ViewSecurity],
    code: Annotated[str, Form()] = "",
    onward: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Take a code, or a recovery code. A form that waited is given back, to be sent with one tap."""
    held = held_by(await request.form())
    try:
        await opens(mine.citizen, code[:LONGEST_CODE])
    except (InvalidValue, WrongFactor, FactorLocked, FactorEnded, NoFactor, CodeGone) as fault:
        return await show_lock(request, mine, view, onward=onward, held=held, fault=fault)
    await prove(mine.secret, proved=True)
    if held is not None:
        return await show(request, replace(mine, session=replace(mine.session, proved=True)), "go_on", held=held)
    return RedirectResponse(onward if OURS.fullmatch(onward) else "/my", 303)


@pages.post("/unlock/code", dependencies=[Depends(signed)])
async def send_code(
    request: Request,
    mine: Current,
    send: FromDishka[SendFactorCode],
    view: FromDishka[ViewSecurity],
    onward: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Send a code by SMS."""
    held = held_by(await request.form())
    try:
        await send(mine.citizen)
    except (NoFactor, FactorLocked, FactorEnded, TooSoon) as fault:
        return await show_lock(request, mine, view, onward=onward, held=held, fault=fault)
    return await show_lock(request, mine, view, onward=onward, held=held)


@pages.post("/lock", dependencies=[Depends(signed)])
async def lock_now(mine: Current, locks: FromDishka[LockRecord], prove: FromDishka[ProvePage]) -> Response:
    """Lock at once."""
    await locks(mine.citizen)
    await prove(mine.secret, proved=False)
    return RedirectResponse("/my", 303)


@pages.post("/leave", dependencies=[Depends(signed)])
async def leave(
    request: Request, mine: Current, close: FromDishka[ClosePage], locks: FromDishka[LockRecord]
) -> Response:
    """Lock, and end the session of this browser."""
    await locks(mine.citizen)
    await close(mine.secret)
    response = await render(request, "my/left.html")
    forget(request, response)
    return response
