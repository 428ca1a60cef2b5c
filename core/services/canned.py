"""Answers that stand ready: listed for whoever answers, kept by seniors."""

from dataclasses import dataclass

from core.domain.actor import Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.canned import Canned, CannedAnswers, CannedNotThere
from core.domain.ids import CannedId
from core.ports import Transaction
from core.services.conversation.floor import Floor

KEEPERS = (Role.SENIOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class ListCanned:
    """An operator looks for an answer by its shortcut, its title or its words; what begins so comes first."""

    transaction: Transaction
    answers: CannedAnswers
    floor: Floor
    audit: AuditLog

    async def __call__(self, staff: Staff, words: str = "") -> list[Canned]:
        async with self.transaction.looking():
            found = await self.answers.all(await self.floor.sight(staff))
            self.audit.record(staff, Operation.CANNED_VIEWED)
        wanted = words.strip().lstrip("/").casefold()

        def rank(canned: Canned) -> int:
            if canned.shortcut.casefold().startswith(wanted):
                return 0
            return 1 if wanted in canned.title.casefold() else 2

        fitting = [
            each
            for each in found
            if any(wanted in text.casefold() for text in (each.shortcut, each.title, *each.texts.values()))
        ]
        return sorted(fitting, key=lambda each: (rank(each), each.shortcut))


@dataclass(frozen=True, slots=True)
class SaveCanned:
    """A senior keeps an answer, new or changed. Raises InvalidCanned, ShortcutTaken, WrongMove, NotAllowed."""

    transaction: Transaction
    answers: CannedAnswers
    floor: Floor
    audit: AuditLog

    async def __call__(self, staff: Staff, canned: Canned) -> Canned:
        canned.checked()
        async with self.transaction:
            await self.floor.sight(staff, KEEPERS)
            kept = await self.answers.put(canned)
            self.audit.record(staff, Operation.CANNED_CHANGED, canned=str(canned.id))
        return kept


@dataclass(frozen=True, slots=True)
class RemoveCanned:
    """A senior removes an answer. Raises CannedNotThere, NotAllowed."""

    transaction: Transaction
    answers: CannedAnswers
    floor: Floor
    audit: AuditLog

    async def __call__(self, staff: Staff, canned: CannedId) -> None:
        async with self.transaction:
            await self.floor.sight(staff, KEEPERS)
            if not await self.answers.remove(canned):
                raise CannedNotThere
            self.audit.record(staff, Operation.CANNED_CHANGED, canned=str(canned))
