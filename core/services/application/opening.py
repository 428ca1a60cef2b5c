"""Opening an application: what the portal knows is filled in for confirmation, not asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from core.domain.account import ADULT, Account, Accounts, NotVerified, TooYoung, Verification
from core.domain.actor import Citizen
from core.domain.application import (
    CONFIRMED_BY_CODE,
    Answer,
    Application,
    Applications,
    ApplicationState,
    BirthDateFirst,
    Blocked,
    Field,
    NoApplication,
    Source,
    read,
)
from core.domain.audit import AuditLog, Operation
from core.domain.card import CardExists, Cards
from core.domain.consent import Consents, refuse_withdrawn
from core.domain.identifiers import BirthDate, InvalidValue
from core.domain.ids import ApplicationId, new_id
from core.ports import Clock, Glance, Transaction
from core.services.application.registry import FieldCheck, RegistryRefused
from core.services.application.view import ApplicationView, Viewer
from core.services.reminder import DraftReminders


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """The person wants a card: the open application is found, or a new one made with what the portal knows.

    What the portal tells is asked of the registries as if it were typed; what they refuse is left for the person to answer.
    Raises CardExists (own), NotVerified, TooYoung, NoConsent after a withdrawal.
    """

    transaction: Transaction
    glance: Glance
    accounts: Accounts
    applications: Applications
    cards: Cards
    consents: Consents
    check: FieldCheck
    reminders: DraftReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> Application:
        now = self.clock.now()
        async with self.transaction.looking():
            await self.glance.at(citizen)
            account = await self.accounts.of(citizen)
            card = await self.cards.of(citizen)
            if card is not None:
                created = card.created_at or now
                raise CardExists(since=created.date(), patient=card.shown_number, own=True)
            refuse_withdrawn(await self.consents.latest(account.id))
            age = account.age(now.date())
            if account.known.level == "KD" or (age is not None and age < ADULT):
                raise TooYoung
            if account.verification is not Verification.VERIFIED:
                raise NotVerified
            existing = await self.applications.open_of(citizen)
            if existing is not None:
                self.audit.record(citizen, Operation.APPLICATION_OPENED, account.id)
                return existing
        fresh = await self._from_portal(account, now.date())
        async with self.transaction:
            existing = await self.applications.open_of(citizen)
            if existing is not None:
                return existing
            await self.applications.add(fresh, now)
            await self.reminders.renew(fresh)
            self.audit.record(citizen, Operation.APPLICATION_OPENED, account.id)
        return fresh

    async def _from_portal(self, account: Account, today: date) -> Application:
        fresh = Application(
            id=ApplicationId(new_id(self.clock.now())),
            account=account.id,
            state=ApplicationState.DRAFT,
            answers={},
            created_at=self.clock.now(),
        )
        for field, raw in _known(account):
            try:
                value = read(field, raw, today=today, birth_date=_birth_date(fresh))
                check = await self.check(fresh, field, value.canonical)
            except (InvalidValue, RegistryRefused, BirthDateFirst):
                continue
            answer = Answer(field, value.canonical, Source.PORTAL, check, proved=field in CONFIRMED_BY_CODE)
            fresh = replace(fresh, answers={**fresh.answers, field: answer})
        return fresh


@dataclass(frozen=True, slots=True)
class ConfirmKnown:
    """The person says that what the portal knows is right, and sees where that leaves them. Raises NoApplication, NoConsent."""

    transaction: Transaction
    glance: Glance
    accounts: Accounts
    applications: Applications
    consents: Consents
    reminders: DraftReminders
    viewer: Viewer
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> ApplicationView:
        async with self.transaction:
            await self.glance.at(citizen)
            refuse_withdrawn(await self.consents.latest(citizen.account))
            application = await self.applications.open_of(citizen)
            if application is None:
                raise NoApplication
            account, about = await self.accounts.of(citizen), await self.viewer.about(citizen)
            if not application.reviewed:
                application = await self.applications.save(replace(application, reviewed=True), self.clock.now())
                await self.reminders.renew(application, application)
                self.audit.record(citizen, Operation.APPLICATION_ANSWERED, citizen.account, field="known")
            return await self.viewer(citizen, account, application, about)


@dataclass(frozen=True, slots=True)
class ChooseBenefits:
    """The person says whether they ask for a disability's benefits; the certificate is offered only then."""

    transaction: Transaction
    applications: Applications
    consents: Consents
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, wanted: bool) -> None:
        async with self.transaction:
            refuse_withdrawn(await self.consents.latest(citizen.account))
            application = await self.applications.open_of(citizen)
            if application is None:
                raise NoApplication
            if application.state is ApplicationState.WAITING:
                raise Blocked
            if application.benefits != wanted:
                changed = replace(application, benefits=wanted, state=ApplicationState.DRAFT)
                await self.applications.save(changed, self.clock.now())
                self.audit.record(citizen, Operation.APPLICATION_ANSWERED, citizen.account, field="benefits")


@dataclass(frozen=True, slots=True)
class DropApplication:
    """The person throws the application away. Documents stay until they are replaced or removed."""

    transaction: Transaction
    applications: Applications
    reminders: DraftReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            application = await self.applications.open_of(citizen)
            if application is None:
                return
            await self.applications.save(application.moved(ApplicationState.DROPPED), self.clock.now())
            await self.reminders.cancel(application.id)
            self.audit.record(citizen, Operation.APPLICATION_DROPPED, citizen.account)


def _birth_date(application: Application) -> BirthDate | None:
    answer = application.answers.get(Field.BIRTH_DATE)
    return BirthDate(date.fromisoformat(answer.text)) if answer else None


def _known(account: Account) -> Iterator[tuple[Field, str]]:
    """Yield what the portal knows, in the form's order, as text."""
    known, passport = account.known, account.known.passport
    full_name = " ".join(filter(None, (known.family_name, known.given_name, known.middle_name)))
    texts: dict[Field, str | None] = {
        Field.NAME: full_name,
        Field.BIRTH_DATE: known.birth_date.isoformat() if known.birth_date else None,
        Field.SEX: known.sex,
        Field.SNILS: known.snils,
        Field.PASSPORT_NUMBER: f"{passport.series} {passport.number}" if passport else None,
        Field.PASSPORT_ISSUED: passport.issued_at.isoformat() if passport and passport.issued_at else None,
        Field.PASSPORT_ISSUER: passport.issuer if passport else None,
        Field.PASSPORT_CODE: passport.department_code if passport else None,
        Field.ADDRESS: known.address,
        Field.PHONE: account.phone,
        Field.POLICY: known.policy,
        Field.EMAIL: account.email,
    }
    for field in Field:
        if text := texts[field]:
            yield field, text
