"""A small town for use cases: the real container on a real database, and an outside that tests can command."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from dishka import AsyncContainer, Provider, Scope

from core import ports
from core.domain.account import PortalPassport, PortalPerson
from core.domain.actor import Citizen
from core.domain.document import Kind, Purpose
from core.domain.ids import ChatId
from core.ports import Inspected, Push, Unavailable, Verdict
from core.security.keyring import KeyRing
from core.services.chat import MeetChat
from core.services.document import UploadDocument
from core.services.notification import DeliverDue
from core.services.signin import BeginSignIn, CompleteSignIn, OpenSignIn
from ops.container import make_container
from ops.settings import Settings

T = TypeVar("T")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

ANNA = PortalPerson(
    subject="anna",
    level="PR",
    family_name="Ильина",
    given_name="Анна",
    middle_name="Сергеевна",
    birth_date=date(1992, 3, 14),
    sex="female",
    snils="112-233-445 95",
    inn="500100732259",
    phone="+79000000001",
    email="anna@example.org",
    address="г. Тверь, ул. Советская, д. 1, кв. 2",
    passport=PortalPassport("4512", "345678", date(2012, 4, 1), "ОВД района Арбат города Москвы", "770-001"),
    policy="7756000812345677",
)


@dataclass
class Hands:
    """A clock that tests turn."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def turn(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Outside:
    """Portal, registries, SMS, mail and Telegram, as far as the core can see them."""

    person: PortalPerson = ANNA
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    pushes: list[tuple[int, Push]] = field(default_factory=list)
    moods: list[Exception] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def _answer(self, registry: str, number: str) -> Verdict:
        self.asked.append((registry, number))
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        if registry in self.away:
            raise Unavailable(f"registry.{registry}")
        return self.verdicts.get(registry, Verdict.VALID)


class TownPortal:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        return f"https://portal.example.org/?state={state}"

    async def person(self, *, code: str, nonce: str, verifier: str) -> PortalPerson:
        if "portal" in self.outside.away:
            raise Unavailable("portal")
        return self.outside.person


class TownRegistries:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def passport(self, series: str, number: str, *, surname: str | None, birth_date: date | None) -> Verdict:
        return await self.outside._answer("passport", series + number)

    async def snils(self, snils: str, *, surname: str | None, birth_date: date | None) -> Verdict:
        return await self.outside._answer("snils", snils)

    async def policy(self, number: str, *, series: str | None, surname: str | None, birth_date: date | None) -> Verdict:
        return await self.outside._answer("policy", number)


class TownSms:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, phone: str, text: str, *, key: UUID) -> None:
        if "sms" in self.outside.away:
            raise Unavailable("sms")
        self.outside.texts.append((phone, text))


class TownMail:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, address: str, subject: str, text: str, *, key: UUID) -> None:
        self.outside.letters.append((address, subject, text))


class TownMessenger:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, chat: int, push: Push) -> int:
        if self.outside.moods:
            raise self.outside.moods.pop(0)
        self.outside.pushes.append((chat, push))
        return len(self.outside.pushes)


class TownInspector:
    async def inspect(self, content: bytes) -> Inspected:
        return Inspected("image/png", 1, content)


class TownWording:
    """Shows the key and the values: what is said is tested elsewhere."""

    def say(self, key: str, language: str, values: Mapping[str, str]) -> str:
        return " ".join([key, *(f"{name}={value}" for name, value in sorted(values.items()))])


class Town:
    """Use cases called as a front-end calls them: each in a scope of its own."""

    def __init__(self, container: AsyncContainer, outside: Outside, clock: Hands) -> None:
        self.container = container
        self.outside = outside
        self.clock = clock

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

    async def upload_all(self, citizen: Citizen) -> None:
        """Send the three scans of the application."""
        for kind in (Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION):
            await self.call(UploadDocument, citizen, Purpose.APPLICATION, kind, b"scan")

    async def deliver(self) -> None:
        """Let the worker send what is due."""
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
    provider = Provider(scope=Scope.APP)
    for port, adapter in (
        (ports.Portal, TownPortal(outside)),
        (ports.Registries, TownRegistries(outside)),
        (ports.Sms, TownSms(outside)),
        (ports.Mail, TownMail(outside)),
        (ports.Messenger, TownMessenger(outside)),
        (ports.Inspector, TownInspector()),
        (ports.Wording, TownWording()),
        (ports.Clock, clock),
        (KeyRing, keyring),
    ):
        provider.provide(_given(adapter), provides=port)
    container = make_container(Settings(database_url=url, state_dir=tmp_path / "state"), provider)
    stack.push_async_callback(container.close)
    return Town(container, outside, clock)


def _given(adapter: object) -> Callable[[], object]:
    return lambda: adapter
