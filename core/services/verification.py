"""Verifying an account: the citizen asks with documents, a reviewer decides, the citizen is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.account import Account, Accounts, Verification
from core.domain.actor import Actor, Citizen, Role
from core.domain.audit import AuditLog, Operation
from core.domain.document import (
    TYPED,
    Document,
    DocumentNotThere,
    Documents,
    DocumentState,
    Kind,
    Purpose,
    kinds_for,
    missing,
)
from core.domain.identifiers import Inn
from core.domain.ids import AccountId, DocumentId, VerificationId, new_id
from core.domain.notification import Button, Topic
from core.domain.staff import StaffMembers, require_role
from core.domain.verification import (
    AlreadyDecided,
    DocumentsMissing,
    RequestState,
    VerificationRequest,
    Verifications,
)
from core.ports import Clock, Transaction
from core.services.telling import Teller

REASON_LIMIT = 300


class ReasonNeeded(Exception):
    """A refusal needs a reason, 3 to 300 characters, for each refused document."""

    message_key = "verification.reason_needed"


@dataclass(frozen=True, slots=True)
class TypeInn:
    """The citizen types the ИНН instead of sending a scan: it is kept as a document, to be approved or refused like one.

    Raises InvalidInn; DocumentNotThere when nothing is to be verified. Returns what is still lacking.
    """

    transaction: Transaction
    accounts: Accounts
    documents: Documents
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, raw: str) -> tuple[Kind, ...]:
        content = Inn.parse(raw).canonical.encode()
        async with self.transaction:
            account = await self.accounts.of(citizen)
            if account.verification is not Verification.UNVERIFIED:
                raise DocumentNotThere
            now = self.clock.now()
            document = Document(
                id=DocumentId(new_id(now)),
                account=account.id,
                purpose=Purpose.VERIFICATION,
                kind=Kind.INN,
                state=DocumentState.RECEIVED,
                mime=TYPED,
                size=len(content),
                pages=1,
                uploaded_at=now,
            )
            await self.documents.put(document, content)
            self.audit.record(
                citizen, Operation.DOCUMENT_UPLOADED, account.id, kind=Kind.INN.value, document=str(document.id)
            )
            return missing(await self.documents.of(citizen, Purpose.VERIFICATION), kinds_for(Purpose.VERIFICATION))


@dataclass(frozen=True, slots=True)
class AskVerification:
    """The citizen sends the passport scan and the ИНН (a scan, or the number typed) to be checked.

    Raises DocumentsMissing. Asking twice is asking once.
    """

    transaction: Transaction
    accounts: Accounts
    documents: Documents
    verifications: Verifications
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen) -> None:
        async with self.transaction:
            account = await self.accounts.of(citizen)
            if account.verification is not Verification.UNVERIFIED:
                return
            documents = await self.documents.of(citizen, Purpose.VERIFICATION)
            if missing(documents, kinds_for(Purpose.VERIFICATION)):
                raise DocumentsMissing
            now = self.clock.now()
            request = VerificationRequest(
                VerificationId(new_id(now)),
                account.id,
                RequestState.PENDING,
                asked_at=now,
                inn=await self._typed(citizen, documents),
            )
            if await self.verifications.ask(request):
                await self.accounts.save(account.moved(Verification.PENDING))
                self.audit.record(citizen, Operation.VERIFICATION_ASKED, account.id)

    async def _typed(self, citizen: Citizen, documents: list[Document]) -> str | None:
        for document in documents:
            if document.typed:
                return (await self.documents.content(citizen, document.id)).decode()
        return None


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One thing that waits for a reviewer: a verification, or an application's document. `name` is «Анна И.»."""

    kind: str
    id: VerificationId | DocumentId
    name: str = field(repr=False)
    since: datetime
    document: Kind | None = None


@dataclass(frozen=True, slots=True)
class ViewQueue:
    """A reviewer looks at what waits, longest first: at most `limit` of each kind."""

    transaction: Transaction
    verifications: Verifications
    documents: Documents
    accounts: Accounts
    audit: AuditLog

    async def __call__(self, actor: Actor, limit: int = 100) -> list[QueueEntry]:
        staff = require_role(actor, Role.REVIEWER)
        async with self.transaction.looking():
            requests = await self.verifications.pending(limit)
            documents = await self.documents.waiting(limit)
            people: dict[AccountId, Account] = {}
            for account in {each.account for each in requests} | {each.account for each in documents}:
                people[account] = await self.accounts.get(account)
            self.audit.record(staff, Operation.QUEUE_VIEWED)
        entries = [
            QueueEntry("verification", each.id, people[each.account].first_name, each.asked_at) for each in requests
        ]
        entries += [
            QueueEntry("document", each.id, people[each.account].first_name, each.uploaded_at, each.kind)
            for each in documents
        ]
        return sorted(entries, key=lambda entry: entry.since)


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a reviewer compares: the portal's words and the documents. `inn` in full: comparing is the work."""

    request: VerificationRequest
    full_name: str = field(repr=False)
    birth_date: str | None = field(repr=False)
    inn: str | None = field(repr=False)
    inn_by_portal: str | None = field(repr=False)
    documents: tuple[Document, ...]
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """A reviewer opens one request. Raises NotAllowed."""

    transaction: Transaction
    verifications: Verifications
    documents: Documents
    accounts: Accounts
    staff: StaffMembers
    audit: AuditLog

    async def __call__(self, actor: Actor, request_id: VerificationId) -> RequestView:
        staff = require_role(actor, Role.REVIEWER)
        async with self.transaction.looking():
            request = await self.verifications.get(request_id)
            account = await self.accounts.get(request.account)
            documents = await self.documents.standing(request.account, Purpose.VERIFICATION)
            names = await self.staff.names({request.decided_by}) if request.decided_by else {}
            self.audit.record(staff, Operation.VERIFICATION_VIEWED, request.account)
        known = account.known
        return RequestView(
            request=request,
            full_name=" ".join(filter(None, (known.family_name, known.given_name, known.middle_name))),
            birth_date=known.birth_date.strftime("%d.%m.%Y") if known.birth_date else None,
            inn=request.inn,
            inn_by_portal=known.inn,
            documents=tuple(each for each in documents if not each.typed),
            decided_by=names.get(request.decided_by) if request.decided_by else None,
        )


@dataclass(frozen=True, slots=True)
class DecideRequest:
    """A reviewer approves, or refuses with a reason for each refused document; the citizen is told at once.

    `refusals` maps the document kind to the reason; empty approves. Raises NotAllowed, ReasonNeeded, AlreadyDecided.
    """

    transaction: Transaction
    verifications: Verifications
    documents: Documents
    accounts: Accounts
    staff: StaffMembers
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, request_id: VerificationId, refusals: Mapping[Kind, str]) -> None:
        staff = require_role(actor, Role.REVIEWER)
        reasons = {kind: reason.strip() for kind, reason in refusals.items()}
        if any(not 3 <= len(reason) <= REASON_LIMIT for reason in reasons.values()):
            raise ReasonNeeded
        to = RequestState.REFUSED if reasons else RequestState.APPROVED
        async with self.transaction:
            now = self.clock.now()
            request = await self.verifications.get(request_id)
            if request.decided_by is not None:
                names = await self.staff.names({request.decided_by})
                raise AlreadyDecided(names.get(request.decided_by))
            await self.verifications.decide(request.id, to, staff.staff, now)
            for document in await self.documents.standing(request.account, Purpose.VERIFICATION):
                reason = reasons.get(document.kind)
                if document.state is not DocumentState.RECEIVED:
                    continue
                if reason is not None:
                    await self.documents.move(document.id, DocumentState.REFUSED, reason, now)
                else:
                    await self.documents.move(document.id, DocumentState.APPROVED, None, now)
            account = await self.accounts.get(request.account)
            if account.verification is Verification.PENDING:
                account = account.moved(Verification.UNVERIFIED if reasons else Verification.VERIFIED)
                await self.accounts.save(account)
            self.audit.record(
                staff,
                Operation.VERIFICATION_DECIDED,
                account.id,
                decision=to.value,
                refused=",".join(sorted(kind.value for kind in reasons)),
            )
            await self._tell(account, reasons)

    async def _tell(self, account: Account, reasons: Mapping[Kind, str]) -> None:
        decision, way = (
            ("refused", Button("menu.status", "status")) if reasons else ("approved", Button("menu.card", "card"))
        )
        await self.teller.citizen(
            account,
            f"verification.{decision}",
            topic=Topic.CARD,
            letter=f"verification.mail_{decision}",
            buttons=(way,),
        )
