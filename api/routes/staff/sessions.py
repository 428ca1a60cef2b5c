"""Where you are signed in, and how to end it from afar."""

from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.errors import answer_headers, detail, told
from api.rendering import render
from api.sessions import Current, form_signed
from api.words import words_for
from core.domain.staff import Locked, Session, WrongSignIn
from core.services.staff import SHORTEST_PASSWORD, ChangePassword, EndSession, ListSessions, WeakPassword

pages = APIRouter(prefix="/desk/sessions", route_class=DishkaRoute, include_in_schema=False)
Text = Annotated[str, Form(max_length=1024)]


@pages.get("")
async def page(request: Request, session: Current, view: FromDishka[ListSessions], done: bool = False) -> Response:
    """Every browser that you are signed in with."""
    return await _page(request, session, view, done="ended" if done else "")


@pages.post("/password", dependencies=[Depends(form_signed)])
async def change_password(
    request: Request,
    session: Current,
    use_case: FromDishka[ChangePassword],
    view: FromDishka[ListSessions],
    password: Text = "",
    code: Text = "",
    new: Text = "",
) -> Response:
    """Take another password; other sessions end."""
    try:
        await use_case(session.member.actor, session.id, password, code, new)
    except (WeakPassword, WrongSignIn, Locked) as error:
        response = await _page(request, session, view, error=error)
        response.headers.update(await answer_headers(error, request))
        return response
    return await _page(request, session, view, done="password")


@pages.post("/{session_id}/end", dependencies=[Depends(form_signed)])
async def end(session_id: UUID, session: Current, use_case: FromDishka[EndSession]) -> Response:
    """End one; whoever ends the one they sit in is out."""
    await use_case(session.member.actor, session_id)
    return RedirectResponse("/desk/sessions?done=true", 303)


async def _page(
    request: Request, session: Session, view: ListSessions, *, done: str = "", error: Exception | None = None
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "sessions.html",
        told(error)[0] if error else 200,
        found=await view(session.member.actor),
        current=session.id,
        shortest=SHORTEST_PASSWORD,
        done=done,
        error=detail(error, words) if error else None,
    )
