"""What the worker does about waits: warns before a limit is over, escalates after, each once."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core.domain.account import WrongMove
from core.domain.actor import NotAllowed, System
from core.domain.audit import AuditLog, Operation
from core.domain.conversation import (
    Conversation,
    ConversationNotThere,
    Conversations,
    DeskEvent,
    DeskEvents,
    Ended,
    Full,
    Happening,
    Line,
    LineKind,
    Lines,
    NewLine,
    NotYours,
    Side,
    Sight,
    TakenBy,
)
from core.domain.ids import ConversationId, LineId, RemarkId, StaffId, TicketId, new_id
from core.domain.sla import Clock, Limits, Note, Noted, Sla, Wait, Waits, Work
from core.domain.staff import StaffMembers
from core.domain.support import Urgency
from core.domain.team import Duties, Teams
from core.domain.ticket import Remark, RemarkSide, TicketNotThere, Tickets
from core.domain.worktime import NeverOpen, Worktime, Worktimes
from core.ports import Clock as Watch
from core.ports import Transaction, Unreadable
from core.services.conversation.owning import Handing
from core.services.sla.limits import hears

WATCH = System("sla")
NOBODY = StaffId(UUID(int=0))
EVERYTHING = Sight(NOBODY, everything=True)
LATE = 100
OVER = (ConversationNotThere, Ended, NotAllowed, TicketNotThere, Unreadable, WrongMove)
"""It was answered, ended or changed at this very moment, or does not open: it is looked at again at the next turn."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Writes what a clock came to where whoever answers sees it. Works inside the open transaction of whoever uses it."""

    waits: Waits
    conversations: Conversations
    lines: Lines
    events: DeskEvents
    tickets: Tickets
    staff: StaffMembers
    teams: Teams
    duties: Duties
    handing: Handing
    audit: AuditLog
    watch: Watch

    async def warned(self, clock: Clock, percent: int) -> None:
        """Say that so much of the limit is over."""
        note = Note(Noted.WARNED, {"percent": str(percent), "until": clock.until.isoformat()})
        if clock.work is Work.CONVERSATION:
            found = await self.conversations.get(ConversationId(clock.subject))
            await self._in_conversation(found, note, None, Operation.WAIT_WARNED)
        else:
            await self._in_ticket(TicketId(clock.subject), note, Limits(), Operation.WAIT_WARNED)

    async def escalated(self, clock: Clock, limits: Limits) -> None:
        """Raise it up, put it before whom an administrator named, and say so."""
        whom = await self._whom(limits)
        if clock.work is Work.TICKET:
            note = Note(Noted.ESCALATED, {"whom": whom}) if whom else Note(Noted.LATE)
            await self._in_ticket(TicketId(clock.subject), note, limits, Operation.WAIT_ESCALATED, lifted=True)
            return
        before = await self.conversations.get(ConversationId(clock.subject))
        # Given before it is lifted: whoever claims locks the member first and the conversation after.
        what = await self._put_before(before, limits) if whom else Noted.LATE
        await self.waits.lift(before.id, limits.team)
        after = await self.conversations.get(before.id)
        if (before.owner, before.team) != (after.owner, after.team):
            self._tell(before)  # in whose list it stood till now
        note = Note(what, {"whom": whom} if whom else {})
        await self._in_conversation(after, note, limits.staff, Operation.WAIT_ESCALATED)

    async def _put_before(self, found: Conversation, limits: Limits) -> Noted:
        """Give a waiting one to the member who is named, if they are here and have room; else any senior takes it."""
        if found.owner is not None:
            return Noted.TOLD
        if limits.staff is None:
            return Noted.ESCALATED
        now, duty = self.watch.now(), await self.duties.of(limits.staff)
        if not any(map(hears, await self.staff.some({limits.staff}))) or not duty.is_here(now):
            return Noted.SENIORS
        try:
            await self.handing.give(found, limits.staff, capacity=duty.capacity)
        except Full:
            return Noted.SENIORS
        except (NotYours, TakenBy):
            return Noted.TOLD  # somebody was faster
        self.handing.floor.note(WATCH, Operation.CONVERSATION_TAKEN, found, to=str(limits.staff))
        return Noted.ESCALATED

    async def _in_conversation(
        self, found: Conversation, note: Note, called: StaffId | None, operation: Operation
    ) -> None:
        now = self.watch.now()
        line = Line(
            LineId(new_id(now)),
            found.id,
            0,
            Side.NOTE,
            LineKind.TEXT,
            now,
            text=note.written(),
            epoch=found.epoch,
            mentions=frozenset() if called is None else frozenset({called}),
        )
        kept = await self.lines.append(NewLine(line))
        self._tell(found, Happening.LINE, kept.number)
        self._tell(found)
        if called is not None:
            self.events.tell(DeskEvent(0, Happening.MENTIONED, now, found.id, kept.number, None, called, found.team))
        self.audit.record(WATCH, operation, found.account, conversation=str(found.id))

    def _tell(self, found: Conversation, happening: Happening = Happening.CHANGED, line: int | None = None) -> None:
        now = self.watch.now()
        self.events.tell(DeskEvent(0, happening, now, found.id, line, found.ticket, found.owner, found.team))

    async def _in_ticket(
        self, subject: TicketId, said: Note, limits: Limits, operation: Operation, *, lifted: bool = False
    ) -> None:
        now, ticket = self.watch.now(), await self.tickets.at_desk(EVERYTHING, subject, hold=True)
        mentions = frozenset() if limits.staff is None else frozenset({limits.staff})
        number = ticket.last_remark + 1
        changed = replace(ticket, last_remark=number)
        if lifted:
            free = ticket.owner is None
            changed = replace(
                changed,
                urgency=min(ticket.urgency, Urgency.HIGH),
                owner=limits.staff if free and limits.staff else ticket.owner,
                team=limits.team if free and limits.team else ticket.team,
            )
        changed = await self.tickets.save(changed)
        await self.tickets.say(
            Remark(
                RemarkId(new_id(now)),
                ticket.id,
                RemarkSide.NOTE,
                now,
                said.written(),
                number=number,
                mentions=mentions,
            )
        )
        self.events.tell(DeskEvent(0, Happening.TICKET, now, None, None, changed.id, changed.owner, changed.team))
        self.audit.record(WATCH, operation, ticket.account, ticket=str(ticket.id))

    async def _whom(self, limits: Limits) -> str:
        if limits.staff is not None:
            return next((each.name or each.login for each in await self.staff.some({limits.staff})), "")
        return next((each.name for each in await self.teams.all() if each.id == limits.team), "")


@dataclass(frozen=True, slots=True)
class WarnOverdue:
    """Clocks start with a wait and stop with its answer; in between they warn and, once the limit is over, escalate."""

    transaction: Transaction
    sla: Sla
    worktimes: Worktimes
    waits: Waits
    marker: Marker
    watch: Watch

    async def __call__(self) -> int:
        """Return how many were warned of or escalated."""
        done = 0
        for work in Work:
            async with self.transaction:
                limits, hours = await self.sla.limits(), await self.worktimes.current()
                running = await self._running(work, limits, hours)
            for clock in running:
                percent = self._reached(clock, limits, hours)
                if percent:
                    # A block each: nobody who answers waits for all of them, and one that ends now stops no other.
                    with suppress(*OVER):
                        done += await self._act(clock, percent, limits)
        return done

    async def _running(self, work: Work, limits: Limits, hours: Worktime) -> Sequence[Clock]:
        now = self.watch.now()
        waits, known = await self.waits.all(work), dict(await self.sla.clocks(work))
        running = []
        for wait in waits:
            clock = known.get(wait.subject)
            # A ticket has no moment of its own from which on it waits again: its clock is the one that runs.
            if clock is None or (work is Work.CONVERSATION and clock.began_at != wait.began_at):
                clock = await self._started(wait, limits, hours, now)
            else:
                del known[wait.subject]
            if clock is not None:
                running.append(clock)
        await self.sla.stop(list(known.values()), now)
        return running

    async def _started(self, wait: Wait, limits: Limits, hours: Worktime, now: datetime) -> Clock | None:
        try:
            until = limits.due(wait.work, hours, wait.began_at)
        except NeverOpen:
            return None
        clock = Clock(wait.work, wait.subject, wait.began_at, until)
        if await self.sla.start(clock):
            return clock
        running = (await self.sla.clocks(wait.work)).get(wait.subject)
        if running is not None:
            return running  # another worker was faster
        # It went on after we had waited for the citizen: what was left then is in the time that they were told.
        clock = replace(clock, began_at=now, until=wait.promised or until)
        return clock if await self.sla.start(clock) else None

    def _reached(self, clock: Clock, limits: Limits, hours: Worktime) -> int:
        """Return the percent that is to be told now; 0 for none."""
        used = limits.used(clock.work, hours, clock.began_at, self.watch.now(), clock.until)
        if used >= LATE:
            return 0 if clock.escalated_at else LATE
        percent = max((each for each in limits.warn_at if each <= used), default=0)
        return percent if percent > clock.warned else 0

    async def _act(self, clock: Clock, percent: int, limits: Limits) -> bool:
        async with self.transaction:
            if percent < LATE:
                first = await self.sla.warn(clock, percent)
                if first:
                    await self.marker.warned(clock, percent)
                return first
            first = await self.sla.escalate(clock, self.watch.now())
            if first:
                await self.marker.escalated(clock, limits)
            return first
