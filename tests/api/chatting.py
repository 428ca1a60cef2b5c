"""Grounds for conversations: citizens who call, and an operator in front of Chromium."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright

from api.live import Live
from core.domain.actor import Citizen, Role
from core.domain.canned import Canned
from core.domain.chat import Chats
from core.domain.conversation import Conversation, Conversations, ConversationState, LineKind
from core.domain.ids import CannedId, ChatId, ConversationId, new_id
from core.domain.staff import StaffMembers
from core.domain.support import SupportTopic, Urgency
from core.domain.team import Presence
from core.ports import Transaction
from core.services.canned import SaveCanned
from core.services.conversation import CallOperator, ClaimConversation, Said, SayToOperator
from core.services.team import SetPresence
from tests.api.office import Browser, Office, person
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.services import chromium as chromium_path

SHOTS = os.environ.get("MEDKARTA_TEST_SHOTS")
"""A folder for pictures of what the tests see; none are taken without it."""


class Talking:
    """The office seen from its conversations."""

    def __init__(self, office: Office) -> None:
        self.office, self.messages = office, 0

    async def calls(
        self, name: str = "Анна", family: str = "Ильина", words: str = "Не пришёл код", **more: object
    ) -> tuple[Citizen, ConversationId]:
        """Somebody calls an operator."""
        citizen = await self.office.knows(person(name, family))
        return citizen, await self.call_of(citizen, words, **more)

    async def call_of(self, citizen: Citizen, words: str = "Не пришёл код", **more: object) -> ConversationId:
        """Somebody whom the office knows calls an operator."""
        async with self.office.container() as inside:
            call = await inside.get(CallOperator)
            place = await call(citizen, topic=SupportTopic.CARD, words=words, doing="card", **more)  # type: ignore[arg-type]
        return place.conversation

    async def says(self, citizen: Citizen, text: str, *, file: tuple[str, str, bytes] | None = None) -> None:
        """The citizen says something."""
        self.messages += 1
        kind = LineKind.TEXT
        if file is not None:
            kind = LineKind.PHOTO if file[1].startswith("image/") else LineKind.DOCUMENT
        said = Said(kind, text, self.messages, self.office.clock.now(), file=file)
        async with self.office.container() as inside:
            await (await inside.get(SayToOperator))(citizen, said)

    async def claims(self, login: str, conversation: ConversationId) -> None:
        """A member takes it, at another desk."""
        async with self.office.container() as inside:
            members, transaction = await inside.get(StaffMembers), await inside.get(Transaction)
            async with transaction.looking():
                member = await members.by_login(login)
            assert member is not None
            await (await inside.get(SetPresence))(member.actor, Presence.HERE)
            await (await inside.get(ClaimConversation))(member.actor, conversation)

    async def readies(self, shortcut: str, title: str, text: str) -> None:
        """A senior keeps an answer ready."""
        async with self.office.container() as inside:
            members, transaction = await inside.get(StaffMembers), await inside.get(Transaction)
            async with transaction.looking():
                member = await members.by_login("igor")
            assert member is not None
            canned = Canned(CannedId(new_id(self.office.clock.now())), shortcut, title, {"ru": text, "en": text})
            await (await inside.get(SaveCanned))(member.actor, canned)

    async def waits(self, count: int) -> None:
        """So many wait in the queue."""
        now = self.office.clock.now()
        async with self.office.container() as inside:
            chats, conversations = await inside.get(Chats), await inside.get(Conversations)
            async with await inside.get(Transaction):
                for number in range(count):
                    chat = ChatId(700_000 + number)
                    await chats.meet(chat, "ru", now)
                    await conversations.open(
                        Conversation(
                            ConversationId(new_id(now)),
                            *(chat, None, "ru", SupportTopic.OTHER, Urgency.NORMAL, ConversationState.WAITING, now),
                        )
                    )


class Sitting:
    """A member of staff at the desk in Chromium. `complaints`: what the browser complained of."""

    def __init__(self, chromium: Chromium, address: str, session: str) -> None:
        self.chromium, self.address, self.session = chromium, address, session
        self.complaints: list[str] = []

    async def page(self, **how: object) -> Page:
        """Open a window."""
        size = {"width": 1440, "height": 900}
        context = await self.chromium.new_context(
            **{"base_url": self.address, "locale": "ru-RU", "viewport": size, **how}  # type: ignore[arg-type]
        )
        await context.add_cookies([{"name": "medkarta_desk", "value": self.session, "url": self.address}])
        page = await context.new_page()
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


async def sits(office: Office, browser: Browser, login: str, role: Role, name: str) -> str:
    """Hire somebody, let them sit down; return the session's name."""
    await office.hires(login, role, name=name)
    await browser.sits(office, login)
    session: str = browser.cookies["medkarta_desk"]
    return session


@asynccontextmanager
async def heard(office: Office) -> AsyncIterator[None]:
    """What happens is told to open pages meanwhile, as the running desk does."""
    stop, told = asyncio.Event(), office.app.state.live
    assert isinstance(told, Live)
    tasks = [asyncio.ensure_future(told.listen(stop)), asyncio.ensure_future(told.read(stop))]
    yield
    stop.set()
    told.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def seated(
    office: Office, login: str, role: Role, name: str, *, known: tuple[str, ...] = ()
) -> AsyncIterator[Sitting]:
    """Somebody sits at the desk in Chromium, which hears of what happens. The browser complains of nothing but what is `known`."""
    async with (
        served(office.app) as address,
        heard(office),
        async_playwright() as playwright,
        office.browser() as browser,
    ):
        session = await sits(office, browser, login, role, name)
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        sitting = Sitting(chromium, address, session)
        yield sitting
        await chromium.close()
    assert [each for each in sitting.complaints if not any(part in each for part in known)] == []


async def live(page: Page, address: str) -> None:
    """Open a page of the desk and wait until it hears of what happens."""
    await page.goto(address)
    await listens(page)


async def listens(page: Page) -> None:
    """Wait until the page hears of what happens and its script has the forms: one sent before opens a page."""
    await page.locator('[data-live="on"]').wait_for()
    await page.locator('[data-desk][data-ready="1"]').wait_for()


async def shot(page: Page, name: str) -> None:
    """Take a picture, where pictures are wanted."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")


async def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways, once it has its looks."""
    await page.wait_for_load_state()
    wide: bool = await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wide
