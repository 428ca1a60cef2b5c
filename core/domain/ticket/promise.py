"""Until when an answer is due, and how a change of state moves that moment: the clock pauses while the citizen is awaited."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.account import WrongMove
from core.domain.sla import Limits, Work
from core.domain.ticket.entity import Ticket
from core.domain.ticket.states import MOVES, TicketState
from core.domain.worktime import Worktime


@dataclass(frozen=True, slots=True)
class Pledge:
    """What a time of answer is told by. Where the limit ends while nobody is at work, it is when people are back."""

    limits: Limits
    hours: Worktime

    def due(self, since: datetime) -> datetime:
        """Return until when whoever waits since then is answered. Raises NeverOpen."""
        return self.hours.opens_at(self.limits.due(Work.TICKET, self.hours, since))

    def resumed(self, now: datetime, left_s: int) -> datetime:
        """Return the same where the clock stood still with so many seconds left. Raises NeverOpen."""
        return self.hours.opens_at(self.limits.resumed(Work.TICKET, self.hours, now, left_s))

    def left(self, now: datetime, until: datetime) -> int:
        """Return how many seconds are left."""
        return max(timedelta(), self.limits.left(Work.TICKET, self.hours, now, until)) // timedelta(seconds=1)


def came_to(ticket: Ticket, to: TicketState, now: datetime, pledge: Pledge) -> Ticket:
    """Return the ticket in another state, its clock set; WrongMove when MOVES has no such way."""
    if to not in MOVES[ticket.state]:
        raise WrongMove
    moved = replace(ticket, state=to, changed_at=now, due_at=None, left_s=None, closed_at=None)
    match to:
        case TicketState.IN_WORK if ticket.left_s is not None:
            return replace(moved, due_at=pledge.resumed(now, ticket.left_s))
        case TicketState.IN_WORK:
            return replace(moved, due_at=pledge.due(now))
        case TicketState.WAITING:
            until = ticket.due_at or pledge.due(now)
            return replace(moved, left_s=pledge.left(now, until))
        case TicketState.CLOSED | TicketState.MERGED:
            return replace(moved, closed_at=now)
    return moved
