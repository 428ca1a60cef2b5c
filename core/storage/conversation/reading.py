"""Conversations read: the one of a chat, those that a member may see, and the queue in its order."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, bindparam, case, func, literal, or_, select, tuple_

from core.domain.conversation import (
    Conversation,
    ConversationNotThere,
    ConversationState,
    Ending,
    Sight,
    Sought,
)
from core.domain.ids import ChatId, ConversationId, StaffId
from core.domain.support import SupportTopic, Urgency
from core.ports import BlindIndexes
from core.storage.base import UtcDateTime
from core.storage.chat import ChatRow
from core.storage.conversation.cursors import opened, shut
from core.storage.conversation.rows import CONVERSATIONS, LINE_ROWS
from core.storage.conversation.words import indexed, standing_in
from core.storage.transaction import SqlTransaction

ROWS = CONVERSATIONS
ENDED, TAKEN, WAITING = (
    state.value for state in (ConversationState.ENDED, ConversationState.TAKEN, ConversationState.WAITING)
)
IS_OPEN = ROWS.c.state != ENDED
OPEN_OF = select(ROWS).where(ROWS.c.chat == bindparam("chat"), IS_OPEN)
LATEST_OF = select(ROWS).where(ROWS.c.chat == bindparam("chat")).order_by(ROWS.c.asked_at.desc()).limit(1)
BY_ID = select(ROWS).where(ROWS.c.id == bindparam("of"))
HELD = select(ROWS.c.id).where(ROWS.c.id == bindparam("of")).with_for_update()
FAR = datetime(9999, 1, 1, tzinfo=UTC)
# Who waits for an answer comes first: by when it was promised, and once there was one, by since when they wait again.
CALM = case((ROWS.c.waits_since.is_(None), 1), else_=0)
DUE = func.coalesce(
    case((ROWS.c.first_answer_at.is_(None), ROWS.c.promised_at), else_=ROWS.c.waits_since), literal(FAR, UtcDateTime())
)
ORDER: tuple[ColumnElement[Any], ...] = (ROWS.c.urgency, CALM, DUE, ROWS.c.asked_at, ROWS.c.id)


@dataclass(frozen=True, slots=True)
class ReadConversations:
    """The part of `core.domain.conversation.Conversations` that looks."""

    transaction: SqlTransaction
    indexes: BlindIndexes

    async def of_chat(self, chat: ChatId) -> Conversation | None:
        """Return the open one."""
        for row in await self.transaction.ask(OPEN_OF, chat=chat):
            return read(row)
        return None

    async def of_chats(self, chats: Collection[ChatId]) -> Sequence[Conversation]:
        """Return the open ones of several."""
        return await self._all(select(ROWS).where(ROWS.c.chat.in_(chats), IS_OPEN))

    async def latest_of(self, chat: ChatId) -> Conversation | None:
        """Return the last one, open or not."""
        for row in await self.transaction.ask(LATEST_OF, chat=chat):
            return read(row)
        return None

    async def get(self, conversation: ConversationId) -> Conversation:
        """For the product's own work. Raises ConversationNotThere."""
        for row in await self.transaction.ask(BY_ID, of=conversation):
            return read(row)
        raise ConversationNotThere

    async def seen(self, sight: Sight, conversation: ConversationId, *, hold: bool = False) -> Conversation:
        """Return one that the member may see; ConversationNotThere otherwise. `hold`: nobody changes it meanwhile."""
        if hold:
            await self.transaction.session.execute(HELD, {"of": conversation})
        found = await self.get(conversation)
        if not sight.reaches(found.team, found.owner):
            raise ConversationNotThere
        return found

    async def some(self, sight: Sight, wanted: Collection[ConversationId]) -> Mapping[ConversationId, Conversation]:
        """Return those of them that the member may see."""
        asked = select(ROWS).where(ROWS.c.id.in_(wanted), *within(sight))
        return {found.id: found for found in await self._all(asked)}

    async def listed(
        self, sight: Sight, sought: Sought, *, after: str | None = None, limit: int = 50
    ) -> tuple[Sequence[Conversation], str | None]:
        """Return a page in the order of the queue, and where the next one begins; None after the last.

        Those that ended come last first.
        """
        over = sought.states == {ConversationState.ENDED}
        columns = (ROWS.c.ended_at, ROWS.c.id) if over else ORDER
        asked = select(ROWS, *(each.label(f"at_{place}") for place, each in enumerate(columns)))
        asked = asked.where(*within(sight), *self._narrowed(sought))
        if after is not None:
            here, place = tuple_(*columns), opened(after, columns)
            asked = asked.where(here < place if over else here > place)
        order = [each.desc() for each in columns] if over else list(columns)
        rows = (await self.transaction.session.execute(asked.order_by(*order).limit(limit + 1))).all()
        page = rows[:limit]
        onward = None
        if len(rows) > limit:
            onward = shut([getattr(page[-1], f"at_{place}") for place in range(len(columns))])
        return [read(row) for row in page], onward

    async def waiting(self) -> Sequence[Conversation]:
        """Return all that wait for an operator, in the order of the queue."""
        return await self._all(select(ROWS).where(ROWS.c.state == WAITING).order_by(*ORDER))

    async def places(self, wanted: Collection[ConversationId]) -> Mapping[ConversationId, int]:
        """Return the place in the queue of those of them that wait: 1 is next."""
        place = func.row_number().over(order_by=ORDER).label("place")
        queue = select(ROWS.c.id, place).where(ROWS.c.state == WAITING).subquery()
        asked = select(queue.c.id, queue.c.place).where(queue.c.id.in_(wanted))
        return {ConversationId(row.id): row.place for row in await self.transaction.session.execute(asked)}

    async def open_ones(self) -> Sequence[Conversation]:
        """Return all that are taken."""
        return await self._all(select(ROWS).where(ROWS.c.state == TAKEN).order_by(ROWS.c.asked_at, ROWS.c.id))

    async def loads(self) -> Mapping[StaffId, int]:
        """Return how many each operator has now."""
        asked = select(ROWS.c.owner, func.count()).where(ROWS.c.state == TAKEN).group_by(ROWS.c.owner)
        return {StaffId(owner): count for owner, count in await self.transaction.session.execute(asked)}

    async def waits(self, since: datetime, limit: int) -> Sequence[timedelta]:
        """Return how long the last ones waited in the queue until they were taken."""
        asked = select(ROWS.c.asked_at, ROWS.c.first_taken_at).where(ROWS.c.first_taken_at >= since)
        rows = await self.transaction.session.execute(asked.order_by(ROWS.c.first_taken_at.desc()).limit(limit))
        return [taken_at - asked_at for asked_at, taken_at in rows]

    async def silent(self, before: datetime, limit: int) -> Sequence[Conversation]:
        """Return open ones in which nobody has said anything since."""
        asked = select(ROWS).where(IS_OPEN, ROWS.c.last_at < before).order_by(ROWS.c.last_at)
        return await self._all(asked.limit(limit))

    async def blocked(self, before: datetime, limit: int) -> Sequence[Conversation]:
        """Return open ones whose citizen has blocked the bot since before that."""
        gone = select(ChatRow.id).where(ChatRow.id == ROWS.c.chat, ChatRow.blocked_at < before).exists()
        return await self._all(select(ROWS).where(IS_OPEN, gone).order_by(ROWS.c.asked_at).limit(limit))

    def _narrowed(self, sought: Sought) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [ROWS.c.state.in_([state.value for state in sought.states])]
        if sought.among is not None:
            conditions.append(ROWS.c.id.in_(sought.among))
        if sought.owner is not None:
            conditions.append(ROWS.c.owner == sought.owner)
        if sought.spare is not None:
            conditions.append(or_(ROWS.c.owner.is_(None), ROWS.c.owner == sought.spare))
        if sought.others is not None:
            conditions += [ROWS.c.owner.is_not(None), ROWS.c.owner != sought.others]
        if sought.topics or sought.fitting:
            conditions.append(ROWS.c.topic.in_([topic.value for topic in sought.topics]))
        if sought.languages or sought.fitting:
            conditions.append(ROWS.c.language.in_(sought.languages))
        if sought.team is not None:
            conditions.append(ROWS.c.team == sought.team)
        if sought.tag is not None:
            # Tags are kept as a list of JSON: quoted, and nothing that needs an escape gets in.
            conditions.append(ROWS.c.tags.cast(Text()).contains(json.dumps(sought.tag), autoescape=True))
        words = indexed(self.indexes, sought.words)
        if sought.words.strip():
            said = select(LINE_ROWS.c.conversation).where(standing_in(LINE_ROWS.c.id, words))
            conditions.append(ROWS.c.id.in_(said))
        return conditions

    async def _all(self, asked: Select[Any]) -> list[Conversation]:
        return [read(row) for row in await self.transaction.session.execute(asked)]


def within(sight: Sight) -> list[ColumnElement[bool]]:
    """The condition that a member may see it."""
    if sight.everything:
        return []
    return [or_(ROWS.c.team.is_(None), ROWS.c.team == sight.team, ROWS.c.owner == sight.staff)]


def read(row: Row[Any]) -> Conversation:
    """Return what a row says."""
    return Conversation(
        id=row.id,
        chat=ChatId(row.chat),
        account=row.account,
        language=row.language,
        topic=SupportTopic(row.topic),
        urgency=Urgency(row.urgency),
        state=ConversationState(row.state),
        asked_at=row.asked_at,
        epoch=row.epoch,
        lines=row.lines,
        owner=row.owner,
        team=row.team,
        taken_at=row.taken_at,
        first_answer_at=row.first_answer_at,
        waits_since=row.waits_since,
        promised_at=row.promised_at,
        read=row.read,
        doing=row.doing,
        tags=frozenset(row.tags),
        ticket=row.ticket,
        ended_at=row.ended_at,
        ending=Ending(row.ending) if row.ending else None,
        rating=row.rating,
        version=row.version,
    )
