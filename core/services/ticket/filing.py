"""What a citizen adds to a request that was sent: words and files, and what that does to its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.domain.actor import Citizen
from core.domain.audit import Operation
from core.domain.ids import TicketId
from core.domain.ticket import (
    MOST_FILES,
    MOST_REMARKS,
    Remark,
    RemarkSide,
    Ticket,
    TicketClosed,
    TicketNotThere,
    Tickets,
    TicketState,
    TooManyRemarks,
)
from core.ports import Clock
from core.services.ticket.clerk import Clerk
from core.services.ticket.enclosing import Enclosed, enclose

TOGETHER = timedelta(minutes=2)
"""Files that come so soon one after another are one remark: an album is one message each."""
FURTHEST = 20
AWAITED = frozenset({TicketState.WAITING, TicketState.ANSWERED})
"""A word of the citizen brings it back to work."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Works inside the open transaction of whoever uses it."""

    tickets: Tickets
    clerk: Clerk
    clock: Clock

    async def led(self, citizen: Citizen, ticket: TicketId, *, hold: bool = False) -> Ticket:
        """Return the citizen's own, or the one that it went into. Raises TicketNotThere."""
        for _ in range(FURTHEST):
            found = await self.tickets.own(citizen, ticket, hold=hold)
            if found.merged_into is None:
                return found
            ticket = found.merged_into
        raise TicketNotThere

    async def open_one(self, citizen: Citizen, ticket: TicketId, *, hold: bool = False) -> Ticket:
        """The same if it takes remarks. Raises TicketNotThere, TicketClosed."""
        return open_still(await self.led(citizen, ticket, hold=hold))

    async def said(self, ticket: Ticket, key: str | None) -> Remark | None:
        """Return what a call of its citizen with this key has written already."""
        own = own_key(key)
        return await self.tickets.said(ticket.id, own) if own else None

    async def add(
        self,
        citizen: Citizen,
        ticket: TicketId,
        text: str,
        files: Sequence[Enclosed] = (),
        key: str | None = None,
    ) -> Remark:
        """Write words, with files. Raises TicketNotThere, TicketClosed, TooManyRemarks, TooManyFiles."""
        found = await self.led(citizen, ticket, hold=True)
        before = await self.said(found, key)
        if before is not None:
            return before
        found = not_full(open_still(found))
        found, remark = await self.clerk.say(found, RemarkSide.CITIZEN, text, key=own_key(key))
        remark = await enclose(self.tickets, remark, files)
        await self.back_to_work(citizen, found, Operation.TICKET_REMARKED)
        return remark

    async def bring(self, citizen: Citizen, ticket: TicketId, enclosed: Enclosed, text: str) -> int:
        """Add a file; returns how many are together. Raises what `add` does, TooManyFiles."""
        found = not_full(await self.open_one(citizen, ticket, hold=True))
        said = [each for each in await self.tickets.remarks([found.id]) if each.side is not RemarkSide.EVENT]
        heard = [each for each in said if each.side is not RemarkSide.NOTE]
        remark = heard[-1] if heard and not text and self._goes_on(heard[-1]) else None
        if remark is None:
            found, remark = await self.clerk.say(found, RemarkSide.CITIZEN, text)
        remark = await enclose(self.tickets, remark, [enclosed])
        await self.back_to_work(citizen, found, Operation.TICKET_FILE_ATTACHED, mime=enclosed.file.mime)
        return len(remark.files)

    async def back_to_work(self, citizen: Citizen, ticket: Ticket, operation: Operation, **details: str) -> Ticket:
        """Keep what the citizen changed; what was answered, or waited for them, is worked at again."""
        if ticket.state in AWAITED:
            ticket = await self.clerk.move(ticket, TicketState.IN_WORK)
        return await self.clerk.keep(citizen, ticket, operation, **details)

    def _goes_on(self, remark: Remark) -> bool:
        soon = self.clock.now() - remark.at <= TOGETHER
        return remark.side is RemarkSide.CITIZEN and 0 < len(remark.files) < MOST_FILES and soon


def own_key(key: str | None) -> str | None:
    """Return a key of a citizen as it is kept: the same word of a member of staff is another one."""
    return f"citizen {key}" if key else None


def open_still(ticket: Ticket) -> Ticket:
    """Return it unless it is closed. Raises TicketClosed."""
    if ticket.state is TicketState.CLOSED:
        raise TicketClosed
    return ticket


def not_full(ticket: Ticket) -> Ticket:
    """Return it if its citizen may write more in it. Raises TooManyRemarks."""
    if ticket.last_remark >= MOST_REMARKS:
        raise TooManyRemarks
    return ticket
