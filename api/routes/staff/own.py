"""The first sign-in: whoever was handed a password and a key takes their own before anything else."""

from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import SignInFirst, detail, told
from api.idempotency import WITHHELD, OnceRoute
from api.openapi import problems
from api.rendering import render
from api.routes.staff.shown import grouped, picture_of
from api.sessions import Entered, call_signed, form_signed, session_name
from api.words import words_for
from core.domain.staff import Session, WrongNewCode
from core.services.staff import SHORTEST_PASSWORD, OfferKey, TakeOwnSecrets, WeakPassword

pages = APIRouter(prefix="/desk/own", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/me", route_class=OnceRoute, tags=["staff"])
Text = Annotated[str, Form(max_length=1024)]
SIGNED = [Depends(call_signed)]


class KeyShown(BaseModel):
    """A key of one's own: `totp_uri` is the picture's content, `totp_secret` what is typed into an authenticator."""

    totp_uri: str
    totp_secret: str


class OwnSecrets(BaseModel):
    """A password that nobody else knows, and a code of the new key."""

    model_config = ConfigDict(extra="forbid")

    new: Annotated[str, Field(min_length=SHORTEST_PASSWORD, max_length=1024)]
    code: Annotated[str, Field(max_length=16)]


@pages.get("")
async def page(request: Request, session: Entered, offer: FromDishka[OfferKey]) -> Response:
    """The new key and the form; whoever has secrets of their own goes on to work."""
    if not session.member.handed:
        return RedirectResponse("/desk", 303)
    return await _page(request, session, offer)


@pages.post("", dependencies=[Depends(form_signed)])
async def take(
    request: Request,
    session: Entered,
    offer: FromDishka[OfferKey],
    use_case: FromDishka[TakeOwnSecrets],
    new: Text = "",
    code: Text = "",
) -> Response:
    """Take them, and go to work."""
    if not session.member.handed:
        return RedirectResponse("/desk", 303)
    try:
        await use_case(session.member.actor, _name(request), new, code)
    except (WeakPassword, WrongNewCode) as error:
        return await _page(request, session, offer, error=error)
    return RedirectResponse("/desk", 303)


@rest.post("/authenticator", responses=problems(400, 401, 403, 404, 413), dependencies=[*SIGNED, WITHHELD])
async def offered(request: Request, session: Entered, use_case: FromDishka[OfferKey]) -> KeyShown:
    """A key of your own, for whoever signed in with a handed one: in one session the same one each time."""
    key = await use_case(session.member.actor, _name(request))
    return KeyShown(totp_uri=key.totp_uri, totp_secret=key.totp_secret)


@rest.put("/secrets", status_code=204, responses=problems(400, 401, 403, 404, 413), dependencies=SIGNED)
async def take_by_call(
    request: Request, session: Entered, use_case: FromDishka[TakeOwnSecrets], body: OwnSecrets
) -> None:
    """Take a password and the key that was offered in place of handed ones: the desk is open from then on."""
    await use_case(session.member.actor, _name(request), body.new, body.code)


def _name(request: Request) -> str:
    name = session_name(request)
    if name is None:
        raise SignInFirst
    return name


async def _page(request: Request, session: Session, offer: OfferKey, *, error: Exception | None = None) -> Response:
    words, key = await words_for(request), await offer(session.member.actor, _name(request))
    return await render(
        request,
        "staff_own.html",
        told(error)[0] if error else 200,
        csrf=session.csrf,
        login=session.member.login,
        groups=grouped(key.totp_secret),
        picture=picture_of(key.totp_uri, words("staff.once.picture_alt")),
        shortest=SHORTEST_PASSWORD,
        error=detail(error, words) if error else None,
        weak=isinstance(error, WeakPassword),
    )
