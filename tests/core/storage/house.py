"""A house of Sql twins over one database, with a clock and a file shelf of its own, and invented people."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.account import Account, PortalPassport, PortalPerson, Verification
from core.domain.actor import Citizen, Role
from core.domain.application import Answer, Application, ApplicationState, Check, Field, Source
from core.domain.document import Document, DocumentState, Kind, Purpose
from core.domain.ids import AccountId, ApplicationId, ChatId, DocumentId, NotificationId, StaffId, new_id
from core.domain.notification import Channel, Lane, Notification
from core.domain.staff import Member
from core.domain.update import Incoming
from core.security.blind import KeyedIndexes
from core.security.envelope import Envelope
from core.security.keyring import KeyRing
from core.storage.account import SqlAccounts
from core.storage.application import SqlApplications
from core.storage.audit import SqlAuditLog, SqlAuditTrail
from core.storage.card import SqlCards
from core.storage.chat import SqlChats
from core.storage.code import SqlChallenges
from core.storage.consent import SqlConsents
from core.storage.document import SqlDocuments
from core.storage.extract import SqlExtracts
from core.storage.key import Seals
from core.storage.notification import SqlOutbox
from core.storage.record import SqlReferrals, SqlResults, SqlVaccinations, SqlVisits
from core.storage.signin import SqlSignIns
from core.storage.staff import SqlStaffMembers
from core.storage.trail import SignedTrail
from core.storage.transaction import SqlTransaction
from core.storage.update import SqlUpdates
from core.storage.verification import SqlVerifications
from ops.events import LocalEvents

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class SetClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def pass_(self, **span: float) -> datetime:
        self.moment += timedelta(**span)
        return self.moment


class Shelf:
    """A file store in memory: the outside of this room."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.broken = False

    async def put(self, key: str, content: bytes) -> None:
        self.files[key] = content

    async def get(self, key: str) -> bytes:
        if key not in self.files:
            raise FileNotFoundError(key)
        return self.files[key]

    async def delete(self, key: str) -> None:
        if self.broken:
            raise OSError("the disk is away")
        self.files.pop(key, None)


class Request:
    """What one request gets: a transaction and the twins over it."""

    def __init__(self, house: "House", incoming: Incoming) -> None:
        indexes = KeyedIndexes(house.keyring)
        self.transaction = SqlTransaction(house.engine, house.clock, incoming)
        self.seals = Seals(self.transaction, house.envelope)
        self.accounts = SqlAccounts(self.transaction, self.seals, indexes)
        self.applications = SqlApplications(self.transaction, self.seals)
        self.audit = SqlAuditLog(self.transaction, house.clock)
        self.cards = SqlCards(self.transaction, self.seals, indexes)
        self.challenges = SqlChallenges(self.transaction, self.seals)
        self.chats = SqlChats(self.transaction)
        self.consents = SqlConsents(self.transaction)
        self.documents = SqlDocuments(self.transaction, self.seals, house.shelf)
        self.extracts = SqlExtracts(self.transaction, self.seals, house.shelf, house.archive)
        self.outbox = SqlOutbox(self.transaction, self.seals, house.events)
        self.sign_ins = SqlSignIns(self.transaction, self.seals)
        self.staff = SqlStaffMembers(self.transaction, self.seals)
        self.journal = SqlAuditTrail(self.transaction)
        self.trail = SignedTrail(self.transaction, house.keyring, house.outside)
        self.updates = SqlUpdates(self.transaction)
        self.verifications = SqlVerifications(self.transaction, self.seals)
        self.results = SqlResults(self.transaction, self.seals, indexes)
        self.visits = SqlVisits(self.transaction, self.seals)
        self.vaccinations = SqlVaccinations(self.transaction, self.seals)
        self.referrals = SqlReferrals(self.transaction, self.seals)


class House:
    """The product's storage over one database."""

    def __init__(self, engine: AsyncEngine, keyring: KeyRing, kind: str, outside: Path) -> None:
        self.engine = engine
        self.keyring = keyring
        self.kind = kind
        self.outside = outside
        self.envelope = Envelope(keyring)
        self.clock = SetClock()
        self.shelf = Shelf()
        self.archive = Shelf()
        self.events = LocalEvents()
        self._chats = 1000

    def request(self, update: int | None = None) -> Request:
        return Request(self, Incoming(update))

    async def newcomer(self, person: PortalPerson | None = None) -> Citizen:
        """Somebody who has just signed in from a chat of their own."""
        self._chats += 1
        here = self.request()
        now = self.clock.now()
        account = an_account(person or a_person(f"subject-{self._chats}"), now)
        async with here.transaction:
            await here.accounts.add(account, now)
            chat = await here.chats.meet(ChatId(self._chats), "ru", now)
            await here.chats.bind(chat.id, account.id, now)
        return Citizen(account.id, chat.id)


def a_person(subject: str) -> PortalPerson:
    """An invented citizen; the numbers have valid check digits and belong to nobody."""
    return PortalPerson(
        subject=subject,
        level="PR",
        family_name="Иванцова",
        given_name="Аглая",
        middle_name="Тихоновна",
        birth_date=date(1988, 4, 17),
        sex="female",
        snils="11223344595",
        inn="500100732259",
        phone="+79000000001",
        email="aglaya@example.test",
        address="123456, г. Москва, ул. Садовая, д. 7, кв. 12",
        passport=PortalPassport("4510", "123456", date(2010, 5, 20), "ОВД «Хамовники»", "770-001"),
        policy="7755320847001234",
    )


def an_account(person: PortalPerson, now: datetime) -> Account:
    return Account(
        id=AccountId(new_id(now)),
        verification=Verification.VERIFIED,
        known=person,
        phone="+79000000002",
        email="proved@example.test",
        version=1,
    )


def an_answer(field: Field, text: str, *, check: Check = Check.NONE) -> Answer:
    return Answer(field, text, Source.TYPED, check)


def a_draft(citizen: Citizen, now: datetime, *answers: Answer) -> Application:
    return Application(
        id=ApplicationId(new_id(now)),
        account=citizen.account,
        state=ApplicationState.DRAFT,
        answers={answer.field: answer for answer in answers},
        created_at=now,
    )


def a_scan(citizen: Citizen, now: datetime, kind: Kind = Kind.PASSPORT) -> Document:
    return Document(
        id=DocumentId(new_id(now)),
        account=citizen.account,
        purpose=Purpose.APPLICATION,
        kind=kind,
        state=DocumentState.RECEIVED,
        mime="image/png",
        size=9,
        pages=1,
        uploaded_at=now,
    )


def a_member(now: datetime, login: str = "reviewer") -> Member:
    return Member(
        id=StaffId(new_id(now)),
        login=login,
        name="Рецензентова Мария",
        role=Role.REVIEWER,
        password_hash="$argon2id$invented",
        totp_secret="JBSWY3DPEHPK3PXP",
    )


def a_push(now: datetime, citizen: Citizen | None = None, **other: Any) -> Notification:
    return Notification(
        id=NotificationId(new_id(now)),
        channel=other.pop("channel", Channel.TELEGRAM),
        lane=other.pop("lane", Lane.NOTICE),
        key="card.created",
        language="ru",
        due_at=other.pop("due_at", now),
        account=citizen.account if citizen else None,
        chat=other.pop("chat", citizen.chat if citizen else ChatId(5)),
        values=other.pop("values", {"name": "Аглая"}),
        **other,
    )
