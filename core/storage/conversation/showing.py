"""Lines read: opened, with what they said before, and found by their words."""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Integer, Row, Select, bindparam, func, literal, select, tuple_

from core.domain.actor import NotAllowed
from core.domain.conversation import (
    Attached,
    Conversation,
    ConversationNotThere,
    Delivery,
    Hit,
    Line,
    LineKind,
    Side,
    Sight,
    Version,
)
from core.domain.ids import AccountId, ConversationId, LineId, StaffId
from core.domain.support import UNREADABLE
from core.ports import BlindIndexes, Files
from core.security.envelope import Place, Tampered, WrappedKey
from core.storage.conversation.cursors import opened, shut
from core.storage.conversation.reading import within
from core.storage.conversation.rows import CONVERSATIONS, LINE_ROWS, LINES, VersionRow
from core.storage.conversation.words import indexed, says, standing_in
from core.storage.key import RowSeal, Seals
from core.storage.transaction import SqlTransaction, Stored

log = logging.getLogger(__name__)
ROWS = LINE_ROWS
ASKED = select(*ROWS.c, CONVERSATIONS.c.account.label("whose")).join(
    CONVERSATIONS, CONVERSATIONS.c.id == ROWS.c.conversation
)
HERE = ASKED.where(ROWS.c.conversation == bindparam("of"))
LAST = (
    HERE.where(ROWS.c.number > bindparam("after"))
    .order_by(ROWS.c.number.desc())
    .limit(bindparam("most", type_=Integer()))
)
LAST_BEFORE = LAST.where(ROWS.c.number < bindparam("before"))
NUMBERED = HERE.where(ROWS.c.number == bindparam("number"))
KEYED = HERE.where(ROWS.c.key == bindparam("key"))
SENT = HERE.where(ROWS.c.message == bindparam("message")).limit(literal(1, Integer()))
ROUNDS = 20
"""How often a search looks further for lines that really have the words; after that it goes on with the next page."""
SPOKEN = ROWS.c.side.in_([Side.CITIZEN.value, Side.OPERATOR.value])


@dataclass(frozen=True, slots=True)
class ShownLines:
    """The part of `core.domain.conversation.Lines` that reads."""

    transaction: SqlTransaction
    seals: Seals
    files: Files
    indexes: BlindIndexes

    async def of(
        self, conversation: ConversationId, after: int = 0, limit: int = 500, *, before: int | None = None
    ) -> Sequence[Line]:
        """Return the last ones after a number (and before another), in their order."""
        asked: dict[str, Stored] = {"of": conversation, "after": after, "most": limit}
        if before is not None:
            found = await self._opened(await self.transaction.ask(LAST_BEFORE, before=before, **asked))
        else:
            found = await self._opened(await self.transaction.ask(LAST, **asked))
        return found[::-1]

    async def at(self, conversation: ConversationId, number: int) -> Line | None:
        """Return one by its number."""
        return await self._one(NUMBERED, of=conversation, number=number)

    async def keyed(self, conversation: ConversationId, key: str) -> Line | None:
        """Return the line that a call with this key made."""
        return await self._one(KEYED, of=conversation, key=key)

    async def by_message(self, conversation: ConversationId, message: int) -> Line | None:
        """Return the line of a message of Telegram's."""
        return await self._one(SENT, of=conversation, message=message)

    async def unread(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return how many of the citizen's lines the operator of each has not seen."""
        if not conversations:
            return {}
        asked = (
            select(ROWS.c.conversation, func.count())
            .join(CONVERSATIONS, CONVERSATIONS.c.id == ROWS.c.conversation)
            .where(
                ROWS.c.conversation.in_(conversations),
                ROWS.c.side == Side.CITIZEN.value,
                ROWS.c.number > CONVERSATIONS.c.read,
            )
            .group_by(ROWS.c.conversation)
        )
        return {row[0]: row[1] for row in await self.transaction.session.execute(asked)}

    async def last(self, conversations: Collection[ConversationId]) -> Mapping[ConversationId, Line]:
        """Return the last line that citizen or operator said in each."""
        if not conversations:
            return {}
        last = (
            select(ROWS.c.conversation, func.max(ROWS.c.number))
            .where(ROWS.c.conversation.in_(conversations), SPOKEN)
            .group_by(ROWS.c.conversation)
        )
        found = await self._read(ASKED.where(tuple_(ROWS.c.conversation, ROWS.c.number).in_(last)))
        return {line.conversation: line for line in found}

    async def content(self, line: Line) -> bytes:
        """Return the bytes of its file. Raises ConversationNotThere where there is none."""
        wrapped = await self.transaction.session.scalar(select(ROWS.c.wrapped).where(ROWS.c.id == line.id))
        if wrapped is None:
            raise ConversationNotThere
        try:
            return await unsealed(self.seals, self.files, line.id, wrapped)
        except FileNotFoundError:
            log.exception("line_file_missing", extra={"line": str(line.id)})
            raise ConversationNotThere from None
        except Tampered:
            log.exception("line_tampered", extra={"line": str(line.id)})
            raise ConversationNotThere from None

    async def weight(self, conversation: Conversation, since: datetime) -> tuple[int, int]:
        """Return how many bytes the citizen's files are in it, and in all of its chat's since then."""
        brought = select(func.coalesce(func.sum(ROWS.c.size), 0)).where(ROWS.c.side == Side.CITIZEN.value)
        chats = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.chat == conversation.chat)
        here = brought.where(ROWS.c.conversation == conversation.id).scalar_subquery()
        lately = brought.where(ROWS.c.conversation.in_(chats), ROWS.c.at >= since).scalar_subquery()
        row = (await self.transaction.session.execute(select(here.label("here"), lately.label("lately")))).one()
        return int(row.here), int(row.lately)

    async def search(
        self, sight: Sight, words: str, *, after: str | None, limit: int
    ) -> tuple[Sequence[Hit], str | None]:
        """Return lines that have all the words, in whatever form, the latest first."""
        place = (ROWS.c.at, ROWS.c.id)
        likely = ASKED.where(standing_in(ROWS.c.id, indexed(self.indexes, words)), *within(sight))
        likely = likely.order_by(*(each.desc() for each in place))
        found: list[Line] = []
        for _ in range(ROUNDS):
            asked = likely if after is None else likely.where(tuple_(*place) < opened(after, place))
            lines = await self._read(asked.limit(limit + 1))
            found += [line for line in lines if says(line, words)]
            if len(lines) <= limit or len(found) > limit:
                break
            after = shut([lines[-1].at, lines[-1].id])
        more = len(found) > limit or len(lines) > limit
        last = found[limit - 1] if len(found) > limit else lines[-1] if lines else None
        onward = shut([last.at, last.id]) if more and last is not None else None
        return [Hit(line.conversation, line.number, line.at) for line in found[:limit]], onward

    async def saying(self, conversations: Collection[ConversationId], words: str) -> frozenset[ConversationId]:
        """Return those of them in which a line has all the words, in whatever form."""
        asked = ASKED.where(
            ROWS.c.conversation.in_(conversations), standing_in(ROWS.c.id, indexed(self.indexes, words))
        )
        return frozenset(line.conversation for line in await self._read(asked) if says(line, words))

    async def _one(self, statement: Executable, **values: Stored) -> Line | None:
        found = await self._opened(await self.transaction.ask(statement, **values))
        return found[0] if found else None

    async def _read(self, asked: Select[Any]) -> list[Line]:
        return await self._opened((await self.transaction.session.execute(asked)).all())

    async def _opened(self, rows: Sequence[Row[Any]]) -> list[Line]:
        with suppress(Tampered):  # each is asked for again, and one that does not open stops no other
            await self.seals.of_accounts({row.whose for row in rows if row.whose is not None})
        edited = {row.id: row.whose for row in rows if row.edited_at is not None}
        earlier = await self._earlier(edited) if edited else {}
        return [await self._open(row, earlier) for row in rows]

    async def _open(self, row: Row[Any], earlier: Mapping[LineId, list[Version]]) -> Line:
        try:
            return self._line(row, await seal_of(self.seals, row.whose, row.id, row.version), earlier)
        except (Tampered, NotAllowed):
            log.exception("line_tampered", extra={"line": str(row.id)})
            return self._line(row, None, earlier)

    async def _earlier(self, lines: Mapping[LineId, AccountId | None]) -> Mapping[LineId, list[Version]]:
        asked = select(VersionRow).where(VersionRow.line.in_(lines)).order_by(VersionRow.line, VersionRow.version)
        found: dict[LineId, list[Version]] = {}
        for row in await self.transaction.session.scalars(asked):
            try:
                text = (await seal_of(self.seals, lines[row.line], row.line, row.version)).open("text", row.text)
            except (Tampered, NotAllowed):
                log.exception("line_tampered", extra={"line": str(row.line)})
                text = UNREADABLE
            found.setdefault(row.line, []).append(Version(text, row.until))
        return found

    def _line(self, row: Row[Any], seal: RowSeal | None, earlier: Mapping[LineId, list[Version]]) -> Line:
        """Read a row; without a seal that opens it, what stands in clear."""
        text, point, name = UNREADABLE, None, None if row.file_name is None else UNREADABLE
        if seal is not None:
            name, point = seal.open_known("file_name", row.file_name), seal.open_known("point", row.point)
            text = seal.open_known("text", row.text) or ""
        where = point.split(",") if point else None
        return Line(
            id=row.id,
            conversation=row.conversation,
            number=row.number,
            side=Side(row.side),
            kind=LineKind(row.kind),
            at=row.at,
            text=text,
            author=row.author,
            file=None if name is None else Attached(name, row.mime, row.size),
            point=(float(where[0]), float(where[1])) if where else None,
            reply_to=row.reply_to,
            message=row.message,
            delivery=Delivery(row.delivery) if row.delivery else None,
            reason=row.reason,
            epoch=row.epoch,
            mentions=frozenset(StaffId(UUID(each)) for each in row.mentions),
            earlier=tuple(earlier.get(row.id, ())),
            edited_at=row.edited_at,
            gone_at=row.gone_at,
            version=row.version,
            unreadable=seal is None,
        )


async def seal_of(seals: Seals, account: AccountId | None, line: LineId, version: int) -> RowSeal:
    """Return the seal of a line: under its account's key, or the product's own where there is none."""
    if account is None:
        return await seals.system_row(LINES, line, version)
    return await seals.row_of(account, LINES, line, version)


async def unsealed(seals: Seals, files: Files, line: LineId, wrapped: bytes) -> bytes:
    """Return the bytes of a line's file; FileNotFoundError where there are none."""
    key = seals.envelope.unwrap(WrappedKey(wrapped), owner_of(line))
    return await asyncio.to_thread(seals.envelope.open, key, place_of(line), await files.get(file_of(line)))


def owner_of(line: LineId) -> str:
    """Return the owner's name that the wrapping of a file's key is bound to."""
    return f"line:{line}"


def file_of(line: LineId) -> str:
    """Return the name of the file in the store."""
    return str(line)


def place_of(line: LineId) -> Place:
    """Return what the bytes are bound to."""
    return Place(LINES, line, "content")
