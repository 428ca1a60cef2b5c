"""An office for tests: the real container on SQLite, a clock handed in, people who work there and people who wait."""

import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Self
from uuid import UUID

import httpx
from argon2 import PasswordHasher
from dishka import AsyncContainer, Provider, Scope, provide
from fastapi import FastAPI
from PIL import Image
from pyotp import TOTP

from core import ports
from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.actor import Citizen, Role
from core.domain.chat import Chats
from core.domain.document import Document, Documents, DocumentState, Kind, Purpose
from core.domain.ids import AccountId, ChatId, DocumentId, StaffId, VerificationId, new_id
from core.domain.staff import Member, StaffMembers
from core.domain.verification import RequestState, VerificationRequest, Verifications
from core.security.keyring import KeyRing
from core.security.passwords import Argon2Passwords

MORNING = datetime.fromisoformat("2026-11-23T06:00:00+00:00")
PASSWORD = "valid horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASHED = CHEAP.hash(PASSWORD)
NAMES: Mapping[Role, str] = MappingProxyType(
    {Role.REVIEWER: "Зоя Лаптева", Role.ADMINISTRATOR: "Игорь Сомов", Role.AUDITOR: "Вера Тихая"}
)


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = MORNING

    def now(self) -> datetime:
        return self.moment

    def passes(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Gate:
    """The portal outside: who comes back from it, or why nobody does."""

    def __init__(self) -> None:
        self.person_behind: PortalPerson | Exception = person("Анна", "Ильина")
        self.away = False
        self.address = "https://portal.example.org"

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        if self.away:
            raise ports.Unavailable("portal")
        return f"{self.address}/authorize?state={state}"

    async def person(self, *, code: str, nonce: str, verifier: str) -> PortalPerson:
        if isinstance(self.person_behind, Exception):
            raise self.person_behind
        return self.person_behind


class Parts:
    """What is missing, as the test says."""

    def __init__(self) -> None:
        self.gone: list[str] = []

    async def missing(self) -> list[str]:
        return self.gone


class Silence:
    """Telegram outside: nothing is sent from the desk itself."""

    async def send(self, chat: int, push: ports.Push) -> int:
        raise ports.Unavailable("telegram")


class Post:
    """SMS and letters outside: what went out."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, _to: str, *said: str, key: UUID, attached: ports.Attachment | None = None) -> None:
        self.texts.append(" ".join([*said, attached.name if attached else ""]))


class Town(Provider):
    """The outside of the office, and the keys that the whole run shares."""

    scope = Scope.APP

    def __init__(self, keyring: KeyRing) -> None:
        super().__init__()
        self.ring, self.hands, self.gate, self.parts, self.post = keyring, HandClock(), Gate(), Parts(), Post()

    @provide(override=True)
    def keyring(self) -> KeyRing:
        return self.ring

    @provide(override=True)
    def clock(self) -> ports.Clock:
        return self.hands

    @provide(override=True)
    def portal(self) -> ports.Portal:
        return self.gate

    @provide(override=True)
    def readiness(self) -> ports.Readiness:
        return self.parts

    @provide
    def messenger(self) -> ports.Messenger:
        return Silence()

    @provide(override=True)
    def sms(self) -> ports.Sms:
        return self.post

    @provide(override=True)
    def mail(self) -> ports.Mail:
        return self.post

    @provide(override=True)
    def passwords(self) -> ports.Passwords:
        return Argon2Passwords(CHEAP)


def person(given: str, family: str, *, middle: str = "Сергеевна", inn: str | None = "500100732259") -> PortalPerson:
    """Return an invented person as the portal tells it."""
    return PortalPerson(
        subject=f"{given} {family}",
        level="P",
        family_name=family,
        given_name=given,
        middle_name=middle,
        birth_date=date(1992, 4, 17),
        inn=inn,
    )


def picture(size: tuple[int, int] = (640, 440)) -> bytes:
    """Return a small PNG."""
    file = io.BytesIO()
    Image.new("RGB", size, (214, 205, 180)).save(file, "PNG")
    return file.getvalue()


class Browser(httpx.AsyncClient):
    """A browser at the desk: keeps cookies, reads the secret out of pages, follows nothing by itself."""

    def __init__(self, app: FastAPI, *, address: str = "127.0.0.1", url: str = "http://desk.example.org") -> None:
        transport = httpx.ASGITransport(app=app, client=(address, 40000), raise_app_exceptions=False)
        super().__init__(transport=transport, base_url=url, headers={"Accept-Language": "ru"})

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def secret_on(self, page: str) -> str:
        """Return the secret of the form on a page."""
        return (await self.get(page)).text.split('name="csrf" value="')[1].split('"')[0]

    async def signs_in(
        self, office: "Office", login: str, *, password: str = PASSWORD, code: str | None = None
    ) -> httpx.Response:
        """Fill the form in and send it."""
        form = {"csrf": await self.secret_on("/desk/sign-in"), "login": login, "password": password}
        return await self.post("/desk/sign-in", data=form | {"code": code or office.code()})

    async def sits(self, office: "Office", login: str) -> str:
        """Sit down with a session that is already open; return the secret that writes repeat."""
        name = f"session-of-{login}-since-{office.clock.now():%d-%H-%M-%S}"
        async with office.container() as inside:
            members, transaction = await inside.get(StaffMembers), await inside.get(ports.Transaction)
            async with transaction:
                member = await members.by_login(login)
                assert member is not None
                await members.open_session(member.id, name, f"secret-of-{login}", office.clock.now())
        self.cookies.set("medkarta_desk", name, domain="desk.example.org")
        return f"secret-of-{login}"


class Office:
    """The desk's application over the real container, and ways to put people into it."""

    def __init__(self, app: FastAPI, container: AsyncContainer, town: Town) -> None:
        self.app, self.container = app, container
        self.clock, self.gate, self.parts, self.post = town.hands, town.gate, town.parts, town.post

    def browser(self, **more: str) -> Browser:
        return Browser(self.app, **more)

    def code(self) -> str:
        return TOTP(SECRET).at(self.clock.now())

    async def hires(self, login: str, role: Role = Role.REVIEWER, *, name: str | None = None) -> None:
        """Add a member of staff."""
        async with self.container() as inside:
            members, transaction = await inside.get(StaffMembers), await inside.get(ports.Transaction)
            now = self.clock.now()
            async with transaction:
                await members.add(
                    Member(
                        StaffId(new_id(now)), login, name or NAMES[role], role, password_hash=HASHED, totp_secret=SECRET
                    ),
                    now,
                )

    async def knows(self, who: PortalPerson) -> Citizen:
        """Add an account bound to a chat."""
        async with self.container() as inside:
            now = self.clock.now()
            account = Account(AccountId(new_id(now)), Verification.PENDING, who, None, None, 1)
            chat = ChatId(int(new_id(now)) % 10**9)
            accounts, chats = await inside.get(Accounts), await inside.get(Chats)
            async with await inside.get(ports.Transaction):
                await accounts.add(account, now)
                await chats.meet(chat, "ru", now)
                await chats.bind(chat, account.id, now)
        return Citizen(account.id, chat)

    async def sends(
        self,
        citizen: Citizen,
        kind: Kind,
        purpose: Purpose = Purpose.APPLICATION,
        *,
        content: bytes | None = None,
        mime: str = "image/png",
    ) -> DocumentId:
        """The citizen has sent a scan."""
        content = content or picture()
        async with self.container() as inside:
            now = self.clock.now()
            document = Document(
                DocumentId(new_id(now)),
                citizen.account,
                purpose,
                kind,
                DocumentState.RECEIVED,
                mime,
                len(content),
                1,
                now,
            )
            documents = await inside.get(Documents)
            async with await inside.get(ports.Transaction):
                await documents.put(document, content)
        return document.id

    async def asks(self, who: PortalPerson, *, inn: str | None = "500100732259") -> VerificationId:
        """Somebody waits for verification, with a passport scan, and an INN typed or scanned."""
        citizen = await self.knows(who)
        await self.sends(citizen, Kind.PASSPORT, Purpose.VERIFICATION)
        if inn is None:
            await self.sends(citizen, Kind.INN, Purpose.VERIFICATION)
        async with self.container() as inside:
            now = self.clock.now()
            request = VerificationRequest(VerificationId(new_id(now)), citizen.account, RequestState.PENDING, now, inn)
            verifications = await inside.get(Verifications)
            async with await inside.get(ports.Transaction):
                assert await verifications.ask(request)
        return request.id


def problem(answer: httpx.Response, status: int) -> str:
    """Check the shape of RFC 9457 and return the type."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    name: str = body["type"]
    return name
