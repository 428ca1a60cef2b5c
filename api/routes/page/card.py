"""The card's form on a page: one field after another through the chat's own use cases, resumed at the first gap."""

from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.routes.page.form import ask, ask_code, place, whole
from api.routes.page.route import PageRoute
from api.routes.page.session import Careful, Mine, show, signed
from api.routes.page.typed import MOST
from api.words import words_for
from core.domain.account import NotVerified, TooYoung
from core.domain.application import (
    BirthDateFirst,
    Blocked,
    Field,
    NoApplication,
    StillMissing,
)
from core.domain.card import CardExists
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.consent import NoConsent
from core.domain.identifiers import InvalidValue
from core.domain.record import NotFound
from core.services.application import (
    AnswerField,
    ConfirmApplication,
    ConfirmKnown,
    OpenApplication,
    ProveField,
    ResendProof,
    SendApplication,
    ViewApplication,
)
from core.services.application.answering import DiffersFromPortal, PhoneFirst
from core.services.application.registry import RegistryRefused
from core.services.card import ViewCard

pages = APIRouter(prefix="/my/card", route_class=PageRoute, include_in_schema=False)
REASONS: Mapping[type[Exception], str] = {
    NotVerified: "not_verified",
    TooYoung: "too_young",
    NoConsent: "no_consent",
}


@pages.get("")
async def card(
    request: Request,
    mine: Careful,
    opens: FromDishka[OpenApplication],
    view: FromDishka[ViewApplication],
    own: FromDishka[ViewCard],
) -> Response:
    """The card, the application where it was left, or why neither can be."""
    words = await words_for(request)
    try:
        await opens(mine.citizen)
    except CardExists as found:
        if found.own:
            return await show(request, mine, "card", card=await own(mine.citizen))
        return await _blocked(request, mine, words("card.blocked.exists", since=words.date(found.since)))
    except (NotVerified, TooYoung, NoConsent) as refusal:
        return await _blocked(request, mine, words.rich(f"card.blocked.{REASONS[type(refusal)]}"))
    return await place(request, mine, await view(mine.citizen))


@pages.post("/known", dependencies=[Depends(signed)])
async def known(mine: Careful, confirm: FromDishka[ConfirmKnown]) -> Response:
    """What the portal knows is right."""
    with suppress(NoApplication):
        await confirm(mine.citizen)
    return RedirectResponse("/my/card", 303)


@pages.post("/send", dependencies=[Depends(signed)])
async def send(
    request: Request, mine: Careful, sends: FromDishka[SendApplication], view: FromDishka[ViewApplication]
) -> Response:
    """Everything is there: a code goes to the phone."""
    return await _moved(request, mine, view, sends(mine.citizen))


@pages.post("/confirm", dependencies=[Depends(signed)])
async def confirm(
    request: Request,
    mine: Careful,
    confirms: FromDishka[ConfirmApplication],
    view: FromDishka[ViewApplication],
    code: Annotated[str, Form()] = "",
) -> Response:
    """The code that sends the application."""
    return await _moved(request, mine, view, confirms(mine.citizen, code[:MOST]))


@pages.get("/{name}")
async def edit(request: Request, mine: Careful, name: str, view: FromDishka[ViewApplication]) -> Response:
    """One field, to be corrected. The last steps have no page of their own: what answers them leads on to the application."""
    if name in {"known", "send", "confirm"}:
        return RedirectResponse(f"/my/card?{request.url.query}", 303)
    try:
        return await ask(request, mine, await view(mine.citizen), _field(name))
    except NoApplication:
        return RedirectResponse("/my/card", 303)


@pages.post("/{name}", dependencies=[Depends(signed)])
async def answer(
    request: Request,
    mine: Careful,
    name: str,
    answers: FromDishka[AnswerField],
    view: FromDishka[ViewApplication],
    value: Annotated[str, Form()] = "",
) -> Response:
    """Answer a field: kept at once, or what is wrong is said and the person stays."""
    field = _field(name)
    try:
        answered = await answers(mine.citizen, field, value[:MOST].replace("\0", ""))
    except (NoApplication, Blocked):
        return RedirectResponse("/my/card", 303)
    except BirthDateFirst as fault:
        return await ask(request, mine, await view(mine.citizen), Field.BIRTH_DATE, fault)
    except PhoneFirst as fault:
        return await ask(request, mine, await view(mine.citizen), Field.PHONE, fault)
    except TooSoon as fault:
        return await ask_code(request, mine, await view(mine.citizen), field, fault)
    except (InvalidValue, RegistryRefused, DiffersFromPortal) as fault:
        return await ask(request, mine, await view(mine.citizen), field, fault)
    if answered.sent is not None:
        return await ask_code(request, mine, answered.view, field)
    words = await words_for(request)
    masked = words(f"application.sex.{answered.masked}").lower() if field is Field.SEX else answered.masked
    warning = words(answered.warning) if answered.warning else None
    kept = words.rich(f"application.kept.{field.value}", **{field.value: masked})
    return await place(request, mine, answered.view, note=warning, kept=kept)


@pages.post("/{name}/code", dependencies=[Depends(signed)])
async def prove(
    request: Request,
    mine: Careful,
    name: str,
    proves: FromDishka[ProveField],
    view: FromDishka[ViewApplication],
    code: Annotated[str, Form()] = "",
) -> Response:
    """The code that proves a phone, a policy or an address of mail."""
    field = _field(name)
    try:
        await proves(mine.citizen, field, code[:MOST])
    except NoApplication:
        return RedirectResponse("/my/card", 303)
    except (InvalidValue, WrongCode, CodeGone) as fault:
        return await ask_code(request, mine, await view(mine.citizen), field, fault)
    return RedirectResponse("/my/card", 303)


@pages.post("/{name}/again", dependencies=[Depends(signed)])
async def again(
    request: Request, mine: Careful, name: str, resend: FromDishka[ResendProof], view: FromDishka[ViewApplication]
) -> Response:
    """Another code."""
    field = _field(name)
    try:
        await resend(mine.citizen, field)
    except NoApplication:
        return RedirectResponse("/my/card", 303)
    except PhoneFirst as fault:
        return await ask(request, mine, await view(mine.citizen), Field.PHONE, fault)
    except TooSoon as fault:
        return await ask_code(request, mine, await view(mine.citizen), field, fault)
    return await ask_code(request, mine, await view(mine.citizen), field)


def _field(name: str) -> Field:
    try:
        return Field(name.replace("-", "_"))
    except ValueError:
        raise NotFound from None


async def _moved(request: Request, mine: Mine, view: ViewApplication, move: Awaitable[object]) -> Response:
    """Do the last steps; what stands in the way is said over the whole application."""
    try:
        await move
    except (NoApplication, CardExists, StillMissing):
        return RedirectResponse("/my/card", 303)
    except (InvalidValue, WrongCode, CodeGone, TooSoon) as fault:
        return await whole(request, mine, await view(mine.citizen), fault=fault)
    return RedirectResponse("/my/card", 303)


async def _blocked(request: Request, mine: Mine, text: str) -> Response:
    return await show(request, mine, "card_blocked", text=text)
