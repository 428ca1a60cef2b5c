"""One field answered: form first, then the registry, then kept at once; a code where the field wants proof."""

from dataclasses import dataclass, replace

from core.domain.account import Account, Accounts, PortalPerson
from core.domain.actor import Citizen
from core.domain.application import (
    CONFIRMED_BY_CODE,
    Answer,
    Application,
    Applications,
    ApplicationState,
    Blocked,
    Check,
    Field,
    NoApplication,
    Source,
    Value,
    echoed,
    read,
)
from core.domain.application.fields import CHECKED_BY_REGISTRY
from core.domain.audit import AuditLog, Operation
from core.domain.code import Channel, CodeGone, Purpose, WrongCode
from core.domain.consent import Consents, refuse_withdrawn
from core.domain.identifiers import (
    BirthDate,
    Email,
    FullName,
    InvalidValue,
    OneTimeCode,
    PassportIssue,
    PassportNumber,
    Phone,
    Snils,
    replacement_overdue,
    series_year_mismatch,
)
from core.ports import Clock, Glance, Transaction
from core.services.application.registry import FieldCheck, born, whose
from core.services.application.view import PURPOSE, ApplicationView, Viewer
from core.services.code import CodeOffice, Sent
from core.services.reminder import DraftReminders


class PhoneFirst(Exception):
    """The policy is confirmed by a code to the phone, so the phone comes first."""

    message_key = "application.phone_first"


class DiffersFromPortal(Exception):
    """The portal knows this person otherwise: the card is made for who signed in, so the portal must be set right first."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.message_key = f"application.differs.{field.value}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: the value as it may be echoed, the code under way if one is wanted, and a word of warning.

    `warning` is a message key, or None: the registry was away (it is asked later), or something looks unusual.
    `view` is the application as it stands now, so that nobody has to look once more.
    """

    field: Field
    masked: str
    check: Check
    view: ApplicationView
    sent: Sent | None = None
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerField:
    """The person answers one field. It is kept at once, encrypted; nothing typed is ever lost.

    Raises InvalidValue or RegistryRefused (the person stays on the field), NoApplication, Blocked, PhoneFirst, NoConsent,
    DiffersFromPortal.
    """

    transaction: Transaction
    glance: Glance
    accounts: Accounts
    applications: Applications
    consents: Consents
    check: FieldCheck
    office: CodeOffice
    reminders: DraftReminders
    viewer: Viewer
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, field: Field, raw: str) -> Answered:
        check = await self._registry(citizen, field, raw) if field in CHECKED_BY_REGISTRY else Check.NONE
        async with self.transaction:
            account, application = await self._open(citizen)
            value = self._value(account, application, field, raw)
            about = await self.viewer.about(citizen)
            proved = self._proved_before(account, application, field, value.canonical)
            answer = Answer(field, value.canonical, Source.TYPED, check, proved=proved)
            changed = _unprove_policy(application, field, value.canonical).answered(answer)
            changed = _ask_anew(application, changed)
            changed = await self.applications.save(changed, self.clock.now())
            await self.reminders.renew(changed, application)
            self.audit.record(
                citizen, Operation.APPLICATION_ANSWERED, citizen.account, field=field.value, check=check.value
            )
            sent = None
            if field in CONFIRMED_BY_CODE and not proved:
                sent = await send_proof(self.office, citizen, account, changed, field)
            view = await self.viewer(citizen, account, changed, about, sent=sent)
        warning = f"registry.{field.value}.away" if check is Check.WAITING else self._unusual(changed, field)
        return Answered(field, echoed(field, value), check, view, sent, warning)

    async def _registry(self, citizen: Citizen, field: Field, raw: str) -> Check:
        """Ask the registry, with no transaction open meanwhile."""
        async with self.transaction.looking():
            account, application = await self._open(citizen)
        value = self._value(account, application, field, raw)
        return await self.check(application, field, value.canonical)

    async def _open(self, citizen: Citizen) -> tuple[Account, Application]:
        await self.glance.at(citizen)
        account = await self.accounts.of(citizen)
        refuse_withdrawn(await self.consents.latest(citizen.account))
        application = await self.applications.open_of(citizen)
        if application is None:
            raise NoApplication
        if application.state is ApplicationState.WAITING:
            raise Blocked
        return account, application

    def _value(self, account: Account, application: Application, field: Field, raw: str) -> Value:
        value = read(field, raw, today=self.clock.now().date(), birth_date=born(application))
        if not _is_same_person(account.known, value):
            raise DiffersFromPortal(field)
        if field is Field.BIRTH_DATE:
            self._check_passport_date(application, BirthDate.parse(value.canonical, today=self.clock.now().date()))
        return value

    def _check_passport_date(self, application: Application, birth_date: BirthDate) -> None:
        """A new date of birth must agree with the passport's date of issue; the refusal names the passport's date."""
        issued = application.answers.get(Field.PASSPORT_ISSUED)
        if issued is not None:
            PassportIssue.parse(issued.text, birth_date=birth_date, today=self.clock.now().date())

    def _proved_before(self, account: Account, application: Application, field: Field, text: str) -> bool:
        before = application.answers.get(field)
        if before is not None and before.text == text and before.proved:
            return True
        return (field is Field.PHONE and account.phone == text) or (field is Field.EMAIL and account.email == text)

    def _unusual(self, application: Application, field: Field) -> str | None:
        """Return a warning, never a refusal: an overdue passport, or a series that does not fit the date of issue."""
        if field not in {Field.PASSPORT_NUMBER, Field.PASSPORT_ISSUED, Field.BIRTH_DATE}:
            return None
        number, issued = application.answers.get(Field.PASSPORT_NUMBER), application.answers.get(Field.PASSPORT_ISSUED)
        birth_date, today = born(application), self.clock.now().date()
        if issued is None or birth_date is None:
            return None
        day = PassportIssue.parse(issued.text, birth_date=birth_date, today=today)
        if replacement_overdue(birth_date, day, today):
            return "passport.replacement_overdue"
        if number is not None and series_year_mismatch(PassportNumber.parse(number.text), day):
            return "passport.series_year"
        return None


@dataclass(frozen=True, slots=True)
class ProveField:
    """The person enters the code for a phone, a policy or an address of mail.

    Raises InvalidValue (not six digits), WrongCode, CodeGone, NoApplication, Blocked, NoConsent.
    """

    transaction: Transaction
    glance: Glance
    accounts: Accounts
    applications: Applications
    consents: Consents
    office: CodeOffice
    reminders: DraftReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, field: Field, raw: str) -> None:
        typed = OneTimeCode.parse(raw)
        failure: Exception | None = None
        async with self.transaction:
            await self.glance.at(citizen)
            account = await self.accounts.of(citizen)
            refuse_withdrawn(await self.consents.latest(account.id))
            application = await self.applications.open_of(citizen)
            answer = application.answers.get(field) if application else None
            if application is None or answer is None:
                raise NoApplication
            outcome = await self.office.accept(citizen, account, PURPOSE[field], typed.canonical)
            if isinstance(outcome, WrongCode | CodeGone):
                failure = outcome
            elif outcome.target != answer.text:
                failure = CodeGone()
            else:
                changed = application.answered(replace(answer, proved=True))
                await self.applications.save(changed, self.clock.now())
                await self.reminders.renew(changed, application)
                if field is Field.PHONE:
                    await self.accounts.save(replace(account, phone=answer.text))
                elif field is Field.EMAIL:
                    await self.accounts.save(replace(account, email=answer.text))
                self.audit.record(citizen, Operation.APPLICATION_ANSWERED, account.id, field=field.value, proved="yes")
        if failure is not None:
            raise failure


@dataclass(frozen=True, slots=True)
class ResendProof:
    """The person asks for another code for a field. Raises TooSoon, NoApplication, PhoneFirst, NoConsent."""

    transaction: Transaction
    accounts: Accounts
    applications: Applications
    consents: Consents
    office: CodeOffice

    async def __call__(self, citizen: Citizen, field: Field) -> Sent:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            refuse_withdrawn(await self.consents.latest(account.id))
            application = await self.applications.open_of(citizen)
            if application is None or field not in application.answers:
                raise NoApplication
            return await send_proof(self.office, citizen, account, application, field)


def _unprove_policy(application: Application, field: Field, text: str) -> Application:
    """Return the application with a typed policy to be proved anew when the phone that proved it changes."""
    policy, phone = application.answers.get(Field.POLICY), application.answers.get(Field.PHONE)
    if (
        field is not Field.PHONE
        or policy is None
        or policy.source is Source.PORTAL
        or phone is None
        or phone.text == text
    ):
        return application
    return replace(application, answers={**application.answers, Field.POLICY: replace(policy, proved=False)})


def _ask_anew(before: Application, changed: Application) -> Application:
    """Return the application with numbers that a registry confirmed for another surname or date of birth to be asked again.

    Otherwise a number could be checked under its owner's name, and the name changed afterwards.
    """
    same = all(before.answers.get(each) == changed.answers.get(each) for each in (Field.NAME, Field.BIRTH_DATE))
    if same or whose(before) == whose(changed):
        return changed
    answers = {
        field: replace(answer, check=Check.WAITING) if answer.check is Check.VALID else answer
        for field, answer in changed.answers.items()
    }
    return replace(changed, answers=answers)


async def send_proof(
    office: CodeOffice, citizen: Citizen, account: Account, application: Application, field: Field
) -> Sent:
    """Send the code that proves a field: to the phone for phone and policy, to the address for an address of mail."""
    answer = application.answers[field]
    if field is Field.EMAIL:
        sent = await office.send(
            citizen, account, Purpose.EMAIL, Channel.MAIL, target=answer.text, destination=answer.text
        )
        return replace(sent, destination=Email.parse(answer.text).masked)
    phone = application.answers.get(Field.PHONE)
    if phone is None or (field is Field.POLICY and not phone.proved):
        raise PhoneFirst
    sent = await office.send(citizen, account, PURPOSE[field], Channel.SMS, target=answer.text, destination=phone.text)
    return replace(sent, destination=Phone.parse(phone.text).masked)


def _is_same_person(known: PortalPerson, value: Value) -> bool:
    """Whether a value agrees with who the portal says this is. A passport is renewed and people move: those may differ.

    Without this, whoever knows another person's papers could take that person's only card.
    """
    match value:
        case FullName():
            return value.same_as(FullName.from_parts(known.family_name, known.given_name, known.middle_name))
        case BirthDate():
            return known.birth_date is None or known.birth_date == value.value
        case Snils() if known.snils is not None:
            try:
                return Snils.parse(known.snils) == value
            except InvalidValue:
                return True
        case _:
            return True
