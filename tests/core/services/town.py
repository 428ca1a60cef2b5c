"""A small town for use cases: the real container on a real database, and an outside that tests can command."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from dishka import AsyncContainer, Provider, Scope

from core import ports
from core.domain.account import PortalPerson
from core.domain.actor import Citizen
from core.domain.document import Kind, Purpose
from core.domain.factor import SPAN, Factor, FactorKind, Factors, Unlock, Unlocks
from core.domain.ids import ChatId
from core.security.keyring import KeyRing
from core.services.chat import MeetChat
from core.services.document import UploadDocument
from core.services.notification import DeliverDue, RecoverLapsed
from core.services.signin import BeginSignIn, CompleteSignIn, OpenSignIn
from ops.container import make_container
from ops.pace import Budget, LocalLedger
from ops.settings import Settings
from tests.core.services.outside import (
    ANNA,
    Outside,
    TownInspector,
    TownMail,
    TownMessenger,
    TownPortal,
    TownRegistries,
    TownSms,
    TownWording,
)

T = TypeVar("T")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AUTHENTICATOR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The key in the phone of those who are unlocked by `Town.unlock`."""


@dataclass
class Hands:
    """A clock that tests turn."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def turn(self, **by: float) -> None:
        self.moment += timedelta(**by)

    async def nap(self, seconds: float) -> None:
        """Wait, as those do who wait by this clock."""
        self.turn(seconds=seconds)


class Town:
    """Use cases called as a front-end calls them: each in a scope of its own."""

    def __init__(self, container: AsyncContainer, outside: Outside, clock: Hands, state: Path, url: str = "") -> None:
        self.container = container
        self.outside = outside
        self.clock = clock
        self.state = state
        self.url = url

    async def call(self, use_case: type[T], *arguments: object, **named: object) -> object:
        """Call one use case in a fresh scope."""
        async with self.container() as scope:
            return await (await scope.get(use_case))(*arguments, **named)  # type: ignore[operator]

    async def sign_in(self, chat: int = 1, person: PortalPerson = ANNA, **known: object) -> Citizen:
        """Sign in through the portal from a chat, and return who acts from then on."""
        self.outside.person = replace(person, **known)  # type: ignore[arg-type]
        await self.call(MeetChat, ChatId(chat), "ru")
        await self.begin(chat)
        met = await self.call(MeetChat, ChatId(chat), "ru")
        actor = met.actor  # type: ignore[attr-defined]
        assert isinstance(actor, Citizen)
        return actor

    async def begin(self, chat: int) -> object:
        """Go through the portal from a chat; returns the outcome."""
        ticket = await self.call(BeginSignIn, ChatId(chat), "Анна")
        passage = await self.call(OpenSignIn, ticket)
        return await self.call(CompleteSignIn, passage.state, "code")  # type: ignore[attr-defined]

    async def sign_in_elsewhere(self, chat: int) -> None:
        """Come back from the portal into another chat: does the account move there?"""
        await self.call(MeetChat, ChatId(chat), "ru")
        await self.begin(chat)

    async def upload_all(self, citizen: Citizen) -> None:
        """Send the three scans of the application."""
        for kind in (Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION):
            await self.call(UploadDocument, citizen, Purpose.APPLICATION, kind, b"scan")

    async def unlock(self, citizen: Citizen, span: timedelta = SPAN) -> None:
        """Open the medical sections in the citizen's chat, as if a code of the authenticator had just been right."""
        async with self.container() as scope:
            factors, unlocks = await scope.get(Factors), await scope.get(Unlocks)
            async with await scope.get(ports.Transaction):
                now = self.clock.now()
                if await factors.of(citizen.account) is None:
                    ready = Factor(citizen.account, FactorKind.TOTP, secret=AUTHENTICATOR, confirmed=True)
                    await factors.save(ready, now)
                await unlocks.put(Unlock(citizen.account, citizen.chat, now, now + span, span))

    async def deliver(self) -> None:
        """Let the worker send what is due."""
        await self.call(RecoverLapsed)
        while await self.call(DeliverDue):
            pass

    async def code(self) -> str:
        """Return the latest code that went out, by SMS or mail."""
        await self.deliver()
        said = [text for _, text in self.outside.texts] + [text for _, _, text in self.outside.letters]
        last = [text for text in said if "code=" in text][-1]
        return last.split("code=")[1][:6]


async def settle(stack: AsyncExitStack, url: str, tmp_path: Path, keyring: KeyRing) -> Town:
    """Build the town on a migrated database."""
    outside, clock = Outside(), Hands()

    def seconds() -> float:
        return clock.now().timestamp()

    pace = Budget(LocalLedger(lambda: seconds() * 1000), 1000, nap=clock.nap, clock=seconds)
    provider = Provider(scope=Scope.APP)
    for port, adapter in (
        (ports.Portal, TownPortal(outside)),
        (ports.Registries, TownRegistries(outside)),
        (ports.Sms, TownSms(outside)),
        (ports.Mail, TownMail(outside)),
        (ports.Messenger, TownMessenger(outside)),
        (ports.Inspector, TownInspector()),
        (ports.Wording, TownWording()),
        (ports.Schedules, outside.clinic),
        (ports.Clock, clock),
        (ports.Pace, pace),
        (KeyRing, keyring),
    ):
        provider.provide(_given(adapter), provides=port)
    container = make_container(
        Settings(database_url=url, state_dir=tmp_path / "state", quiet_hours="22:00-08:00"), provider
    )
    stack.push_async_callback(container.close)
    return Town(container, outside, clock, tmp_path / "state", url)


def _given(adapter: object) -> Callable[[], object]:
    return lambda: adapter
