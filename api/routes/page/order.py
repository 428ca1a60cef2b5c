"""Ordering a paper on a page: kind, period, purpose, then the code. Each answer is kept at once, as in the chat."""

from datetime import date
from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import status_of, told
from api.routes.page.record import aim_of, period_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Mine, Proved, show, signed
from api.words import words_for
from core.domain.account import WrongMove
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.extract import (
    WORDS_LIMIT,
    Aim,
    BadPeriod,
    ExtractKind,
    NoWayToConfirm,
    OrderIncomplete,
    Span,
    TooManyOrders,
    WordsTooLong,
    WordsWanted,
    day_of,
)
from core.domain.factor import FactorEnded, FactorLocked, NoFactor, WrongFactor
from core.domain.identifiers import InvalidValue
from core.domain.record.looking import InvalidDates
from core.ports import Clock
from core.services.extract import (
    BeginOrder,
    ChooseAim,
    ChoosePeriod,
    ConfirmOrder,
    DropOrder,
    SendOrderCode,
    TypeAim,
    ViewOrder,
)

pages = APIRouter(prefix="/my/documents/order", route_class=PageRoute, include_in_schema=False)
START = "/my/documents/order"
MOST = 2000
CODES = (InvalidValue, WrongCode, CodeGone, WrongFactor, FactorLocked, FactorEnded, NoFactor, NoWayToConfirm)


@pages.get("")
async def kinds(request: Request, mine: Proved, view: FromDishka[ViewOrder]) -> Response:
    """Which paper; an order that was begun can be gone on with."""
    try:
        begun = (await view(mine.citizen)).kind.value
    except OrderIncomplete:
        begun = None
    return await show(request, mine, "order_kind", kinds=list(ExtractKind), begun=begun)


@pages.post("", dependencies=[Depends(signed)])
async def begin(
    request: Request, mine: Proved, begins: FromDishka[BeginOrder], kind: Annotated[str, Form()] = ""
) -> Response:
    """A kind: the order begins."""
    if kind not in {each.value for each in ExtractKind}:
        return RedirectResponse(START, 303)
    await begins(mine.citizen, ExtractKind(kind), (await words_for(request)).language)
    return RedirectResponse(f"{START}/period", 303)


@pages.get("/period")
async def period(request: Request, mine: Proved, view: FromDishka[ViewOrder], clock: FromDishka[Clock]) -> Response:
    """For which time."""
    return await _period(request, mine, view, clock)


@pages.post("/period", dependencies=[Depends(signed)])
async def choose_period(
    request: Request,
    mine: Proved,
    choose: FromDishka[ChoosePeriod],
    view: FromDishka[ViewOrder],
    clock: FromDishka[Clock],
    span: Annotated[str, Form()] = "",
    first: Annotated[str, Form()] = "",
    last: Annotated[str, Form()] = "",
) -> Response:
    """A period; own days come as two dates."""
    typed = {"span": span, "first": first[:MOST], "last": last[:MOST]}
    if span not in {each.value for each in Span}:
        return await _period(request, mine, view, clock, typed=typed, error="page.order.choose_period")
    days: tuple[date, ...] = ()
    if span == Span.OWN:
        try:
            days = tuple(date.fromisoformat(each) for each in (first, last))
        except ValueError:
            return await _period(request, mine, view, clock, typed=typed, error=InvalidDates.message_key)
    try:
        await choose(mine.citizen, Span(span), *days)
    except BadPeriod as fault:
        return await _period(request, mine, view, clock, typed=typed, error=fault.message_key)
    except OrderIncomplete:
        return RedirectResponse(START, 303)
    return RedirectResponse(f"{START}/aim", 303)


@pages.get("/aim")
async def aim(request: Request, mine: Proved, view: FromDishka[ViewOrder]) -> Response:
    """What for."""
    return await _aim(request, mine, view)


@pages.post("/aim", dependencies=[Depends(signed)])
async def choose_aim(
    request: Request,
    mine: Proved,
    choose: FromDishka[ChooseAim],
    types: FromDishka[TypeAim],
    view: FromDishka[ViewOrder],
    aim: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> Response:
    """A purpose, of the list or in own words."""
    words = words[:MOST]
    if aim not in {each.value for each in Aim}:
        return await _aim(request, mine, view, typed=(aim, words), error="page.order.choose_aim")
    try:
        await (types(mine.citizen, words) if aim == Aim.OTHER else choose(mine.citizen, Aim(aim)))
    except (WordsWanted, WordsTooLong) as fault:
        return await _aim(request, mine, view, typed=(aim, words), fault=fault)
    except OrderIncomplete:
        return RedirectResponse(START, 303)
    return RedirectResponse(f"{START}/confirm", 303)


@pages.get("/confirm")
async def summary(request: Request, mine: Proved, view: FromDishka[ViewOrder]) -> Response:
    """The whole order, and the code that confirms it."""
    return await _confirm(request, mine, view)


@pages.post("/code", dependencies=[Depends(signed)])
async def send_code(
    request: Request, mine: Proved, send: FromDishka[SendOrderCode], view: FromDishka[ViewOrder]
) -> Response:
    """A code by SMS."""
    try:
        await send(mine.citizen)
    except (TooManyOrders, NoWayToConfirm, TooSoon) as fault:
        return await _confirm(request, mine, view, fault)
    except OrderIncomplete:
        return RedirectResponse(START, 303)
    return RedirectResponse(f"{START}/confirm", 303)


@pages.post("/confirm", dependencies=[Depends(signed)])
async def confirm(
    request: Request,
    mine: Proved,
    confirms: FromDishka[ConfirmOrder],
    view: FromDishka[ViewOrder],
    code: Annotated[str, Form()] = "",
) -> Response:
    """The code: the order stands. Sent twice it is one order, and the second answer leads to it as well."""
    try:
        paper = await confirms(mine.citizen, code[:MOST])
    except (*CODES, TooManyOrders) as fault:
        return await _confirm(request, mine, view, fault)
    except (OrderIncomplete, WrongMove):
        return RedirectResponse("/my/documents", 303)
    return RedirectResponse(f"/my/documents/{paper}", 303)


@pages.post("/drop", dependencies=[Depends(signed)])
async def drop(mine: Proved, drops: FromDishka[DropOrder]) -> Response:
    """«Не заказывать»."""
    await drops(mine.citizen)
    return RedirectResponse("/my/documents", 303)


async def _period(
    request: Request,
    mine: Mine,
    view: ViewOrder,
    clock: Clock,
    *,
    typed: dict[str, str] | None = None,
    error: str | None = None,
) -> Response:
    try:
        found = await view(mine.citizen)
    except OrderIncomplete:
        return RedirectResponse(START, 303)
    order, words = found.order, await words_for(request)
    kept = {
        "span": order.span.value if order.span else "",
        "first": order.since.isoformat() if order.since else "",
        "last": order.until.isoformat() if order.until else "",
    }
    return await show(
        request,
        mine,
        "order_period",
        200 if error is None else 422,
        kind=found.kind.value,
        spans=list(Span),
        chosen=typed or kept,
        today=day_of(clock.now()).isoformat(),
        error=words(error) if error else None,
    )


async def _aim(
    request: Request,
    mine: Mine,
    view: ViewOrder,
    *,
    typed: tuple[str, str] | None = None,
    error: str | None = None,
    fault: WordsWanted | WordsTooLong | None = None,
) -> Response:
    try:
        found = await view(mine.citizen)
    except OrderIncomplete:
        return RedirectResponse(START, 303)
    words, order = await words_for(request), found.order
    chosen, said = typed or (order.aim.value if order.aim else "", order.words)
    return await show(
        request,
        mine,
        "order_aim",
        422 if error or fault else 200,
        kind=found.kind.value,
        aims=list(Aim),
        chosen=chosen,
        typed=said,
        limit=str(WORDS_LIMIT),
        error=told(fault, words) if fault else words(error) if error else None,
        in_words=fault is not None,
    )


async def _confirm(request: Request, mine: Mine, view: ViewOrder, fault: Exception | None = None) -> Response:
    try:
        found = await view(mine.citizen)
    except OrderIncomplete:
        # Ordered meanwhile, by the same form sent twice, or dropped in another window.
        return RedirectResponse("/my/documents", 303)
    if not found.order.complete:
        return RedirectResponse(f"{START}/aim" if found.order.span else f"{START}/period", 303)
    words = await words_for(request)
    match fault:
        case None:
            error = None
        case FactorLocked(until=until):
            error = words(fault.message_key, until=words.time(until, mine.zone))
        case _:
            error = told(fault, words)
    return await show(
        request,
        mine,
        "order_confirm",
        status_of(fault),
        order=found,
        period=period_of(found.days, words),
        aim=aim_of(found.order, words),
        error=error,
    )
