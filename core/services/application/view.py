"""The application as a person sees it: masked values, progress, what is missing."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.domain.account import Account, Accounts
from core.domain.actor import Citizen
from core.domain.application import (
    FIELDS_OF,
    STEPS,
    Application,
    Applications,
    ApplicationState,
    Check,
    Field,
    NoApplication,
    Source,
    Step,
    echoed,
    read,
    step_of,
)
from core.domain.audit import AuditLog, Operation
from core.domain.code import Purpose
from core.domain.consent import Consent, Consents, ConsentState
from core.domain.document import Document, Documents, Kind, kinds_for, missing
from core.domain.document import Purpose as DocumentPurpose
from core.domain.identifiers import Email, Phone
from core.ports import Clock, Glance, Transaction
from core.services.application.registry import born
from core.services.code import CodeOffice, Sent

PURPOSE = {Field.PHONE: Purpose.PHONE, Field.POLICY: Purpose.POLICY, Field.EMAIL: Purpose.EMAIL}
"""Of the code that proves a field."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: how its value is echoed (None while unanswered), where it came from, what the registry said.

    A value is read and masked when a window shows it: of twelve, a question shows one or two.
    """

    field: Field
    echo: Callable[[], str] | None = dataclasses.field(repr=False)
    source: Source | None
    check: Check
    settled: bool

    @property
    def given(self) -> bool:
        """Whether there is a value."""
        return self.echo is not None

    @property
    def masked(self) -> str | None:
        """The value as it may be echoed, None while unanswered."""
        return None if self.echo is None else self.echo()


@dataclass(frozen=True, slots=True)
class StepView:
    """One step with its fields; `number` counts from 1."""

    step: Step
    number: int
    complete: bool
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """All on one screen. `gap` is the first field that wants something; `code` the code under way for the gap or the sending."""

    state: ApplicationState
    steps: tuple[StepView, ...]
    gap: Field | None
    reviewed: bool
    benefits: bool
    missing_documents: tuple[Kind, ...]
    wanted_documents: tuple[Kind, ...]
    present_documents: tuple[Kind, ...]
    consent: ConsentState
    waits_for: tuple[Field, ...]
    failed: tuple[Field, ...]
    code: Sent | None

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def ready(self) -> bool:
        """It can be sent now."""
        return self.gap is None and not self.missing_documents and self.consent is ConsentState.GIVEN

    @property
    def known(self) -> tuple[FieldView, ...]:
        """What the portal told, to be confirmed."""
        return tuple(each for step in self.steps for each in step.fields if each.source is Source.PORTAL)

    def step(self, of: Field) -> StepView:
        """Return the step of a field."""
        return next(each for each in self.steps if each.step is step_of(of))

    def field(self, wanted: Field) -> FieldView:
        """Return one field."""
        return next(each for each in self.step(wanted).fields if each.field is wanted)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Makes the view of an application inside the open transaction of whoever uses it, and leaves its line in the journal."""

    documents: Documents
    consents: Consents
    office: CodeOffice
    audit: AuditLog
    clock: Clock

    async def about(self, citizen: Citizen) -> "About":
        """Return what the view tells beside the application itself; NoConsent is not its business."""
        documents = await self.documents.of(citizen, DocumentPurpose.APPLICATION)
        return About(documents, await self.consents.latest(citizen.account))

    async def __call__(
        self,
        citizen: Citizen,
        account: Account,
        application: Application,
        about: "About",
        *,
        in_full: bool = False,
        sent: Sent | None = None,
    ) -> ApplicationView:
        """Return the view. `sent`: the code that was sent a moment ago, masked; else the one under way is looked up."""
        purpose = self._code_for(application)
        if sent is None and purpose is not None:
            sent = _masked(await self.office.pending(account, purpose))
        self.audit.record(citizen, Operation.APPLICATION_VIEWED, account.id, numbers="full" if in_full else "masked")
        wanted = kinds_for(DocumentPurpose.APPLICATION, benefits=application.benefits)
        absent = missing(about.documents, wanted)
        present = tuple(each.kind for each in about.documents if each.kind in wanted and each.kind not in absent)
        return ApplicationView(
            state=application.state,
            steps=self._steps(application, in_full=in_full),
            gap=application.gap(),
            reviewed=application.reviewed,
            benefits=application.benefits,
            missing_documents=absent,
            wanted_documents=wanted,
            present_documents=present,
            consent=about.consent.state if about.consent else ConsentState.NEVER,
            waits_for=application.waits_for(),
            failed=tuple(each for each, answer in application.answers.items() if answer.check is Check.FAILED),
            code=sent,
        )

    def _code_for(self, application: Application) -> Purpose | None:
        if application.state is ApplicationState.CODE_SENT:
            return Purpose.APPLICATION
        gap = application.gap()
        return PURPOSE.get(gap) if gap is not None and gap in application.answers else None

    def _steps(self, application: Application, *, in_full: bool) -> tuple[StepView, ...]:
        today = self.clock.now().date()

        def shown(wanted: Field) -> FieldView:
            answer = application.answers.get(wanted)
            if answer is None:
                return FieldView(wanted, None, None, Check.NONE, settled=False)

            def echo() -> str:
                value = read(wanted, answer.text, today=today, birth_date=born(application))
                return echoed(wanted, value, in_full=in_full)

            return FieldView(wanted, echo, answer.source, answer.check, answer.settled)

        return tuple(
            StepView(step, number, application.complete(step), tuple(shown(each) for each in FIELDS_OF[step]))
            for number, step in enumerate(STEPS, start=1)
        )


@dataclass(frozen=True, slots=True)
class About:
    """What a view tells beside the application: its documents, and the consent."""

    documents: Sequence[Document]
    consent: Consent | None


@dataclass(frozen=True, slots=True)
class ViewApplication:
    """The person looks at the open application, its numbers masked or, when they ask, in full. Raises NoApplication."""

    transaction: Transaction
    glance: Glance
    accounts: Accounts
    applications: Applications
    viewer: Viewer

    async def __call__(self, citizen: Citizen, *, in_full: bool = False) -> ApplicationView:
        async with self.transaction.looking():
            await self.glance.at(citizen)
            account = await self.accounts.of(citizen)
            application = await self.applications.open_of(citizen)
            if application is None:
                raise NoApplication
            about = await self.viewer.about(citizen)
            return await self.viewer(citizen, account, application, about, in_full=in_full)


def _masked(sent: Sent | None) -> Sent | None:
    if sent is None:
        return None
    value = Phone.parse(sent.destination) if sent.channel.value == "sms" else Email.parse(sent.destination)
    return Sent(sent.channel, value.masked, sent.seconds_until_resend)
