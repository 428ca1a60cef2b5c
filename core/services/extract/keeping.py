"""Papers that are there: looked at, downloaded, mailed, brought back from the archive, declared invalid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain.access import Deed, Section
from core.domain.account import WrongMove
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.extract import (
    MAIL_PAUSE,
    Extract,
    ExtractNotThere,
    Extracts,
    ExtractState,
    MailedLately,
    NoMail,
)
from core.domain.identifiers import Email
from core.domain.ids import ExtractId
from core.ports import Clock, Transaction, VerifyPage, Wording
from core.services.access import Gate
from core.services.telling import Teller

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ListExtracts:
    """«Мои документы»: what was ordered, the newest first. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> Sequence[Extract]:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.EXTRACTS)
            found = await self.extracts.of(citizen, SHOWN)
            self.audit.record(citizen, Operation.RECORDS_VIEWED, account.id, section=Section.EXTRACTS.value)
        return found


@dataclass(frozen=True, slots=True)
class ExtractView:
    """A paper, the page that verifies it, and the address (masked) that it can be mailed to."""

    extract: Extract
    page: str = field(repr=False)
    mail: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ViewExtract:
    """The citizen looks at one paper. Raises ExtractNotThere, and what the gate raises."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    page: VerifyPage
    audit: AuditLog

    async def __call__(self, citizen: Citizen, extract: ExtractId) -> ExtractView:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.EXTRACTS)
            found = await self.extracts.one(citizen, extract)
            self.audit.record(
                citizen,
                Operation.RECORDS_VIEWED,
                account.id,
                section=Section.EXTRACTS.value,
                extract=str(found.id),
            )
        mail = Email.parse(account.email).masked if account.email else None
        return ExtractView(found, self.page.of(found.token), mail)


@dataclass(frozen=True, slots=True)
class WatchExtracts:
    """Windows wait for papers: which have moved on? Nothing of a paper is read, so there is no line in the journal."""

    transaction: Transaction
    extracts: Extracts

    async def __call__(self, ids: Sequence[ExtractId]) -> Mapping[ExtractId, int]:
        async with self.transaction.looking():
            return await self.extracts.versions(ids)


@dataclass(frozen=True, slots=True)
class Opened:
    """The file of a paper, and what it is saved as: nothing about the person."""

    name: str
    content: bytes = field(repr=False)
    extract: Extract


@dataclass(frozen=True, slots=True)
class OpenExtract:
    """The citizen downloads a paper. Raises ExtractNotThere (also while it is archived), FileLost, what the gate raises."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    wording: Wording
    audit: AuditLog

    async def __call__(self, citizen: Citizen, extract: ExtractId) -> Opened:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.EXTRACTS)
            found = await self.extracts.one(citizen, extract)
            if found.state is not ExtractState.READY:
                raise ExtractNotThere
            content = await self.extracts.content(found)
            self.audit.record(
                citizen,
                Operation.EXTRACT_OPENED,
                account.id,
                section=Section.EXTRACTS.value,
                extract=str(found.id),
            )
        return Opened(file_name(found, self.wording), content, found)


def file_name(extract: Extract, wording: Wording) -> str:
    """Return what a paper is saved as: its kind and its number."""
    kind = wording.say(f"extract.file.{extract.kind.value}", extract.language, {})
    return f"{kind}-{extract.number}.pdf"


@dataclass(frozen=True, slots=True)
class MailExtract:
    """The paper goes to the confirmed address, as an attachment. Returns the address, masked.

    The letter's row names the paper alone: its bytes are read when it is sent.
    Raises ExtractNotThere, NoMail, MailedLately, WrongMove, and what the gate raises.
    """

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, extract: ExtractId) -> str:
        async with self.transaction:
            account = await self.gate.owner(citizen, Section.EXTRACTS)
            found, now = await self.extracts.one(citizen, extract), self.clock.now()
            if found.state is not ExtractState.READY:
                raise ExtractNotThere
            if account.email is None:
                raise NoMail
            if found.mailed_at is not None and now < found.mailed_at + MAIL_PAUSE:
                raise MailedLately
            await self.extracts.save(replace(found, mailed_at=now))
            await self.teller.mail(account, account.email, "extract.mail", attachment=found.id)
            self.audit.record(
                citizen,
                Operation.EXTRACT_MAILED,
                account.id,
                section=Section.EXTRACTS.value,
                extract=str(found.id),
            )
        return Email.parse(account.email).masked


@dataclass(frozen=True, slots=True)
class RestoreExtract:
    """The citizen wants a paper back from the archive; the worker brings it. Asked twice is asked once."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    audit: AuditLog

    async def __call__(self, citizen: Citizen, extract: ExtractId) -> None:
        async with self.transaction:
            account = await self.gate.owner(citizen, Section.EXTRACTS, Deed.ASK)
            found = await self.extracts.one(citizen, extract)
            if found.state in {ExtractState.RESTORING, ExtractState.READY}:
                return
            await self.extracts.save(found, ExtractState.RESTORING)
            self.audit.record(citizen, Operation.EXTRACT_RESTORED, account.id, extract=str(found.id), asked="yes")


@dataclass(frozen=True, slots=True)
class WithdrawExtract:
    """The citizen declares a paper invalid: whoever verifies it learns so. It cannot be undone. Twice is once."""

    transaction: Transaction
    gate: Gate
    extracts: Extracts
    audit: AuditLog

    async def __call__(self, citizen: Citizen, extract: ExtractId) -> None:
        async with self.transaction:
            account = await self.gate.owner(citizen, Section.EXTRACTS, Deed.ASK)
            found = await self.extracts.one(citizen, extract)
            if found.state is ExtractState.WITHDRAWN:
                return
            if found.state is ExtractState.RESTORING:
                raise WrongMove
            await self.extracts.save(found, ExtractState.WITHDRAWN)
            self.audit.record(citizen, Operation.EXTRACT_WITHDRAWN, account.id, extract=str(found.id))
