"""A new phone or address on a page: a code goes there, and nothing changes until it is entered."""

from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import status_of, told
from api.routes.page.route import PageRoute
from api.routes.page.session import Careful, Mine, show, signed
from api.routes.page.typed import MOST
from api.words import words_for
from core.domain.code import RESEND_AFTER, CodeGone, Purpose, TooSoon, WrongCode
from core.domain.identifiers import InvalidValue
from core.domain.record import NotFound
from core.services.account import (
    ChangeEmail,
    ChangePhone,
    ConfirmContact,
    PendingCode,
    ResendContactCode,
    ViewStatus,
)

pages = APIRouter(prefix="/my/account", route_class=PageRoute, include_in_schema=False)
WAYS = {Purpose.PHONE.value: Purpose.PHONE, Purpose.EMAIL.value: Purpose.EMAIL}


@pages.get("/{which}")
async def contact(request: Request, mine: Careful, which: str, view: FromDishka[ViewStatus]) -> Response:
    """Ask for a number or an address."""
    return await _ask(request, mine, _purpose(which), view)


@pages.post("/{which}", dependencies=[Depends(signed)])
async def change(
    request: Request,
    mine: Careful,
    which: str,
    phones: FromDishka[ChangePhone],
    emails: FromDishka[ChangeEmail],
    pending: FromDishka[PendingCode],
    view: FromDishka[ViewStatus],
    value: Annotated[str, Form()] = "",
) -> Response:
    """Send the code. Right after another one to the same place none is sent: that one is still good, and asked for."""
    purpose, typed = _purpose(which), value[:MOST].replace("\0", "")
    try:
        await (phones if purpose is Purpose.PHONE else emails)(mine.citizen, typed)
    except InvalidValue as fault:
        return await _ask(request, mine, purpose, view, typed, fault)
    except TooSoon as fault:
        if fault.seconds > RESEND_AFTER.total_seconds():
            return await _ask(request, mine, purpose, view, typed, fault)
        return await _code(request, mine, purpose, pending, fault)
    return RedirectResponse(f"/my/account/{which}/code", 303)


@pages.get("/{which}/code")
async def code(request: Request, mine: Careful, which: str, pending: FromDishka[PendingCode]) -> Response:
    """Ask for the code."""
    return await _code(request, mine, _purpose(which), pending)


@pages.post("/{which}/code", dependencies=[Depends(signed)])
async def confirm(
    request: Request,
    mine: Careful,
    which: str,
    confirms: FromDishka[ConfirmContact],
    pending: FromDishka[PendingCode],
    code: Annotated[str, Form()] = "",
) -> Response:
    """The new contact counts from now on, or what is wrong is said."""
    purpose = _purpose(which)
    try:
        await confirms(mine.citizen, purpose, code[:MOST])
    except (InvalidValue, WrongCode, CodeGone) as fault:
        return await _code(request, mine, purpose, pending, fault)
    return RedirectResponse(f"/my/account?done={which}", 303)


@pages.post("/{which}/again", dependencies=[Depends(signed)])
async def again(
    request: Request, mine: Careful, which: str, resend: FromDishka[ResendContactCode], pending: FromDishka[PendingCode]
) -> Response:
    """Another code, to where the last one went."""
    purpose = _purpose(which)
    try:
        await resend(mine.citizen, purpose)
    except TooSoon as fault:
        return await _code(request, mine, purpose, pending, fault)
    except CodeGone:
        return RedirectResponse(f"/my/account/{which}", 303)
    return RedirectResponse(f"/my/account/{which}/code", 303)


def _purpose(which: str) -> Purpose:
    try:
        return WAYS[which]
    except KeyError:
        raise NotFound from None


async def _ask(
    request: Request,
    mine: Mine,
    purpose: Purpose,
    view: ViewStatus,
    typed: str = "",
    fault: InvalidValue | TooSoon | None = None,
) -> Response:
    found, words = await view(mine.citizen), await words_for(request)
    return await show(
        request,
        mine,
        "contact",
        status_of(fault),
        which=purpose.value,
        now=found.phone if purpose is Purpose.PHONE else found.email,
        typed=typed,
        errors={"value": told(fault, words)} if fault else {},
    )


async def _code(
    request: Request, mine: Mine, purpose: Purpose, pending: PendingCode, fault: Exception | None = None
) -> Response:
    sent, words = await pending(mine.citizen, purpose), await words_for(request)
    return await show(
        request,
        mine,
        "contact_code",
        status_of(fault),
        which=purpose.value,
        destination=sent.destination if sent else "",
        error=told(fault, words) if fault else None,
    )
