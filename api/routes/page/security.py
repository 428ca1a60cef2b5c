"""The second factor on a page: an authenticator by picture and key, codes by SMS, recovery codes, how long, an identity check."""

import io
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Annotated

import segno
from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import told
from api.routes.page.route import PageRoute
from api.routes.page.session import Careful, Current, Mine, Proved, show, signed
from api.words import words_for
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.factor import SPANS, FactorEnded, FactorKind, NoFactor, NoPhone, NotYet
from core.domain.identifiers import InvalidValue
from core.domain.proof import OPEN
from core.services.factor import (
    BeginSms,
    BeginTotp,
    ChangeSpan,
    ConfirmSms,
    ConfirmTotp,
    RenewRecovery,
    ViewKey,
    ViewSecurity,
)
from core.services.page import ProvePage
from core.services.proof import AskProof, TakeBackProof

pages = APIRouter(prefix="/my/security", route_class=PageRoute, include_in_schema=False)
MOST = 64


@pages.get("")
async def security(request: Request, mine: Current, view: FromDishka[ViewSecurity]) -> Response:
    """What is set up, and what can be done with it."""
    return await _main(request, mine, view)


@pages.post("/totp", dependencies=[Depends(signed)])
async def totp(
    request: Request, mine: Careful, begin: FromDishka[BeginTotp], view: FromDishka[ViewSecurity]
) -> Response:
    """Make a key for an authenticator."""
    try:
        await begin(mine.citizen)
    except FactorEnded as fault:
        return await _main(request, mine, view, fault)
    return RedirectResponse("/my/security/totp", 303)


@pages.get("/totp")
async def key(request: Request, mine: Careful, keys: FromDishka[ViewKey]) -> Response:
    """The key as a picture and as text, until its first code."""
    return await _key(request, mine, keys)


@pages.get("/totp/key.svg")
async def picture(mine: Careful, keys: FromDishka[ViewKey]) -> Response:
    """The key to be scanned: black on white with its quiet zone."""
    out = io.BytesIO()
    segno.make((await keys(mine.citizen)).uri, error="m", micro=False).save(
        out, kind="svg", scale=6, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Response(out.getvalue(), media_type="image/svg+xml")


@pages.post("/totp/code", dependencies=[Depends(signed)])
async def confirm_totp(
    request: Request,
    mine: Careful,
    confirm: FromDishka[ConfirmTotp],
    prove: FromDishka[ProvePage],
    keys: FromDishka[ViewKey],
    code: Annotated[str, Form()] = "",
) -> Response:
    """The authenticator's first code: it is set up, and the recovery codes are shown once."""
    try:
        codes = await confirm(mine.citizen, code[:MOST])
    except (InvalidValue, NotYet) as fault:
        return await _key(request, mine, keys, fault)
    except NoFactor:
        return RedirectResponse("/my/security", 303)
    return await _codes(request, mine, prove, codes)


@pages.post("/sms", dependencies=[Depends(signed)])
async def sms(request: Request, mine: Careful, begin: FromDishka[BeginSms], view: FromDishka[ViewSecurity]) -> Response:
    """Send a first code to the confirmed phone."""
    try:
        sent = await begin(mine.citizen)
    except (FactorEnded, NoPhone) as fault:
        return await _main(request, mine, view, fault)
    except TooSoon as fault:
        return await _sms(request, mine, view, fault)
    return await show(request, mine, "security_sms", phone=sent.destination, error=None)


@pages.post("/sms/code", dependencies=[Depends(signed)])
async def confirm_sms(
    request: Request,
    mine: Careful,
    confirm: FromDishka[ConfirmSms],
    prove: FromDishka[ProvePage],
    view: FromDishka[ViewSecurity],
    code: Annotated[str, Form()] = "",
) -> Response:
    """The first code by SMS."""
    try:
        codes = await confirm(mine.citizen, code[:MOST])
    except (InvalidValue, WrongCode, CodeGone) as fault:
        return await _sms(request, mine, view, fault)
    except FactorEnded as fault:
        return await _main(request, mine, view, fault)
    return await _codes(request, mine, prove, codes)


@pages.post("/codes", dependencies=[Depends(signed)])
async def renew(
    request: Request,
    mine: Proved,
    renews: FromDishka[RenewRecovery],
    prove: FromDishka[ProvePage],
    view: FromDishka[ViewSecurity],
) -> Response:
    """New recovery codes."""
    try:
        codes = await renews(mine.citizen)
    except (NoFactor, FactorEnded) as fault:
        return await _main(request, mine, view, fault)
    return await _codes(request, mine, prove, codes)


@pages.post("/span", dependencies=[Depends(signed)])
async def span(mine: Proved, change: FromDishka[ChangeSpan], minutes: Annotated[str, Form()] = "") -> Response:
    """How long the sections stay open after each look."""
    chosen = next((each for each in SPANS if str(_minutes(each)) == minutes), None)
    if chosen is not None:
        await change(mine.citizen, chosen)
    return RedirectResponse("/my/security", 303)


@pages.post("/proof", dependencies=[Depends(signed)])
async def ask(request: Request, mine: Current, asks: FromDishka[AskProof], view: FromDishka[ViewSecurity]) -> Response:
    """Phone and recovery codes are lost."""
    return await _done(request, mine, view, asks(mine.citizen))


@pages.post("/proof/back", dependencies=[Depends(signed)])
async def take_back(
    request: Request, mine: Current, takes: FromDishka[TakeBackProof], view: FromDishka[ViewSecurity]
) -> Response:
    """They were found again."""
    return await _done(request, mine, view, takes(mine.citizen))


def _minutes(each: timedelta) -> int:
    return int(each.total_seconds() // 60)


async def _done(request: Request, mine: Mine, view: ViewSecurity, deed: Awaitable[None]) -> Response:
    try:
        await deed
    except NoFactor as fault:
        return await _main(request, mine, view, fault)
    return RedirectResponse("/my/security", 303)


async def _main(request: Request, mine: Mine, view: ViewSecurity, fault: Exception | None = None) -> Response:
    seen, words = await view(mine.citizen), await words_for(request)
    way = {FactorKind.TOTP: "factor.set_totp", FactorKind.SMS: "factor.set_sms"}
    return await show(
        request,
        mine,
        "security",
        200 if fault is None else 422,
        seen=seen,
        way=words(way[seen.kind], phone=seen.phone or "") if seen.kind else None,
        until=words.time(seen.until, mine.zone) if seen.until and mine.session.proved else None,
        spans=[_minutes(each) for each in SPANS],
        span=_minutes(seen.span) if seen.span else None,
        asked=seen.proof is not None and seen.proof.state in OPEN,
        error=told(fault, words) if fault else None,
    )


async def _key(request: Request, mine: Mine, keys: ViewKey, fault: Exception | None = None) -> Response:
    try:
        made = await keys(mine.citizen)
    except NoFactor:
        return RedirectResponse("/my/security", 303)
    words = await words_for(request)
    error = told(fault, words) if fault else None
    return await show(request, mine, "security_totp", 200 if fault is None else 422, groups=made.groups, error=error)


async def _sms(request: Request, mine: Mine, view: ViewSecurity, fault: Exception) -> Response:
    seen, words = await view(mine.citizen), await words_for(request)
    return await show(request, mine, "security_sms", 422, phone=seen.phone or "", error=told(fault, words))


async def _codes(request: Request, mine: Mine, prove: ProvePage, codes: Sequence[str]) -> Response:
    await prove(mine.secret, proved=True)
    return await show(request, mine, "security_codes", codes=codes)
