"""Conversations changed: each change of ownership is one conditional UPDATE that raises the epoch."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from core.domain.conversation import Conversation, Ending, Full, LineKind
from core.domain.ids import AccountId, ConversationId, StaffId, TeamId, TicketId
from core.domain.support import Urgency
from core.storage.chat import ChatRow
from core.storage.conversation.reading import ENDED, IS_OPEN, ROWS, TAKEN, WAITING, ReadConversations
from core.storage.conversation.rows import LINE_ROWS, ConversationRow
from core.storage.staff import StaffRow
from core.storage.transaction import Stored


@dataclass(frozen=True, slots=True)
class SqlConversations(ReadConversations):
    """`core.domain.conversation.Conversations`."""

    async def open(self, conversation: Conversation) -> bool:
        """Store it and let the chat know; False when one is open there already."""
        new: dict[str, Stored] = {
            "id": conversation.id,
            "chat": conversation.chat,
            "account": conversation.account,
            "language": conversation.language,
            "topic": conversation.topic.value,
            "urgency": conversation.urgency.value,
            "state": conversation.state.value,
            "asked_at": conversation.asked_at,
            "epoch": conversation.epoch,
            "lines": 0,
            "citizen_line": 0,
            "last_at": conversation.asked_at,
            "owner": conversation.owner,
            "team": conversation.team,
            "taken_at": None,
            "first_taken_at": None,
            "first_answer_at": None,
            "waits_since": conversation.waits_since,
            "promised_at": conversation.promised_at,
            "read": 0,
            "doing": conversation.doing,
            "tags": sorted(conversation.tags),
            "ticket": conversation.ticket,
            "ended_at": None,
            "ending": None,
            "rating": None,
            "version": 1,
        }
        if not await self.transaction.insert(ConversationRow, new):
            return False
        here = update(ChatRow).where(ChatRow.id == conversation.chat).values(talk=conversation.id)
        await self.transaction.change(here)
        return True

    async def take(
        self,
        conversation: Conversation,
        by: StaffId,
        now: datetime,
        *,
        capacity: int | None,
    ) -> int | None:
        """Give it to a member if nobody was faster, which its epoch tells; returns the new epoch, else None.

        Raises Full when the member has `capacity` already: two at once count one another.
        """
        if capacity is not None:
            await self.transaction.session.execute(select(StaffRow.id).where(StaffRow.id == by).with_for_update())
            has = select(func.count()).where(ROWS.c.owner == by, ROWS.c.state == TAKEN)
            if (await self.transaction.session.scalar(has) or 0) >= capacity:
                raise Full
        taken_first = func.coalesce(ROWS.c.first_taken_at, now)
        return await self._move(conversation, IS_OPEN, state=TAKEN, owner=by, taken_at=now, first_taken_at=taken_first)

    async def put_back(self, conversation: Conversation, team: TeamId | None, now: datetime) -> int | None:
        """Let it wait again at its old place; returns the new epoch, None when somebody was faster."""
        waits_since = func.coalesce(ROWS.c.waits_since, now)
        return await self._move(
            conversation, IS_OPEN, state=WAITING, owner=None, team=team, taken_at=None, waits_since=waits_since
        )

    async def end(
        self, conversation: Conversation, ending: Ending, now: datetime, *, fenced: bool = True
    ) -> int | None:
        """End it, forget what was shown of the record in it, and free the chat; returns the new epoch.

        None when it was over (`fenced`: or has another epoch since).
        """
        over = {"state": ENDED, "ending": ending.value, "ended_at": now, "waits_since": None}
        epoch = await self._move(conversation, IS_OPEN, fenced=fenced, **over)
        if epoch is not None:
            here = update(ChatRow).where(ChatRow.id == conversation.chat, ChatRow.talk == conversation.id)
            await self.transaction.change(here.values(talk=None))
            await self._forget(LINE_ROWS.c.conversation == conversation.id)
        return epoch

    async def forget_shared(self, account: AccountId) -> None:
        """Forget what its owner has shown of the record, and what is being shown at this moment."""
        mine = select(ROWS.c.id).where(ROWS.c.account == account, IS_OPEN).order_by(ROWS.c.id).with_for_update()
        await self.transaction.session.execute(mine)
        await self._forget(LINE_ROWS.c.conversation.in_(select(ROWS.c.id).where(ROWS.c.account == account)))

    async def hurry(self, conversation: ConversationId, urgency: Urgency) -> bool:
        """Let an open one be answered sooner; False when it is as urgent already."""
        return await self._set(conversation, IS_OPEN, ROWS.c.urgency > urgency.value, urgency=urgency.value)

    async def rate(self, conversation: ConversationId, stars: int) -> bool:
        """Keep what the citizen thought of it; the last word counts."""
        return await self._set(conversation, ROWS.c.state == ENDED, rating=stars)

    async def tag(self, conversation: ConversationId, tags: frozenset[str]) -> None:
        """Give it these tags and no others."""
        await self._set(conversation, tags=sorted(tags))

    async def link(self, conversation: ConversationId, ticket: TicketId) -> None:
        """Say which ticket it belongs to."""
        await self._set(conversation, ticket=ticket)

    async def mark_read(self, conversation: ConversationId, line: int) -> bool:
        """The owner has seen the lines up to this; False when they had before."""
        return await self._set(conversation, ROWS.c.read < line, ROWS.c.lines >= line, read=line)

    async def _move(
        self, conversation: Conversation, may: ColumnElement[bool], *, fenced: bool = True, **values: object
    ) -> int | None:
        same = [ROWS.c.id == conversation.id, may]
        if fenced:
            same.append(ROWS.c.epoch == conversation.epoch)
        moved = update(ROWS).where(*same).values(epoch=ROWS.c.epoch + 1, version=ROWS.c.version + 1, **values)
        epoch: int | None = await self.transaction.session.scalar(moved.returning(ROWS.c.epoch))
        return epoch

    async def _forget(self, where: ColumnElement[bool]) -> None:
        shared = update(LINE_ROWS).where(where, LINE_ROWS.c.kind == LineKind.SHARED.value)
        await self.transaction.change(shared.values(text=None))

    async def _set(self, conversation: ConversationId, *conditions: ColumnElement[bool], **values: Stored) -> bool:
        here = update(ROWS).where(ROWS.c.id == conversation, *conditions)
        return bool(await self.transaction.change(here.values(version=ROWS.c.version + 1, **values)))
