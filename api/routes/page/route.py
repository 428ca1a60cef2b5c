"""What stands in the way on a citizen's page, said on such a page; and a closed lock, that leads to where it opens."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from dishka.integrations.fastapi import DishkaRoute
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.errors import FormRefused
from api.limits import is_large
from api.rendering import render
from api.routes.page.lock import held_in, show_lock
from api.routes.page.session import OURS, Mine, current, forget
from core.domain.access import LockedOut
from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, SignInNeeded
from core.domain.card import CardSuspended, NoCard
from core.domain.consent import NoConsent
from core.domain.extract import ExtractNotThere
from core.domain.page import PageGone
from core.domain.record import NotFound
from core.domain.ticket import TicketNotThere
from core.domain.vaccination import ClaimNotThere
from core.services.factor import ViewSecurity

TOO_BIG = 413


class TooBig(Exception):
    """More was sent than such a page reads."""


FAULTS: Mapping[type[Exception], tuple[int, str]] = {
    PageGone: (401, "gone"),
    SignInNeeded: (401, "gone"),
    NotAllowed: (401, "gone"),
    FormRefused: (403, "form"),
    NoCard: (404, "no_card"),
    CardSuspended: (403, "suspended"),
    NoConsent: (403, "suspended"),
    NotFound: (404, "not_there"),
    ExtractNotThere: (404, "not_there"),
    ClaimNotThere: (404, "not_there"),
    TicketNotThere: (404, "not_there"),
    TooBig: (413, "too_big"),
    WrongMove: (409, "changed"),
}
"""What stands in the way, and the words for it: `page.fault.<name>`."""


class PageRoute(DishkaRoute):
    """A page of a citizen: what stands in the way is said on such a page, and a closed lock leads to where it opens."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """Return the handler."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                if is_large(request):
                    # Whoever has no session sends no file: nothing of it is read.
                    await current(request)
                return await inner(request)
            except LockedOut:
                return await to_unlock(request)
            except tuple(FAULTS) as fault:
                return await said(request, fault)
            except HTTPException as fault:
                if fault.status_code != TOO_BIG:
                    raise
                return await said(request, TooBig())

        return handler


async def to_unlock(request: Request) -> Response:
    """Lead to the lock, and from there back to what was asked for: a form's words wait in the page of the lock itself."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET":
        return await hold(request, wanted)
    if not OURS.fullmatch(wanted):
        return RedirectResponse("/my/unlock", 303)
    return RedirectResponse(f"/my/unlock?next={quote(wanted, safe='')}", 303)


async def hold(request: Request, path: str) -> Response:
    """The sections closed while a form was filled in: ask for a code, and keep what was typed in the form of the lock."""
    mine: Mine = request.state.mine
    view: ViewSecurity = await request.state.dishka_container.get(ViewSecurity)
    return await show_lock(request, mine, view, held=held_in(await request.form(), path))


async def said(request: Request, fault: Exception) -> Response:
    """Say what stands in the way, and where to go from here."""
    status, name = next(known for kind, known in FAULTS.items() if isinstance(fault, kind))
    mine: Mine | None = getattr(request.state, "mine", None)
    inside = mine is not None and name != "gone"
    response = await render(
        request,
        "my/fault.html",
        status,
        name=name,
        csrf=mine.csrf if mine is not None and inside else None,
        open=mine is not None and mine.session.proved,
        back=request.url.path if isinstance(fault, TooBig) and OURS.fullmatch(request.url.path) else None,
    )
    if name == "gone":
        forget(request, response)
    return response
