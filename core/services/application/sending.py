"""Sending the application: a code is asked for, and the right code makes the card."""

from dataclasses import dataclass, replace
from enum import StrEnum

from core.domain.account import Account, Accounts
from core.domain.actor import Actor, Citizen
from core.domain.application import Application, Applications, ApplicationState, Field, NoApplication, StillMissing
from core.domain.audit import AuditLog, Operation
from core.domain.card import Card, CardExists, Cards, new_patient_number
from core.domain.code import Channel, CodeGone, Purpose, WrongCode
from core.domain.consent import Consents, ConsentState, refuse_withdrawn
from core.domain.document import Documents, kinds_for, missing
from core.domain.document import Purpose as DocumentPurpose
from core.domain.identifiers import Email, OneTimeCode, Phone
from core.domain.ids import CardId, new_id
from core.domain.notification import Button, Topic
from core.ports import Clock, Transaction
from core.services.code import CodeOffice, Sent
from core.services.reminder import DraftReminders
from core.services.telling import Teller
from core.services.vaccination.reminding import DoseReminders


class Sending(StrEnum):
    """How a right code ended: the card is there, or it waits for the registries."""

    COMPLETED = "completed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes the card inside the open transaction of whoever uses it."""

    applications: Applications
    cards: Cards
    teller: Teller
    doses: DoseReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, account: Account, application: Application, *, by_itself: bool) -> Card:
        """Complete the application and create the card; mail confirms it, and the chat too when nobody is looking at it.

        Raises CardExists when the same person got one meanwhile.
        """
        now = self.clock.now()
        card = Card(CardId(new_id(now)), account.id, new_patient_number(), created_at=now)
        answers = application.answers
        policy = answers.get(Field.POLICY)
        await self.cards.create(
            card,
            snils=answers[Field.SNILS].text,
            passport=answers[Field.PASSPORT_NUMBER].text,
            policy=policy.text if policy else None,
        )
        await self.applications.save(application.moved(ApplicationState.COMPLETED), now)
        self.audit.record(actor, Operation.CARD_CREATED, account.id, card=str(card.id))
        await self.doses.renew(account.id)
        if by_itself:
            await self.teller.citizen(
                account,
                "card.created_later",
                topic=Topic.CARD,
                letter="card.mail_created",
                buttons=(Button("menu.card", "card"),),
            )
        else:
            await self.teller.mail(account, answers[Field.EMAIL].text, "card.mail_created", topic=Topic.CARD)
        return card


@dataclass(frozen=True, slots=True)
class Completeness:
    """Whether an application can be sent, asked inside the open transaction of whoever uses it."""

    documents: Documents
    consents: Consents

    async def __call__(self, citizen: Citizen, application: Application) -> None:
        """Raise StillMissing where anything is missing, NoConsent after a withdrawal."""
        consent = await self.consents.latest(citizen.account)
        refuse_withdrawn(consent)
        documents = await self.documents.of(citizen, DocumentPurpose.APPLICATION)
        absent = missing(documents, kinds_for(DocumentPurpose.APPLICATION, benefits=application.benefits))
        given = consent is not None and consent.state is ConsentState.GIVEN
        if application.gaps() or absent or not given:
            raise StillMissing(application.gaps(), tuple(kind.value for kind in absent), consent=given)


@dataclass(frozen=True, slots=True)
class SendApplication:
    """«Отправить заявку»: everything is there, so a code goes to the phone, or to the mail when the person says so.

    Raises StillMissing, NoApplication, CardExists (another card of the same person), NoConsent, TooSoon, WrongMove.
    """

    transaction: Transaction
    accounts: Accounts
    applications: Applications
    complete: Completeness
    cards: Cards
    office: CodeOffice
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, channel: Channel = Channel.SMS) -> Sent:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            application = await self.applications.open_of(citizen)
            if application is None:
                raise NoApplication
            await self.complete(citizen, application)
            answers = application.answers
            other = await self.cards.holder(
                snils=answers[Field.SNILS].text, passport=answers[Field.PASSPORT_NUMBER].text
            )
            if other is not None:
                own = other.account == account.id
                since = (other.created_at or self.clock.now()).date()
                raise CardExists(since=since, patient=other.shown_number if own else "", own=own)
            to = Field.PHONE if channel is Channel.SMS else Field.EMAIL
            sent = await self.office.send(
                citizen,
                account,
                Purpose.APPLICATION,
                channel,
                target=application.digest(),
                destination=answers[to].text,
            )
            await self.applications.save(application.moved(ApplicationState.CODE_SENT), self.clock.now())
        masked = (Phone if channel is Channel.SMS else Email).parse(sent.destination).masked
        return replace(sent, destination=masked)


@dataclass(frozen=True, slots=True)
class ConfirmApplication:
    """The person enters the code: status «завершено», the card is there; or it waits for registries that are away.

    Raises InvalidValue (not six digits), WrongCode, CodeGone (also when an answer changed after the code was sent),
    StillMissing (a scan was removed or refused since), NoApplication, NoConsent, CardExists.
    """

    transaction: Transaction
    accounts: Accounts
    applications: Applications
    complete: Completeness
    office: CodeOffice
    make: CardMaker
    reminders: DraftReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, raw: str) -> Sending:
        typed = OneTimeCode.parse(raw)
        failure: Exception | None = None
        sending = Sending.COMPLETED
        async with self.transaction:
            account = await self.accounts.of(citizen)
            application = await self.applications.open_of(citizen)
            if application is None or application.state is not ApplicationState.CODE_SENT:
                raise NoApplication
            await self.complete(citizen, application)
            outcome = await self.office.accept(citizen, account, Purpose.APPLICATION, typed.canonical)
            if isinstance(outcome, WrongCode | CodeGone):
                failure = outcome
            elif outcome.target != application.digest():
                failure = CodeGone()
            else:
                self.audit.record(
                    citizen,
                    Operation.APPLICATION_SENT,
                    account.id,
                    digest=outcome.target,
                    channel=outcome.channel.value,
                    tries=str(outcome.tries + 1),
                )
                await self.reminders.cancel(application.id)
                if application.waits_for():
                    sending = Sending.WAITING
                    await self.applications.save(application.moved(ApplicationState.WAITING), self.clock.now())
                else:
                    await self.make(citizen, account, application, by_itself=False)
        if failure is not None:
            raise failure
        return sending
