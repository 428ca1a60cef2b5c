"""What the worker does about waits: warns before a limit is over, escalates after, each once."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

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
    Happening,
    Line,
    LineKind,
    Lines,
    NewLine,
    Side,
    Sight,
)
from core.domain.ids import ConversationId, LineId, RemarkId, StaffId, TicketId, new_id
from core.domain.sla import Clock, Limits, Sla, Wait, Waits, Work
from core.domain.staff import StaffMembers
from core.domain.support import Urgency
from core.domain.team import Teams
from core.domain.ticket import Remark, RemarkSide, TicketNotThere, Tickets
from core.domain.worktime import NeverOpen, Worktime, Worktimes
from core.ports import Clock as Watch
from core.ports import Transaction, Unreadable, Wording

WATCH = System("sla")
NOBODY = StaffId(UUID(int=0))
EVERYTHING = Sight(NOBODY, everything=True)
LATE = 100
OVER = (ConversationNotThere, Ended, NotAllowed, TicketNotThere, Unreadable, WrongMove)
"""It was answered, ended or changed at this very moment, or does not open: it is looked at again at the next turn."""
LANGUAGE = "ru"
"""Of notes that nobody in particular writes: the desk's own."""


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
    wording: Wording
    audit: AuditLog
    watch: Watch

    async def warned(self, clock: Clock, percent: int, hours: Worktime) -> None:
        """Say that so much of the limit is over."""
        until = f"{clock.until.astimezone(ZoneInfo(hours.zone)):%d.%m %H:%M}"
        text = self.wording.say("sla.note.warned", LANGUAGE, {"percent": str(percent), "until": until})
        await self._note(clock, text, Limits(), Operation.WAIT_WARNED)

    async def escalated(self, clock: Clock, limits: Limits) -> None:
        """Raise it up and say who was told."""
        whom = await self._whom(limits)
        key = "sla.note.escalated" if whom else "sla.note.late"
        text = self.wording.say(key, LANGUAGE, {"whom": whom} if whom else {})
        if clock.work is Work.CONVERSATION:
            await self.waits.lift(ConversationId(clock.subject), limits.team)
        await self._note(clock, text, limits, Operation.WAIT_ESCALATED, lifted=True)

    async def _note(
        self, clock: Clock, text: str, limits: Limits, operation: Operation, *, lifted: bool = False
    ) -> None:
        mentions = frozenset({limits.staff} - {None})
        if clock.work is Work.CONVERSATION:
            found = await self.conversations.get(ConversationId(clock.subject))
            await self._in_conversation(found, text, frozenset(each for each in mentions if each))
            self.audit.record(WATCH, operation, found.account, conversation=str(found.id))
        else:
            await self._in_ticket(TicketId(clock.subject), text, limits, operation, lifted=lifted)

    async def _in_conversation(self, found: Conversation, text: str, mentions: frozenset[StaffId]) -> None:
        now = self.watch.now()
        line = Line(
            LineId(new_id(now)),
            found.id,
            0,
            Side.NOTE,
            LineKind.TEXT,
            now,
            text=text,
            epoch=found.epoch,
            mentions=mentions,
        )
        kept = await self.lines.append(NewLine(line))
        for happening, number in ((Happening.LINE, kept.number), (Happening.CHANGED, None)):
            self.events.tell(DeskEvent(0, happening, now, found.id, number, found.ticket, found.owner, found.team))
        for each in mentions:
            self.events.tell(DeskEvent(0, Happening.MENTIONED, now, found.id, kept.number, None, each, found.team))

    async def _in_ticket(
        self, subject: TicketId, text: str, limits: Limits, operation: Operation, *, lifted: bool
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
        note = Remark(RemarkId(new_id(now)), ticket.id, RemarkSide.NOTE, now, text, number=number, mentions=mentions)
        await self.tickets.say(note)
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
                        done += await self._act(clock, percent, limits, hours)
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

    async def _act(self, clock: Clock, percent: int, limits: Limits, hours: Worktime) -> bool:
        async with self.transaction:
            if percent < LATE:
                first = await self.sla.warn(clock, percent)
                if first:
                    await self.marker.warned(clock, percent, hours)
                return first
            first = await self.sla.escalate(clock, self.watch.now())
            if first:
                await self.marker.escalated(clock, limits)
            return first
