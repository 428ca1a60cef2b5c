"""Whose browser it is: the cookie of a page's session, and the secret that its forms repeat."""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import compare_digest
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from api.context import clock_of
from api.cookies import drop, give, held
from api.errors import FormRefused
from api.limits import Attempts
from api.rendering import render
from api.sessions import from_here
from core.domain.access import LockedOut
from core.domain.actor import Citizen
from core.domain.page import LONGEST, PageGone, PageSession
from core.services.page import FindPage

NAME = "medkarta_page"
OURS = re.compile(r"/my(/[a-z0-9-]+)*(\?[A-Za-z0-9=&%._-]*)?")
"""Where an unlocked page leads on: nothing that anybody typed stands in such an address."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A session with its secret. `csrf` goes into every form."""

    session: PageSession
    secret: str = field(repr=False)

    @property
    def citizen(self) -> Citizen:
        """Who acts."""
        return self.session.citizen

    @property
    def zone(self) -> ZoneInfo:
        """The person's clock."""
        return ZoneInfo(self.session.zone)

    @property
    def csrf(self) -> str:
        """The secret of this session's forms: it tells nothing about the session's own."""
        return sha256(b"form:" + self.secret.encode()).hexdigest()


async def current(request: Request) -> Mine:
    """Return the session of this browser. Raises PageGone."""
    secret = held(request, NAME)
    if not secret:
        raise PageGone
    find: FindPage = await request.state.dishka_container.get(FindPage)
    mine = Mine(await find(secret), secret)
    request.state.mine = mine
    return mine


Current = Annotated[Mine, Depends(current)]


async def proved(mine: Current) -> Mine:
    """Return the session of a browser in which the second factor was shown. Raises LockedOut.

    The gate asks again: this alone keeps a second browser out while the sections are open in the first.
    """
    if not mine.session.proved:
        raise LockedOut(ready=mine.session.lockable)
    return mine


Proved = Annotated[Mine, Depends(proved)]


async def careful(mine: Current) -> Mine:
    """Return the session for what identifies a person: whoever has a second factor shows it first. Raises LockedOut."""
    return await proved(mine) if mine.session.lockable else mine


Careful = Annotated[Mine, Depends(careful)]


async def signed(request: Request, mine: Current, csrf: Annotated[str, Form()] = "") -> None:
    """A form of a page carries the session's secret. Raises FormRefused."""
    from_here(request)
    if not compare_digest(csrf.encode(), mine.csrf.encode()):
        raise FormRefused


async def unhurried(request: Request, mine: Current) -> None:
    """One person sends so many forms of requests in a time, from whatever address. Raises TooManyTries."""
    writes: Attempts = request.app.state.ticket_writes
    writes.begin(str(mine.citizen.account), (await clock_of(request)).now())


def keep(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session."""
    give(request, response, NAME, secret, LONGEST)


def forget(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    drop(request, response, NAME)


async def show(request: Request, mine: Mine, page: str, status: int = 200, **values: object) -> Response:
    """Fill a page of this session."""
    return await render(request, f"my/{page}.html", status, csrf=mine.csrf, open=mine.session.proved, **values)
