"""The outside of the town: portal, registries, SMS, mail, Telegram and clinics, as tests command them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core import ports
from core.domain.account import PortalPassport, PortalPerson
from core.ports import Inspected, Push, Refused, Unavailable, Verdict
from tests.core.services.clinic_server import ClinicServer

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
class Outside:
    """Portal, registries, SMS, mail and Telegram, as far as the core can see them."""

    person: PortalPerson = ANNA
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    attached: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    letters: list[tuple[str, str, str]] = field(default_factory=list)
    enclosed: list[ports.Attachment] = field(default_factory=list)
    pushes: list[tuple[int, Push]] = field(default_factory=list)
    pinned: list[tuple[int, int]] = field(default_factory=list)
    edited: list[tuple[int, int, str]] = field(default_factory=list)
    removed: list[tuple[int, int]] = field(default_factory=list)
    typed: list[int] = field(default_factory=list)
    moods: list[Exception] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[object]] | None = None
    clinic: ClinicServer = field(default_factory=ClinicServer)

    async def goes_on(self) -> None:
        """What happens while an answer is waited for."""
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()

    async def _answer(self, registry: str, number: str) -> Verdict:
        self.asked.append((registry, number))
        await self.goes_on()
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

    async def attached(self, policy: str) -> str | None:
        if "attachment" in self.outside.away:
            raise Unavailable("registry.attachment")
        return self.outside.attached.get(policy)


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

    async def send(
        self, address: str, subject: str, text: str, *, key: UUID, attached: ports.Attachment | None = None
    ) -> None:
        self.outside.letters.append((address, subject, text))
        if attached is not None:
            self.outside.enclosed.append(attached)


class TownMessenger:
    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    async def send(self, chat: int, push: Push) -> int:
        await self.outside.goes_on()
        self._mood()
        self.outside.pushes.append((chat, push))
        return len(self.outside.pushes)

    async def pin(self, chat: int, message: int) -> None:
        self._mood()
        self.outside.pinned.append((chat, message))

    async def unpin(self, chat: int, message: int) -> None:
        self._mood()
        if (chat, message) not in self.outside.pinned:
            raise Refused("Bad Request: message to unpin not found")
        self.outside.pinned.remove((chat, message))

    async def edit(self, chat: int, message: int, text: str, *, caption: bool = False) -> None:
        self._mood()
        self.outside.edited.append((chat, message, text))

    async def remove(self, chat: int, message: int) -> None:
        self._mood()
        self.outside.removed.append((chat, message))

    async def typing(self, chat: int) -> None:
        self._mood()
        self.outside.typed.append(chat)

    def _mood(self) -> None:
        if self.outside.moods:
            raise self.outside.moods.pop(0)


class TownInspector:
    async def inspect(self, content: bytes) -> Inspected:
        return Inspected("image/png", 1, content)


class TownWording:
    """Shows the key and the values: what is said is tested elsewhere."""

    def say(self, key: str, language: str, values: Mapping[str, str]) -> str:
        return " ".join([key, *(f"{name}={value}" for name, value in sorted(values.items()))])
