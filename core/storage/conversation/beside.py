"""What stands beside conversations: what operators have begun to write, and what was decided for the whole desk."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from core.domain.actor import NotAllowed
from core.domain.conversation import Assigning, Conversation
from core.domain.ids import StaffId
from core.security.envelope import Tampered
from core.storage.base import table_of
from core.storage.conversation.rows import DRAFTS, DeskSettingRow, DraftRow
from core.storage.key import RowSeal, Seals
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)
ASSIGNING = "assigning"
ROWS = table_of(DraftRow)
DRAFT = select(ROWS).where(ROWS.c.conversation == bindparam("of"), ROWS.c.staff == bindparam("staff"))


@dataclass(frozen=True, slots=True)
class SqlDrafts:
    """`core.domain.conversation.Drafts`."""

    transaction: SqlTransaction
    seals: Seals

    async def keep(self, conversation: Conversation, staff: StaffId, text: str, now: datetime) -> None:
        """Keep it; empty: forget it."""
        mine = (DraftRow.conversation == conversation.id, DraftRow.staff == staff)
        if not text:
            await self.transaction.change(delete(DraftRow).where(*mine))
            return
        version = await self.transaction.session.scalar(select(DraftRow.version).where(*mine)) or 0
        seal = await self._seal(conversation, staff, version + 1)
        values: dict[str, Stored] = {"text": seal.shut("text", text), "version": version + 1, "at": now}
        if await self.transaction.change(update(DraftRow).where(*mine, DraftRow.version == version).values(values)):
            return
        # Another tab may have been faster: what it keeps stands.
        await self.transaction.insert(DraftRow, {"conversation": conversation.id, "staff": staff, **values})

    async def of(self, conversation: Conversation, staff: StaffId) -> str:
        """Return what they have begun to write; empty where there is nothing."""
        found = await self.transaction.ask(DRAFT, of=conversation.id, staff=staff)
        if not found:
            return ""
        row = found[0]
        try:
            return (await self._seal(conversation, staff, row.version)).open("text", row.text)
        except (Tampered, NotAllowed):
            log.exception("draft_tampered", extra={"conversation": str(conversation.id)})
            return ""

    async def _seal(self, conversation: Conversation, staff: StaffId, version: int) -> RowSeal:
        row = f"{conversation.id} {staff}"
        if conversation.account is None:
            return await self.seals.system_row(DRAFTS, row, version)
        key = await self.seals.of_account(conversation.account)
        return RowSeal(self.seals.envelope, key, DRAFTS, row, version)


@dataclass(frozen=True, slots=True)
class SqlDeskSettings:
    """`core.domain.conversation.DeskSettings`."""

    transaction: SqlTransaction

    async def assigning(self) -> Assigning:
        """Return how waiting conversations find their operators: by hand until somebody decides."""
        asked = select(DeskSettingRow.value).where(DeskSettingRow.name == ASSIGNING)
        return Assigning(await self.transaction.session.scalar(asked) or Assigning.BY_HAND)

    async def assign(self, how: Assigning) -> None:
        """Keep it."""
        here = update(DeskSettingRow).where(DeskSettingRow.name == ASSIGNING).values(value=how.value)
        if not await self.transaction.change(here):
            await self.transaction.insert(DeskSettingRow, {"name": ASSIGNING, "value": how.value})
