"""Keys with which doctors sign corrections: an administrator registers the public half of each."""

from datetime import datetime
from typing import Annotated

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.errors import detail, told
from api.idempotency import OnceRoute
from api.openapi import problems
from api.rendering import render
from api.sessions import Administrator, call_signed, form_signed
from api.words import words_for
from core.domain.actor import Actor
from core.domain.staff import NotASigner
from core.ports import BadKey
from core.services.staff import NoSuchMember
from core.services.vaccination import AddStaffKey, ViewStaffKeys

pages = APIRouter(prefix="/desk/keys", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/staff-keys", route_class=OnceRoute, tags=["vaccination"])
IN_THE_WAY = (BadKey, NoSuchMember, NotASigner)
LONGEST = 16 * 1024


class SignerKey(BaseModel):
    """A doctor and the key in use: its SHA-256 fingerprint and since when; both null where none is registered."""

    login: str
    name: str
    fingerprint: str | None
    since: datetime | None


class NewKey(BaseModel):
    """A public key in PEM (RSA of 4096 bits, or Ed25519) and whose it is. The same key again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[str, Field(max_length=64)]
    pem: Annotated[str, Field(max_length=LONGEST)]


class Fingerprint(BaseModel):
    """What is compared with the owner over the phone."""

    fingerprint: str


@pages.get("")
async def page(
    request: Request, session: Administrator, view: FromDishka[ViewStaffKeys], done: bool = False
) -> Response:
    """Who signs with which key, and the form."""
    return await _page(request, session.member.actor, view, done=done)


@pages.post("", dependencies=[Depends(form_signed)])
async def add_on_page(
    request: Request,
    session: Administrator,
    view: FromDishka[ViewStaffKeys],
    add: FromDishka[AddStaffKey],
    login: Annotated[str, Form()] = "",
    pem: Annotated[str, Form()] = "",
) -> Response:
    """Register one; what stands in the way is said on the same page, with everything typed still in its field."""
    actor = session.member.actor
    try:
        await add(login.replace("\0", ""), pem.encode(), actor)
    except IN_THE_WAY as error:
        return await _page(request, actor, view, login=login, pem=pem, error=error)
    return RedirectResponse("/desk/keys?done=true", 303)


@rest.get("", responses=problems(401, 403, 422))
async def read(session: Administrator, view: FromDishka[ViewStaffKeys]) -> list[SignerKey]:
    """Every doctor, with the key in use."""
    return [
        SignerKey(
            login=each.login,
            name=each.name,
            fingerprint=each.key.fingerprint if each.key else None,
            since=each.key.added_at if each.key else None,
        )
        for each in await view(session.member.actor)
    ]


@rest.post("", responses=problems(400, 401, 403, 413, 422), dependencies=[Depends(call_signed)])
async def add_by_call(session: Administrator, add: FromDishka[AddStaffKey], key: NewKey) -> Fingerprint:
    """Register a key: from now on the doctor signs with it alone; what the former one has signed stays valid."""
    found = await add(key.login.replace("\0", ""), key.pem.encode(), session.member.actor)
    return Fingerprint(fingerprint=found)


async def _page(
    request: Request,
    actor: Actor,
    view: ViewStaffKeys,
    *,
    login: str = "",
    pem: str = "",
    error: Exception | None = None,
    done: bool = False,
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "keys.html",
        told(error)[0] if error else 200,
        signers=await view(actor),
        login=login,
        pem=pem,
        limit=LONGEST,
        done=done,
        error=detail(error, words) if error else None,
    )
