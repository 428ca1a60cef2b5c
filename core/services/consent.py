"""Consent: shown, given, withdrawn, given again."""

from dataclasses import dataclass, replace

from core.domain import consent as rules
from core.domain.account import CHILD_LEVEL, Accounts, TooYoung
from core.domain.actor import Citizen
from core.domain.application import Applications
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards, CardState
from core.domain.consent import (
    CURRENT_VERSION,
    DIGEST_SHOWN,
    OWN_CONSENT,
    Consent,
    Consents,
    ConsentState,
    ConsentText,
    NoConsent,
    TextChanged,
)
from core.domain.conversation import Conversations
from core.domain.ids import ConsentId, new_id
from core.domain.notification import Button
from core.ports import Clock, Transaction
from core.services.booking.withdrawing import Withdrawing
from core.services.factor import Ending, Sessions
from core.services.reminder import DraftReminders
from core.services.telling import Teller
from core.services.vaccination.reminding import DoseReminders


@dataclass(frozen=True, slots=True)
class ConsentView:
    """The text to read and what stands: the latest act, if any, in the language in which it was read."""

    text: ConsentText
    state: ConsentState
    latest: Consent | None
    has_card: bool


@dataclass(frozen=True, slots=True)
class ShowConsent:
    """The person reads the consent. Where one stands, its own text is shown, not a newer one."""

    transaction: Transaction
    consents: Consents
    cards: Cards
    accounts: Accounts

    async def __call__(self, citizen: Citizen, language: str) -> ConsentView:
        async with self.transaction.looking():
            await self.accounts.of(citizen)
            latest = await self.consents.latest(citizen.account)
            card = await self.cards.of(citizen)
        if latest is not None and latest.state is ConsentState.GIVEN:
            return ConsentView(rules.text(latest.version, latest.language), latest.state, latest, card is not None)
        state = latest.state if latest else ConsentState.NEVER
        return ConsentView(rules.text(CURRENT_VERSION, language), state, latest, card is not None)


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """The person agrees to the text they read: date, time, person and version are kept; a suspended card comes back.

    `digest` is that of the text that was on the screen. Raises TextChanged, TooYoung. Agreeing twice is agreeing once.
    """

    transaction: Transaction
    consents: Consents
    cards: Cards
    accounts: Accounts
    applications: Applications
    teller: Teller
    reminders: DraftReminders
    doses: DoseReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, language: str, digest: str | None = None) -> None:
        text = rules.text(CURRENT_VERSION, language)
        if digest is not None and not (len(digest) >= DIGEST_SHOWN and text.digest.startswith(digest)):
            raise TextChanged
        async with self.transaction:
            account = await self.accounts.of(citizen)
            age = account.age(self.clock.now().date())
            if account.known.level == CHILD_LEVEL or (age is not None and age < OWN_CONSENT):
                raise TooYoung
            latest = await self.consents.latest(citizen.account)
            if latest is not None and latest.state is ConsentState.GIVEN:
                return
            now = self.clock.now()
            await self.consents.give(
                Consent(
                    id=ConsentId(new_id(now)),
                    account=citizen.account,
                    version=text.version,
                    language=text.language,
                    digest=text.digest,
                    given_at=now,
                    confirmed_by="telegram-button",
                    person=str(account.id),
                )
            )
            self.audit.record(
                citizen, Operation.CONSENT_GIVEN, citizen.account, version=text.version, digest=text.digest
            )
            card = await self.cards.of(citizen)
            if card is not None and await self.cards.move(card.id, CardState.ACTIVE, now):
                self.audit.record(citizen, Operation.CARD_RESUMED, citizen.account)
                if account.email:
                    await self.teller.mail(account, account.email, "consent.mail_given")
            application = await self.applications.open_of(citizen)
            if application is not None:
                await self.reminders.renew(application)
            if card is not None:
                await self.doses.renew(account.id)


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """The person withdraws: the card is suspended and every service refuses; a receipt goes to the chat and by mail.

    Withdrawing twice is withdrawing once. Raises NoConsent where it was never given.
    """

    transaction: Transaction
    consents: Consents
    cards: Cards
    accounts: Accounts
    applications: Applications
    teller: Teller
    reminders: DraftReminders
    doses: DoseReminders
    conversations: Conversations
    appointments: Withdrawing
    sessions: Sessions
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Consent:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            latest = await self.consents.latest(citizen.account)
            if latest is None:
                raise NoConsent
            now = self.clock.now()
            if not await self.consents.withdraw(latest.id, now):
                return latest
            self.audit.record(citizen, Operation.CONSENT_WITHDRAWN, citizen.account, version=latest.version)
            await self.sessions.end(citizen, citizen.account, citizen.chat, Ending.WITHDRAWN)
            card = await self.cards.of(citizen)
            if card is not None and await self.cards.move(card.id, CardState.SUSPENDED, now):
                self.audit.record(citizen, Operation.CARD_SUSPENDED, citizen.account)
            application = await self.applications.open_of(citizen)
            if application is not None:
                await self.reminders.cancel(application.id)
            await self.doses.cancel(account.id)
            await self.conversations.forget_shared(account.id)
            await self.appointments(citizen, account)
            # A receipt of what the person has just done: no topic, so that it comes whatever they chose to be told.
            await self.teller.citizen(account, "consent.receipt", buttons=(Button("menu.consent", "consent"),))
            if account.email:
                await self.teller.mail(account, account.email, "consent.mail_withdrawn")
            return replace(latest, withdrawn_at=now)
