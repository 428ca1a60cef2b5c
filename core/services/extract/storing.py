"""What the worker does with papers that are there: into the archive after a year, back on request, along with letters."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.access import Deed, Section
from core.domain.account import Accounts, WrongMove
from core.domain.actor import System
from core.domain.audit import AuditLog, Operation
from core.domain.consent import NoConsent
from core.domain.extract import KEPT_AGAIN, LATER, Extract, ExtractNotThere, Extracts, ExtractState, FileLost
from core.domain.ids import ExtractId
from core.domain.notification import Button
from core.ports import Attachment, Clock, Transaction, Wording
from core.services.access import Gate
from core.services.extract.keeping import file_name
from core.services.telling import Teller

log = logging.getLogger(__name__)
WORKER = System("worker")
AT_ONCE = 20
PDF = "application/pdf"


async def put_off(transaction: Transaction, extracts: Extracts, extract: Extract, until: datetime) -> None:
    """Let others come before a paper that cannot be moved now: a lost or damaged file, a consent that was withdrawn."""
    with suppress(WrongMove):
        async with transaction:
            await extracts.save(replace(extract, due_at=until))


@dataclass(frozen=True, slots=True)
class ArchivePapers:
    """Papers whose time is over go to the archive store, each in a transaction of its own. Returns how many."""

    transaction: Transaction
    extracts: Extracts
    audit: AuditLog
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction.looking():
            due = await self.extracts.due_for_archive(self.clock.now(), AT_ONCE)
        moved = 0
        for each in due:
            try:
                async with self.transaction:
                    await self.extracts.archive(replace(each, due_at=None))
                    self.audit.record(WORKER, Operation.EXTRACT_ARCHIVED, each.account, extract=str(each.id))
            except Exception as fault:
                log.warning("extract_not_archived", extra={"extract": str(each.id), "fault": type(fault).__name__})
                await put_off(self.transaction, self.extracts, each, self.clock.now() + LATER)
            else:
                moved += 1
        return moved


@dataclass(frozen=True, slots=True)
class RestorePapers:
    """Papers that somebody wants come back for a month, and their owner is told. Returns how many."""

    transaction: Transaction
    gate: Gate
    accounts: Accounts
    extracts: Extracts
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self) -> int:
        async with self.transaction.looking():
            wanted = await self.extracts.to_be_restored(self.clock.now(), AT_ONCE)
        back = 0
        for each in wanted:
            try:
                async with self.transaction:
                    await self.gate.other(WORKER, each.account, Section.EXTRACTS, Deed.READ)
                    until = self.clock.now() + KEPT_AGAIN
                    await self.extracts.restore(replace(each, kept_until=until, due_at=None))
                    self.audit.record(WORKER, Operation.EXTRACT_RESTORED, each.account, extract=str(each.id))
                    account = await self.accounts.get(each.account)
                    await self.teller.citizen(
                        account, "extract.push_back", buttons=(Button("extract.open", "documents"),)
                    )
            except Exception as fault:
                log.warning("extract_not_restored", extra={"extract": str(each.id), "fault": type(fault).__name__})
                await put_off(self.transaction, self.extracts, each, self.clock.now() + LATER)
            else:
                back += 1
        return back


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What letters bring along, read inside the open transaction of whoever sends them."""

    gate: Gate
    extracts: Extracts
    wording: Wording
    audit: AuditLog

    async def of(self, wanted: Sequence[ExtractId]) -> dict[ExtractId, Attachment]:
        """Return the files by paper. Left out: withdrawn, archived, lost, damaged ones, and where the consent was withdrawn."""
        found: dict[ExtractId, Attachment] = {}
        for each in dict.fromkeys(wanted):
            try:
                extract = await self.extracts.get(each)
                await self.gate.other(WORKER, extract.account, Section.EXTRACTS, Deed.READ)
                if extract.state is not ExtractState.READY:
                    continue
                content = await self.extracts.content(extract)
            except (ExtractNotThere, FileLost, NoConsent):
                continue
            except Exception as fault:
                # A damaged file keeps nobody else's letters back. The type alone: a message might name what nobody should read.
                log.warning("extract_not_enclosed", extra={"extract": str(each), "fault": type(fault).__name__})
                continue
            self.audit.record(
                WORKER, Operation.EXTRACT_OPENED, extract.account, extract=str(each), section=Section.EXTRACTS.value
            )
            found[each] = Attachment(file_name(extract, self.wording), PDF, content)
        return found
