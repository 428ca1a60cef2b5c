"""The one container of bot, api and worker: which adapter stands behind which port."""

from collections.abc import AsyncIterator

import httpx
from dishka import AsyncContainer, Provider, Scope, alias, make_async_container, provide
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.middlewares.throttle import BURST
from bot.words import GettextWording
from core import ports
from core.domain import (
    account,
    activity,
    audit,
    broadcast,
    card,
    chat,
    code,
    consent,
    document,
    notification,
    reminder,
    signin,
    staff,
    subscription,
    update,
    verification,
)
from core.domain.application import Applications
from core.gateways.fhir import FhirDeliveries
from core.gateways.fhir_schedules.sent import FhirSentSchedules
from core.gateways.files import LocalFiles
from core.gateways.finder import LocalFinder
from core.gateways.inspector import ByteInspector
from core.gateways.mail import SmtpMail
from core.gateways.portal import OidcPortal
from core.gateways.registries import HttpRegistries
from core.gateways.sms import HttpSms
from core.gateways.wire import outside_client
from core.security.assertion import JoseAssertions
from core.security.blind import KeyedIndexes
from core.security.codes import KeyedCodes
from core.security.envelope import Envelope
from core.security.keyring import KeyRing
from core.security.passwords import Argon2Passwords
from core.security.specialist import SpecialistSignatures
from core.security.totp import PyotpTotp
from core.storage.account import SqlAccounts
from core.storage.activity import SqlJournal
from core.storage.application import SqlApplications
from core.storage.audit import SqlAuditLog
from core.storage.broadcast import SqlAudience, SqlBroadcasts
from core.storage.card import SqlCards
from core.storage.chat import SqlChats
from core.storage.code import SqlChallenges
from core.storage.consent import SqlConsents
from core.storage.document import SqlDocuments
from core.storage.engine import make_engine
from core.storage.glance import SqlGlance
from core.storage.key import Seals
from core.storage.notification import SqlOutbox, SqlPins
from core.storage.reminder import SqlReminders
from core.storage.rotation import SqlKeys
from core.storage.signin import SqlSignIns
from core.storage.staff import SqlStaffMembers
from core.storage.subscription import SqlSubscriptions
from core.storage.trail import SignedTrail
from core.storage.transaction import SqlTransaction
from core.storage.update import SqlInbox, SqlUpdates
from core.storage.verification import SqlVerifications
from ops.bell import LocalBell, RedisBell
from ops.clock import SystemClock
from ops.events import LocalEvents, RedisEvents
from ops.leftovers import RedisLeftovers
from ops.lock import LocalLocks, RedisLocks
from ops.messenger import NoMessenger
from ops.notes import RedisNotes
from ops.pace import Budget, LocalLedger, SharedLedger
from ops.paperwork import Paperwork
from ops.ready import Parts
from ops.records import Records
from ops.redis import connect
from ops.settings import Settings
from ops.use_cases import services


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
        engine = make_engine(self.settings.database, connections=self.settings.database_connections)
        yield engine
        await engine.dispose()

    @provide
    async def redis(self) -> AsyncIterator[Redis]:
        redis = connect(self.settings.redis_url.get_secret_value() if self.settings.redis_url else None)
        yield redis
        await redis.aclose()

    @provide
    async def locks(self, redis: Redis) -> AsyncIterator[ports.ChatLocks]:
        locks: RedisLocks | LocalLocks
        if self.settings.redis_url:
            locks = RedisLocks(redis, rate=self.settings.chat_rate, burst=BURST)
        else:
            locks = LocalLocks(self.settings.state_dir / "under-way")
        yield locks
        await locks.close()

    @provide
    def leftovers(self, redis: Redis) -> ports.Leftovers:
        return RedisLeftovers(redis, lasting=self.settings.redis_url is not None)

    @provide
    def notes(self, redis: Redis) -> ports.ChatNotes:
        return RedisNotes(redis)

    @provide
    def events(self, redis: Redis) -> ports.Events:
        return RedisEvents(redis) if self.settings.redis_url else LocalEvents()

    @provide
    def bell(self, redis: Redis) -> ports.Bell:
        return RedisBell(redis) if self.settings.redis_url else LocalBell()

    @provide
    def pace(self, redis: Redis) -> ports.Pace:
        rate = self.settings.paid_broadcast_rate
        if self.settings.redis_url is None:
            return Budget(LocalLedger(), rate)
        return Budget(SharedLedger(redis), rate, spare=LocalLedger())

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

    sent_schedules = provide(FhirSentSchedules, provides=ports.SentSchedules)
    finder = provide(LocalFinder, provides=ports.Finder)

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
    def chat_link(self) -> ports.ChatLink:
        return ports.ChatLink(self.settings.chat)

    @provide
    def assertions(self) -> ports.Assertions:
        return JoseAssertions()

    @provide
    def signatures(self) -> ports.Signatures:
        return SpecialistSignatures()

    @provide
    def deliveries(self) -> ports.Deliveries:
        return FhirDeliveries()

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

    @provide
    def subscriptions(self, transaction: SqlTransaction) -> subscription.Subscriptions:
        return SqlSubscriptions(transaction, self.settings.night)

    as_port = alias(source=SqlTransaction, provides=ports.Transaction)
    glance = provide(SqlGlance, provides=ports.Glance)
    seals = provide(Seals)
    owners_journal = provide(SqlJournal, provides=activity.Journal)
    journal = provide(SqlAuditLog, provides=audit.AuditLog)
    accounts = provide(SqlAccounts, provides=account.Accounts)
    applications = provide(SqlApplications, provides=Applications)
    cards = provide(SqlCards, provides=card.Cards)
    chats = provide(SqlChats, provides=chat.Chats)
    challenges = provide(SqlChallenges, provides=code.Challenges)
    consents = provide(SqlConsents, provides=consent.Consents)
    documents = provide(SqlDocuments, provides=document.Documents)
    outbox = provide(SqlOutbox, provides=notification.Outbox)
    pins = provide(SqlPins, provides=notification.Pins)
    reminders = provide(SqlReminders, provides=reminder.Reminders)
    signins = provide(SqlSignIns, provides=signin.SignIns)
    members = provide(SqlStaffMembers, provides=staff.StaffMembers)
    broadcasts = provide(SqlBroadcasts, provides=broadcast.Broadcasts)
    audience = provide(SqlAudience, provides=broadcast.Audience)
    updates = provide(SqlUpdates, provides=update.Updates)
    inbox = provide(SqlInbox, provides=update.Inbox)
    verifications = provide(SqlVerifications, provides=verification.Verifications)


def make_container(settings: Settings, *more: Provider) -> AsyncContainer:
    """Return the container; `more` adds or overrides (the bot's messenger; a clock in tests)."""
    return make_async_container(Outside(settings), Paperwork(settings), Storage(settings), Records(), services(), *more)
