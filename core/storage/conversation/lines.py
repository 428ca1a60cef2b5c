"""Lines written: numbered by their conversation's own row, sealed, each file under a key of its own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Executable,
    Integer,
    LargeBinary,
    Row,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from core.domain.account import WrongMove
from core.domain.conversation import (
    Ended,
    Line,
    LineKind,
    NewLine,
    NotYours,
    Side,
    StaleView,
)
from core.domain.idempotency import KeyTaken
from core.domain.ids import LineId, StaffId
from core.security.envelope import WrappedKey, kek_of
from core.storage.base import UtcDateTime
from core.storage.conversation.reading import ENDED, HELD, ROWS
from core.storage.conversation.rows import LineRow, VersionRow, WordRow
from core.storage.conversation.showing import ShownLines, file_of, owner_of, place_of, seal_of
from core.storage.conversation.words import in_words, indexed
from core.storage.transaction import Stored

INDEX = sql("INSERT INTO line_words (word, line) SELECT word, :line FROM unnest(:words) AS told (word)").bindparams(
    bindparam("line", type_=Uuid()), bindparam("words", type_=ARRAY(LargeBinary))
)
SPOKEN = (Side.CITIZEN, Side.OPERATOR)
FOUND = (Side.CITIZEN, Side.OPERATOR, Side.NOTE)
"""Whose words can be searched for."""


@dataclass(frozen=True, slots=True)
class SqlLines(ShownLines):
    """`core.domain.conversation.Lines`."""

    async def append(
        self, new: NewLine, *, epoch: int | None = None, owner: StaffId | None = None, seen: int | None = None
    ) -> Line:
        """Store it under the next number; a `key` that was used gives the line that it made."""
        line = new.line
        if new.key is not None:
            # Whoever comes second with a key waits here, and then sees what the first one made.
            await self.transaction.altered(HELD, of=line.conversation)
            before = await self.keyed(line.conversation, new.key)
            if before is not None:
                return _same(before, line)
        wrapped = await self._put(line.id, new.content) if new.content is not None else None
        row = await self._numbered(line, epoch, owner, seen)
        line = replace(line, number=row.lines, epoch=row.epoch)
        seal = await seal_of(self.seals, row.account, line.id, line.version)
        point = f"{line.point[0]},{line.point[1]}" if line.point else None
        values: dict[str, Stored] = {
            "id": line.id,
            "conversation": line.conversation,
            "number": line.number,
            "side": line.side.value,
            "kind": line.kind.value,
            "at": line.at,
            "text": seal.shut_known("text", line.text or None),
            "author": line.author,
            "file_name": seal.shut_known("file_name", line.file.name if line.file else None),
            "mime": line.file.mime if line.file else None,
            "size": line.file.size if line.file else None,
            "kek": kek_of(wrapped) if wrapped else None,
            "wrapped": bytes(wrapped) if wrapped else None,
            "point": seal.shut_known("point", point),
            "reply_to": line.reply_to,
            "message": line.message,
            "delivery": line.delivery.value if line.delivery else None,
            "reason": None,
            "epoch": line.epoch,
            "mentions": sorted(str(each) for each in line.mentions),
            "edited_at": None,
            "gone_at": None,
            "key": new.key,
            "version": line.version,
        }
        if not await self.transaction.insert(LineRow, values):
            raise WrongMove
        await self._index(line)
        return line

    async def reword(self, line: Line, text: str, now: datetime) -> Line:
        """Let it say something else; what it said before is kept. Raises `account.WrongMove`."""
        if line.unreadable:
            raise WrongMove
        asked = select(LineRow.text, ROWS.c.account).join(ROWS, ROWS.c.id == LineRow.conversation)
        row = (await self.transaction.session.execute(asked.where(LineRow.id == line.id))).one()
        if row.text is not None:
            before = {"line": line.id, "version": line.version, "text": row.text, "until": now}
            if not await self.transaction.insert(VersionRow, before):
                raise WrongMove
        seal = await seal_of(self.seals, row.account, line.id, line.version + 1)
        point = f"{line.point[0]},{line.point[1]}" if line.point else None
        values: dict[str, Stored] = {
            "text": seal.shut_known("text", text or None),
            "file_name": seal.shut_known("file_name", line.file.name if line.file else None),
            "point": seal.shut_known("point", point),
            "edited_at": now,
            "version": line.version + 1,
        }
        same = update(LineRow).where(LineRow.id == line.id, LineRow.version == line.version)
        if not await self.transaction.change(same.values(values)):
            raise WrongMove
        await self.transaction.change(delete(WordRow).where(WordRow.line == line.id))
        changed = await self.at(line.conversation, line.number)
        if changed is None:
            raise WrongMove
        await self._index(changed)
        return changed

    async def take_back(self, line: Line, now: datetime) -> Line:
        """Note that it is gone from the citizen's chat; what it said stays at the desk."""
        here = update(LineRow).where(LineRow.id == line.id, LineRow.gone_at.is_(None))
        await self.transaction.change(here.values(gone_at=now))
        return replace(line, gone_at=line.gone_at or now)

    async def _numbered(self, line: Line, epoch: int | None, owner: StaffId | None, seen: int | None) -> Row[Any]:
        """Give it the next number in one conditional UPDATE; returns that, the epoch and the account."""
        told: dict[str, Stored] = {"of": line.conversation}
        if line.side in SPOKEN:
            told["said_at"] = line.at
        if epoch is not None:
            told |= {"as_epoch": epoch, "by": owner}
        if seen is not None:
            told["seen"] = seen
        counted = _counted(line.side, fenced=epoch is not None, seen=seen is not None)
        for row in await self.transaction.altered(counted, **told):
            return row
        raise await self._refusal(line, epoch, owner)

    async def _refusal(self, line: Line, epoch: int | None, owner: StaffId | None) -> Exception:
        row = (await self.transaction.session.execute(select(ROWS).where(ROWS.c.id == line.conversation))).one()
        if row.state == ENDED:
            return Ended()
        if epoch is not None and (row.epoch, row.owner) != (epoch, owner):
            return NotYours()
        return StaleView(row.lines)

    async def _put(self, line: LineId, content: bytes) -> WrappedKey:
        """Store the bytes before the row: a row never names a file that is not there. One without a row is noise."""
        envelope = self.seals.envelope
        key, wrapped = envelope.new_key(owner_of(line))
        sealed = await asyncio.to_thread(envelope.seal, key, place_of(line), content)
        self.transaction.after_rollback(lambda: self.files.delete(file_of(line)))
        await self.files.put(file_of(line), sealed)
        return wrapped

    async def _index(self, line: Line) -> None:
        # What is shown of the record is read where it was shown, and found by nobody.
        if line.side not in FOUND or line.kind is LineKind.SHARED:
            return
        words: Sequence[bytes] = indexed(self.indexes, in_words(line))
        if words and self.transaction.on_postgresql:
            await self.transaction.alter(INDEX, line=line.id, words=words)
        elif words:
            connection = await self.transaction.session.connection()
            await connection.execute(insert(WordRow), [{"word": word, "line": line.id} for word in words])


@cache
def _counted(side: Side, *, fenced: bool, seen: bool) -> Executable:
    """Return the statement that gives the next number; made once for each way of asking for it."""
    same = [ROWS.c.id == bindparam("of"), ROWS.c.state != ENDED]
    if fenced:
        same += [ROWS.c.epoch == bindparam("as_epoch"), ROWS.c.owner == bindparam("by")]
    if seen:
        same.append(ROWS.c.citizen_line <= bindparam("seen"))
    said_at = bindparam("said_at", type_=UtcDateTime())
    changed: dict[str, object] = {"lines": ROWS.c.lines + 1, "version": ROWS.c.version + 1}
    if side is Side.CITIZEN:
        waits_since = func.coalesce(ROWS.c.waits_since, said_at)
        changed |= {"citizen_line": ROWS.c.lines + 1, "last_at": said_at, "waits_since": waits_since}
    elif side is Side.OPERATOR:
        answered = func.coalesce(ROWS.c.first_answer_at, said_at)
        changed |= {"last_at": said_at, "waits_since": None, "first_answer_at": answered}
        if seen:
            read = bindparam("seen", type_=Integer())
            changed["read"] = case((ROWS.c.read < read, read), else_=ROWS.c.read)
    return update(ROWS).where(*same).values(changed).returning(ROWS.c.lines, ROWS.c.epoch, ROWS.c.account)


def _same(before: Line, line: Line) -> Line:
    """Return the line that the first call made; KeyTaken where this call is another: its key was somebody's mistake."""
    said = before.earlier[0].text if before.earlier else before.text
    if (said, before.side, before.author, before.file) != (line.text, line.side, line.author, line.file):
        raise KeyTaken
    return before
