"""A citizen with a browser: a link from the chat, the code of the second factor, results to look at."""

import re
from collections.abc import Sequence
from typing import Self

import httpx
from pyotp import TOTP

from core import ports
from core.domain.actor import Citizen
from core.domain.factor import Factor, FactorKind, Factors
from core.domain.page import Place
from core.domain.record import Panel, Result, Results, Visit, Visits
from core.services.notification import DeliverDue
from core.services.page import MakeLink
from tests.api.office import SECRET, Browser, Office

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Visitor:
    """A citizen and one browser of theirs."""

    def __init__(self, office: Office, citizen: Citizen) -> None:
        self.office, self.citizen = office, citizen
        self.browser: Browser = office.browser()

    async def __aenter__(self) -> Self:
        await self.browser.__aenter__()
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self.browser.aclose()

    async def link(self, place: Place = Place.HOME) -> str:
        """Ask the chat for a link."""
        return f"/my/open/{await call(self.office, MakeLink, self.citizen, place)}"

    async def enters(self, place: Place = Place.HOME) -> httpx.Response:
        """Follow a fresh link to its place."""
        link = await self.link(place)
        answer = await self.sends(link, page=link)
        assert answer.status_code == 303, answer.text
        return await self.browser.get(answer.headers["location"])

    async def unlocks(self, code: str | None = None, onward: str = "") -> httpx.Response:
        """Show the second factor."""
        return await self.sends("/my/unlock", page="/my/unlock", code=code or self.code(), next=onward)

    async def sees(self, path: str, *words: str, status: int = 200) -> str:
        """Look at a page, which says these words."""
        answer = await self.browser.get(path)
        assert answer.status_code == status, (answer.status_code, answer.headers.get("location"), answer.text)
        for each in words:
            assert each in answer.text, answer.text
        return answer.text

    async def sends(self, path: str, *, page: str = "/my", **form: str) -> httpx.Response:
        """Send a form that stands on a page."""
        answer = await self.browser.get(page)
        token = CSRF.search(answer.text)
        assert token is not None, (page, answer.text)
        return await self.browser.post(path, data={"csrf": token[1], **form})

    def code(self) -> str:
        """What the authenticator shows."""
        return TOTP(SECRET).at(self.office.clock.now())

    async def has_factor(self) -> None:
        """The authenticator is set up already."""
        async with self.office.container() as inside:
            factors = await inside.get(Factors)
            async with await inside.get(ports.Transaction):
                ready = Factor(self.citizen.account, FactorKind.TOTP, secret=SECRET, confirmed=True)
                await factors.save(ready, self.office.clock.now())


async def call(office: Office, use_case: type, *arguments: object, **named: object) -> object:
    """Call a use case as the chat does."""
    async with office.container() as inside:
        return await (await inside.get(use_case))(*arguments, **named)


async def delivered(
    office: Office, results: Sequence[Result] = (), panels: Sequence[Panel] = (), visits: Sequence[Visit] = ()
) -> None:
    """Put records as a clinic's delivery does."""
    async with office.container() as inside:
        kept, seen = await inside.get(Results), await inside.get(Visits)
        async with await inside.get(ports.Transaction):
            await kept.put(results, panels)
            await seen.put(visits)


async def posted(office: Office) -> list[str]:
    """Let the worker send what is due; returns all SMS and letters so far."""
    while await call(office, DeliverDue):
        pass
    return office.post.texts


async def told_code(office: Office) -> str:
    """Return the last code that went out by SMS or mail."""
    codes = [found for text in await posted(office) for found in re.findall(r"\b\d{6}\b", text)]
    return str(codes[-1])
