"""The one container of bot, api and worker: which adapter stands behind which port."""

import inspect
from collections.abc import AsyncIterator
from types import ModuleType

import httpx
from dishka import AsyncContainer, Provider, Scope, alias, make_async_container, provide
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.words import GettextWording
from core import ports
from core.domain import (
    account,
    audit,
    card,
    chat,
    code,
    consent,
    document,
    notification,
    signin,
    staff,
    update,
    verification,
)
from core.domain.application import Applications
from core.gateways.files import LocalFiles
from core.gateways.inspector import ByteInspector
from core.gateways.mail import SmtpMail
from core.gateways.portal import OidcPortal
from core.gateways.registries import HttpRegistries
from core.gateways.sms import HttpSms
from core.gateways.wire import outside_client
from core.security.blind import KeyedIndexes
from core.security.codes import KeyedCodes
from core.security.envelope import Envelope
from core.security.keyring import KeyRing
from core.security.passwords import Argon2Passwords
from core.security.totp import PyotpTotp
from core.services import account as account_services
from core.services import application as application_services
from core.services import audit as audit_services
from core.services import card as card_services
from core.services import chat as chat_services
from core.services import code as code_services
from core.services import consent as consent_services
from core.services import document as document_services
from core.services import notification as notification_services
from core.services import signin as signin_services
from core.services import staff as staff_services
from core.services import telling
from core.services import update as update_services
from core.services import verification as verification_services
from core.services.application import registry, sending
from core.storage.account import SqlAccounts
from core.storage.application import SqlApplications
from core.storage.audit import SqlAuditLog
from core.storage.card import SqlCards
from core.storage.chat import SqlChats
from core.storage.code import SqlChallenges
from core.storage.consent import SqlConsents
from core.storage.document import SqlDocuments
from core.storage.engine import make_engine
from core.storage.key import Seals
from core.storage.notification import SqlOutbox
from core.storage.rotation import SqlKeys
from core.storage.signin import SqlSignIns
from core.storage.staff import SqlStaffMembers
from core.storage.trail import SignedTrail
from core.storage.transaction import SqlTransaction
from core.storage.update import SqlUpdates
from core.storage.verification import SqlVerifications
from ops.clock import SystemClock
from ops.messenger import NoMessenger
from ops.ready import Parts
from ops.redis import connect
from ops.settings import Settings

SERVICES: tuple[ModuleType, ...] = (
    account_services,
    application_services,
    audit_services,
    card_services,
    chat_services,
    consent_services,
    document_services,
    notification_services,
    signin_services,
    staff_services,
    update_services,
    verification_services,
)


class Outside(Provider):
    """What lives as long as the process."""

    scope = Scope.APP

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    @provide
    def clock(self) -> ports.Clock:
        return SystemClock()

    @provide
    def keyring(self) -> KeyRing:
        return KeyRing.open(self.settings.keyring)

    @provide
    async def engine(self) -> AsyncIterator[AsyncEngine]:
        engine = make_engine(self.settings.database)
        yield engine
        await engine.dispose()

    @provide
    async def redis(self) -> AsyncIterator[Redis]:
        redis = connect(self.settings.redis_url.get_secret_value() if self.settings.redis_url else None)
        yield redis
        await redis.aclose()

    @provide
    async def http(self) -> AsyncIterator[httpx.AsyncClient]:
        async with outside_client() as client:
            yield client

    @provide
    def portal(self, http: httpx.AsyncClient, clock: ports.Clock) -> ports.Portal:
        return OidcPortal(
            self.settings.issuer,
            self.settings.portal_client_id,
            self.settings.portal_secret,
            f"{self.settings.api_url}/portal/callback",
            http,
            clock,
        )

    @provide
    def registries(self, http: httpx.AsyncClient) -> ports.Registries:
        return HttpRegistries(self.settings.registries, http)

    @provide
    def sms(self, http: httpx.AsyncClient) -> ports.Sms:
        return HttpSms(self.settings.sms, http)

    @provide
    def mail(self, clock: ports.Clock) -> ports.Mail:
        return SmtpMail.from_url(self.settings.smtp, self.settings.mail_from, clock)

    @provide
    def messenger(self) -> ports.Messenger:
        return NoMessenger()

    @provide
    def files(self) -> ports.Files:
        return LocalFiles(self.settings.state_dir / "files")

    @provide
    def inspector(self) -> ports.Inspector:
        return ByteInspector()

    @provide
    def codes(self, keyring: KeyRing) -> ports.Codes:
        return KeyedCodes(keyring)

    @provide
    def passwords(self) -> ports.Passwords:
        return Argon2Passwords()

    @provide
    def totp(self) -> ports.Totp:
        return PyotpTotp()

    @provide
    def indexes(self, keyring: KeyRing) -> ports.BlindIndexes:
        return KeyedIndexes(keyring)

    @provide
    def envelope(self, keyring: KeyRing) -> Envelope:
        return Envelope(keyring)

    @provide
    def wording(self) -> ports.Wording:
        return GettextWording()

    @provide
    def rotation(self, engine: AsyncEngine, keyring: KeyRing, envelope: Envelope) -> SqlKeys:
        return SqlKeys(engine, keyring, envelope)

    @provide
    def readiness(self, engine: AsyncEngine, redis: Redis) -> ports.Readiness:
        return Parts(engine, redis)


class Storage(Provider):
    """What lives as long as one update, one request, one round of the worker: a transaction and its twins."""

    scope = Scope.REQUEST

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    @provide
    def incoming(self) -> update.Incoming:
        return update.Incoming()

    @provide
    def transaction(self, engine: AsyncEngine, clock: ports.Clock, incoming: update.Incoming) -> SqlTransaction:
        return SqlTransaction(engine, clock, incoming)

    @provide
    def trail(self, transaction: SqlTransaction, keyring: KeyRing) -> audit.Trail:
        return SignedTrail(transaction, keyring, self.settings.state_dir / "audit" / "checkpoints.jsonl")

    as_port = alias(source=SqlTransaction, provides=ports.Transaction)
    seals = provide(Seals)
    journal = provide(SqlAuditLog, provides=audit.AuditLog)
    accounts = provide(SqlAccounts, provides=account.Accounts)
    applications = provide(SqlApplications, provides=Applications)
    cards = provide(SqlCards, provides=card.Cards)
    chats = provide(SqlChats, provides=chat.Chats)
    challenges = provide(SqlChallenges, provides=code.Challenges)
    consents = provide(SqlConsents, provides=consent.Consents)
    documents = provide(SqlDocuments, provides=document.Documents)
    outbox = provide(SqlOutbox, provides=notification.Outbox)
    signins = provide(SqlSignIns, provides=signin.SignIns)
    members = provide(SqlStaffMembers, provides=staff.StaffMembers)
    updates = provide(SqlUpdates, provides=update.Updates)
    verifications = provide(SqlVerifications, provides=verification.Verifications)


def use_cases() -> list[type]:
    """Return every use case: the dataclasses of the service modules that can be called."""
    found = {
        each
        for module in SERVICES
        for _, each in inspect.getmembers(module, inspect.isclass)
        if each.__module__.startswith("core.services") and "__call__" in vars(each)
    }
    return sorted(found, key=lambda each: each.__qualname__)


def services() -> Provider:
    """Return the provider of use cases and of what they share."""
    provider = Provider(scope=Scope.REQUEST)
    shared = (telling.Teller, code_services.CodeOffice, registry.FieldCheck, sending.CardMaker, sending.Completeness)
    for each in (*use_cases(), *shared):
        provider.provide(each)
    return provider


def make_container(settings: Settings, *more: Provider) -> AsyncContainer:
    """Return the container; `more` adds or overrides (the bot's messenger; a clock in tests)."""
    return make_async_container(Outside(settings), Storage(settings), services(), *more)
