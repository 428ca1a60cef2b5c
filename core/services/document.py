"""Documents: the citizen uploads, replaces and removes; a reviewer opens and decides."""

from dataclasses import dataclass

from core.domain.account import Account, Accounts, Verification, WrongMove
from core.domain.actor import Actor, Citizen, Role
from core.domain.application import Application, Applications, ApplicationState, Blocked, NoApplication
from core.domain.audit import AuditLog, Operation
from core.domain.consent import Consents, refuse_withdrawn
from core.domain.document import (
    MAX_BYTES,
    BadFile,
    Document,
    DocumentNotThere,
    Documents,
    DocumentState,
    Kind,
    Purpose,
    kinds_for,
    missing,
)
from core.domain.ids import DocumentId, new_id
from core.domain.notification import Button, Topic
from core.domain.staff import require_role
from core.ports import Clock, Inspector, Transaction
from core.services.reminder import DraftReminders
from core.services.telling import Teller
from core.services.verification import REASON_LIMIT, ReasonNeeded


@dataclass(frozen=True, slots=True)
class DocumentList:
    """What is there, missing and refused. `next_kind` is what the next file is taken for unless the person says otherwise."""

    wanted: tuple[Kind, ...]
    documents: tuple[Document, ...]
    missing: tuple[Kind, ...]

    @property
    def next_kind(self) -> Kind | None:
        """The first kind that has no usable document, optional ones last."""
        if self.missing:
            return self.missing[0]
        have = {each.kind for each in self.documents if each.state is not DocumentState.REFUSED}
        return next((kind for kind in self.wanted if kind not in have), None)

    def of(self, kind: Kind) -> Document | None:
        """Return the standing document of a kind."""
        return next((each for each in self.documents if each.kind is kind), None)


@dataclass(frozen=True, slots=True)
class ListDocuments:
    """The citizen looks at the list for the application or for the verification."""

    transaction: Transaction
    documents: Documents
    applications: Applications

    async def __call__(self, citizen: Citizen, purpose: Purpose) -> DocumentList:
        async with self.transaction.looking():
            documents = await self.documents.of(citizen, purpose)
            application = await self.applications.open_of(citizen) if purpose is Purpose.APPLICATION else None
        wanted = kinds_for(purpose, benefits=application is not None and application.benefits)
        shown = tuple(each for each in documents if each.kind in wanted)
        return DocumentList(wanted, shown, missing(shown, wanted))


@dataclass(frozen=True, slots=True)
class UploadDocument:
    """The citizen sends a scan. It is looked into, cleaned, encrypted and kept in place of an earlier one of its kind.

    Raises BadFile with the reason, Blocked while the application waits, DocumentNotThere for a kind that is not asked for
    and while a verification is looked at or done, NoConsent after a withdrawal.
    """

    transaction: Transaction
    accounts: Accounts
    documents: Documents
    applications: Applications
    consents: Consents
    inspector: Inspector
    reminders: DraftReminders
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, purpose: Purpose, kind: Kind, content: bytes) -> Document:
        if len(content) > MAX_BYTES:
            raise BadFile("document.too_big", {"limit": str(MAX_BYTES // 1024 // 1024)})
        inspected = await self.inspector.inspect(content)
        async with self.transaction:
            account = await self.accounts.of(citizen)
            refuse_withdrawn(await self.consents.latest(account.id))
            if purpose is Purpose.VERIFICATION:
                refuse_reviewed(account)
            application = await self._check_open(citizen, purpose, kind)
            now = self.clock.now()
            document = Document(
                id=DocumentId(new_id(now)),
                account=account.id,
                purpose=purpose,
                kind=kind,
                state=DocumentState.RECEIVED,
                mime=inspected.mime,
                size=len(inspected.content),
                pages=inspected.pages,
                uploaded_at=now,
            )
            await self.documents.put(document, inspected.content)
            if application is not None:
                await self.reminders.renew(application, application)
            self.audit.record(
                citizen, Operation.DOCUMENT_UPLOADED, account.id, kind=kind.value, document=str(document.id)
            )
        return document

    async def _check_open(self, citizen: Citizen, purpose: Purpose, kind: Kind) -> Application | None:
        application = await self.applications.open_of(citizen) if purpose is Purpose.APPLICATION else None
        if purpose is Purpose.APPLICATION and application is not None and application.state is ApplicationState.WAITING:
            raise Blocked
        standing = {each.kind: each for each in await self.documents.of(citizen, purpose)}
        refused = kind in standing and standing[kind].state is DocumentState.REFUSED
        if purpose is Purpose.APPLICATION and application is None and not refused:
            raise NoApplication
        if kind not in kinds_for(purpose, benefits=application is not None and application.benefits) and not refused:
            raise DocumentNotThere
        return application


def refuse_reviewed(account: Account) -> None:
    """Raise DocumentNotThere unless the account is still to be verified: what a reviewer looks at, or has approved, stays."""
    if account.verification is not Verification.UNVERIFIED:
        raise DocumentNotThere


@dataclass(frozen=True, slots=True)
class RelabelDocument:
    """«Это другой документ»: a scan was taken for the wrong kind; the one that stood there takes its place.

    Raises DocumentNotThere (also for a kind that is not asked for), Blocked, NoConsent, WrongMove.
    """

    transaction: Transaction
    documents: Documents
    applications: Applications
    consents: Consents
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, document_id: DocumentId, kind: Kind) -> None:
        async with self.transaction:
            refuse_withdrawn(await self.consents.latest(citizen.account))
            document = await self.documents.find(citizen, document_id)
            application = await self.applications.open_of(citizen)
            if application is None or document.purpose is not Purpose.APPLICATION:
                raise DocumentNotThere
            if application.state is ApplicationState.WAITING:
                raise Blocked
            if kind not in kinds_for(Purpose.APPLICATION, benefits=application.benefits):
                raise DocumentNotThere
            if kind is document.kind:
                return
            await self.documents.relabel(document, kind, self.clock.now())
            self.audit.record(
                citizen, Operation.DOCUMENT_RELABELLED, citizen.account, document=str(document.id), kind=kind.value
            )


@dataclass(frozen=True, slots=True)
class RemoveDocument:
    """The citizen removes a scan. Removing twice is removing once; somebody else's is not there."""

    transaction: Transaction
    accounts: Accounts
    documents: Documents
    applications: Applications
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, document_id: DocumentId) -> None:
        async with self.transaction:
            document = await self.documents.find(citizen, document_id)
            if document.state is DocumentState.REMOVED:
                return
            if document.purpose is Purpose.APPLICATION:
                application = await self.applications.open_of(citizen)
                if application is not None and application.state is ApplicationState.WAITING:
                    raise Blocked
            else:
                refuse_reviewed(await self.accounts.of(citizen))
            await self.documents.move(document.id, DocumentState.REMOVED, None, self.clock.now())
            self.audit.record(citizen, Operation.DOCUMENT_REMOVED, citizen.account, kind=document.kind.value)


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A reviewer opens a scan, or a citizen their own. Returns it with its bytes. Raises DocumentNotThere."""

    transaction: Transaction
    documents: Documents
    audit: AuditLog

    async def __call__(self, actor: Actor, document_id: DocumentId) -> tuple[Document, bytes]:
        async with self.transaction.looking():
            document = await self.documents.find(actor, document_id)
            content = await self.documents.content(actor, document_id)
            self.audit.record(actor, Operation.DOCUMENT_OPENED, document.account, document=str(document.id))
        return document, content


@dataclass(frozen=True, slots=True)
class ViewDocument:
    """A reviewer opens one application document in the queue. Raises NotAllowed, DocumentNotThere."""

    transaction: Transaction
    documents: Documents
    accounts: Accounts
    audit: AuditLog

    async def __call__(self, actor: Actor, document_id: DocumentId) -> tuple[Document, str]:
        staff = require_role(actor, Role.REVIEWER)
        async with self.transaction.looking():
            document = await self.documents.find(staff, document_id)
            account = await self.accounts.get(document.account)
            self.audit.record(staff, Operation.DOCUMENT_OPENED, document.account, document=str(document.id))
        return document, account.first_name


@dataclass(frozen=True, slots=True)
class DecideDocument:
    """A reviewer approves an application's document, or refuses it with a reason (`reason` not None); the citizen is told.

    Raises NotAllowed, ReasonNeeded, DocumentNotThere, WrongMove when it was decided or replaced meanwhile.
    """

    transaction: Transaction
    documents: Documents
    accounts: Accounts
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, document_id: DocumentId, reason: str | None) -> None:
        staff = require_role(actor, Role.REVIEWER)
        if reason is not None and not 3 <= len(reason.strip()) <= REASON_LIMIT:
            raise ReasonNeeded
        async with self.transaction:
            document = await self.documents.find(staff, document_id)
            if document.purpose is not Purpose.APPLICATION:
                raise WrongMove
            to = DocumentState.APPROVED if reason is None else DocumentState.REFUSED
            await self.documents.move(document.id, to, reason.strip() if reason else None, self.clock.now())
            self.audit.record(
                staff, Operation.DOCUMENT_DECIDED, document.account, kind=document.kind.value, decision=to.value
            )
            if reason is not None:
                account = await self.accounts.get(document.account)
                await self.teller.citizen(
                    account,
                    f"document.refused.{document.kind.value}",
                    topic=Topic.CARD,
                    buttons=(Button("menu.documents", "scans"),),
                )
