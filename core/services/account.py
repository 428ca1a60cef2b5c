"""The account's status, and contact data kept up to date."""

from dataclasses import dataclass, field, replace

from core.domain.account import Account, Accounts, Verification
from core.domain.actor import Citizen
from core.domain.application import Applications, ApplicationState
from core.domain.audit import AuditLog, Operation
from core.domain.card import Cards, CardState
from core.domain.code import Channel, CodeGone, Purpose, WrongCode
from core.domain.consent import Consents, ConsentState
from core.domain.document import Document, Documents, DocumentState, Kind, kinds_for, missing
from core.domain.document import Purpose as DocumentPurpose
from core.domain.identifiers import Email, OneTimeCode, Phone
from core.ports import Clock, Transaction
from core.services.code import CodeOffice, Sent
from core.services.telling import Teller


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """What the menu needs to show only what makes sense now."""

    transaction: Transaction
    accounts: Accounts
    applications: Applications
    cards: Cards
    consents: Consents
    clock: Clock

    async def __call__(self, citizen: Citizen) -> "Me":
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            application = await self.applications.open_of(citizen)
            card = await self.cards.of(citizen)
            consent = await self.consents.latest(citizen.account)
        return Me(
            name=account.first_name,
            verification=account.verification,
            application=application.state if application else None,
            card=card.state if card else None,
            consent=consent.state if consent else ConsentState.NEVER,
            age=account.age(self.clock.now().date()),
        )


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in. `application` is the open one's state; `age` in full years, None where the portal does not know it."""

    name: str = field(repr=False)
    verification: Verification
    application: ApplicationState | None
    card: CardState | None
    consent: ConsentState
    age: int | None


@dataclass(frozen=True, slots=True)
class StatusView:
    """/status. `documents` are the verification's; `lacking` what is still to be sent; contacts are masked."""

    name: str = field(repr=False)
    verification: Verification
    level: str
    documents: tuple[Document, ...]
    lacking: tuple[Kind, ...]
    age: int | None
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)

    @property
    def refused(self) -> tuple[Document, ...]:
        """Documents that a reviewer refused, with reasons."""
        return tuple(each for each in self.documents if each.state is DocumentState.REFUSED)


@dataclass(frozen=True, slots=True)
class ViewStatus:
    """The person looks at the account: its state, what is still to be sent, and the contact data."""

    transaction: Transaction
    accounts: Accounts
    documents: Documents
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> StatusView:
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            documents = await self.documents.of(citizen, DocumentPurpose.VERIFICATION)
            self.audit.record(citizen, Operation.ACCOUNT_VIEWED, citizen.account)
        return StatusView(
            name=account.first_name,
            verification=account.verification,
            level=account.known.level,
            age=account.age(self.clock.now().date()),
            documents=tuple(documents),
            lacking=missing(documents, kinds_for(DocumentPurpose.VERIFICATION)),
            phone=Phone.parse(account.phone).masked if account.phone else None,
            email=Email.parse(account.email).masked if account.email else None,
        )


@dataclass(frozen=True, slots=True)
class ChangePhone:
    """The person gives a new phone: a code goes to it by SMS, nothing changes yet. Raises InvalidPhone, TooSoon."""

    transaction: Transaction
    accounts: Accounts
    office: CodeOffice

    async def __call__(self, citizen: Citizen, raw: str) -> Sent:
        phone = Phone.parse(raw)
        async with self.transaction:
            account = await self.accounts.of(citizen)
            sent = await self.office.send(
                citizen, account, Purpose.PHONE, Channel.SMS, target=phone.canonical, destination=phone.canonical
            )
        return replace(sent, destination=phone.masked)


@dataclass(frozen=True, slots=True)
class ChangeEmail:
    """The person gives a new address: a code goes to it by mail, nothing changes yet. Raises InvalidEmail, TooSoon."""

    transaction: Transaction
    accounts: Accounts
    office: CodeOffice

    async def __call__(self, citizen: Citizen, raw: str) -> Sent:
        email = Email.parse(raw)
        async with self.transaction:
            account = await self.accounts.of(citizen)
            sent = await self.office.send(
                citizen, account, Purpose.EMAIL, Channel.MAIL, target=email.canonical, destination=email.canonical
            )
        return replace(sent, destination=email.masked)


@dataclass(frozen=True, slots=True)
class ResendContactCode:
    """The person asks for another code to where the last one for this contact went.

    Raises TooSoon; CodeGone when none was asked for, and the number or the address must be given anew.
    """

    transaction: Transaction
    accounts: Accounts
    office: CodeOffice

    async def __call__(self, citizen: Citizen, purpose: Purpose) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            await self.office.resend(citizen, account, purpose)


@dataclass(frozen=True, slots=True)
class ConfirmContact:
    """The person enters the code: the new phone or address counts from now on, and the old one is told by mail.

    Raises InvalidValue (not six digits), WrongCode, CodeGone.
    """

    transaction: Transaction
    accounts: Accounts
    office: CodeOffice
    teller: Teller
    audit: AuditLog

    async def __call__(self, citizen: Citizen, purpose: Purpose, raw: str) -> None:
        typed = OneTimeCode.parse(raw)
        async with self.transaction:
            account = await self.accounts.of(citizen)
            outcome = await self.office.accept(citizen, account, purpose, typed.canonical)
            if not isinstance(outcome, WrongCode | CodeGone):
                await self._change(citizen, account, purpose, outcome.target)
        if isinstance(outcome, WrongCode | CodeGone):
            raise outcome

    async def _change(self, citizen: Citizen, account: Account, purpose: Purpose, value: str) -> None:
        changed = replace(account, phone=value) if purpose is Purpose.PHONE else replace(account, email=value)
        await self.accounts.save(changed)
        self.audit.record(citizen, Operation.CONTACT_CHANGED, account.id, which=purpose.value)
        if account.email:
            await self.teller.mail(changed, account.email, f"account.changed_{purpose.value}")


@dataclass(frozen=True, slots=True)
class PendingCode:
    """Which code the person is expected to enter for a purpose, if any."""

    transaction: Transaction
    accounts: Accounts
    office: CodeOffice

    async def __call__(self, citizen: Citizen, purpose: Purpose) -> Sent | None:
        async with self.transaction.looking():
            account = await self.accounts.of(citizen)
            sent = await self.office.pending(account, purpose)
        if sent is None:
            return None
        masked = (Phone if sent.channel is Channel.SMS else Email).parse(sent.destination).masked
        return replace(sent, destination=masked)
