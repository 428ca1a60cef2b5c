"""Citizens who talk with the desk, and members of staff who answer through its API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpx

from core import ports
from core.domain.actor import Citizen, Role, Visitor
from core.domain.chat import Chats
from core.domain.conversation import Line, LineKind
from core.domain.ids import ChatId, ConversationId, TeamId, TicketId
from core.domain.support import SupportTopic
from core.services.conversation import CallOperator, Said, SayToOperator
from core.services.ticket import BeginTicket, DescribeTicket, SendTicket
from tests.api.listening import hired
from tests.api.office import Browser, Office, person

KEYS = count()


class Member:
    """Somebody at the desk who works through the API."""

    def __init__(self, browser: Browser, csrf: str) -> None:
        self.browser, self.csrf = browser, csrf

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.browser.get(f"/api/v1{path}", params=query)

    async def does(
        self, method: str, path: str, body: Any = None, *, key: str | None = "", **more: Any
    ) -> httpx.Response:
        """Write. A key of its own goes with every call, unless one is named, or none with None."""
        headers = {"X-CSRF-Token": self.csrf}
        if key == "":
            key = f"key-{next(KEYS)}"
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            more["json"] = body
        return await self.browser.request(method, f"/api/v1{path}", headers=headers, **more)

    async def posts(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.does("POST", path, body, **more)

    async def sees(self, conversation: ConversationId, after: int = 0) -> dict[str, Any]:
        """Return a conversation as it is shown."""
        answer = await self.get(f"/conversations/{conversation}", after=after)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def says(
        self, conversation: ConversationId, text: str, *, key: str | None = "", **more: Any
    ) -> httpx.Response:
        """Answer, having seen everything."""
        seen = (await self.sees(conversation))["conversation"]
        body = {"text": text, "epoch": seen["epoch"], "seen": seen["lines"]} | more
        return await self.posts(f"/conversations/{conversation}/lines", body, key=key)


@asynccontextmanager
async def at_desk(
    office: Office, login: str, role: Role = Role.OPERATOR, team: TeamId | None = None
) -> AsyncIterator[Member]:
    """Somebody who was hired and has signed in."""
    await hired(office, login, role, team)
    async with office.browser() as browser:
        yield Member(browser, await browser.sits(office, login))


async def calls(office: Office, name: str = "Анна", **how: Any) -> tuple[Citizen, ConversationId]:
    """Somebody with an account asks for an operator."""
    citizen = await office.knows(person(name, "Ильина"))
    async with office.container() as inside:
        place = await (await inside.get(CallOperator))(citizen, **how)
    return citizen, place.conversation


async def visits(office: Office, chat: int) -> ConversationId:
    """Somebody without an account asks for an operator."""
    async with office.container() as inside:
        chats = await inside.get(Chats)
        async with await inside.get(ports.Transaction):
            await chats.meet(ChatId(chat), "ru", office.clock.now())
    async with office.container() as inside:
        return (await (await inside.get(CallOperator))(Visitor(ChatId(chat)))).conversation


async def writes(office: Office, citizen: Citizen, text: str, message: int = 1, **more: Any) -> Line:
    """The citizen says something."""
    async with office.container() as inside:
        said = Said(more.pop("kind", LineKind.TEXT), text, message, office.clock.now(), **more)
        return await (await inside.get(SayToOperator))(citizen, said)


async def requests(office: Office, text: str = "Карта не открывается", name: str = "Анна") -> tuple[Citizen, TicketId]:
    """Somebody sends a ticket."""
    citizen = await office.knows(person(name, "Ильина"))
    return citizen, await requests_too(office, citizen, text)


async def requests_too(office: Office, citizen: Citizen, text: str) -> TicketId:
    """Somebody whom the office knows sends a ticket."""
    for use_case, told in ((BeginTicket, SupportTopic.CARD), (DescribeTicket, text)):
        async with office.container() as inside:
            await (await inside.get(use_case))(citizen, told)  # type: ignore[operator]
    async with office.container() as inside:
        return (await (await inside.get(SendTicket))(citizen)).id
