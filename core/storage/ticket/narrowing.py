"""Which tickets are meant: a person's own, those that a member sees, those that were asked for, those behind a place."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, literal, or_

from core.domain.actor import Citizen
from core.domain.conversation import Sight
from core.domain.support import Urgency
from core.domain.ticket import BadCursor, TicketFilter
from core.storage.base import UtcDateTime
from core.storage.chat import is_bound
from core.storage.ticket.rows import TicketRow

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Stands for the due time of what is not due."""
DUE = func.coalesce(TicketRow.due_at, literal(NEVER, UtcDateTime()))


def mine(citizen: Citizen) -> ColumnElement[bool]:
    return and_(TicketRow.account == citizen.account, is_bound(citizen))


def seen(sight: Sight) -> Sequence[ColumnElement[bool]]:
    if sight.everything:
        return ()
    theirs = TicketRow.team == sight.team if sight.team is not None else false()
    return (or_(TicketRow.team.is_(None), TicketRow.owner == sight.staff, theirs),)


def matching(narrowed: TicketFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if narrowed.states:
        wanted.append(TicketRow.state.in_(sorted(state.value for state in narrowed.states)))
    if narrowed.topics:
        wanted.append(TicketRow.topic.in_(sorted(topic.value for topic in narrowed.topics)))
    if narrowed.unowned:
        wanted.append(TicketRow.owner.is_(None))
    if narrowed.tag:
        wanted.append(TicketRow.tags.contains(f"\n{narrowed.tag}\n", autoescape=True))
    exact = (
        (TicketRow.owner, narrowed.owner),
        (TicketRow.team, narrowed.team),
        (TicketRow.language, narrowed.language),
        (TicketRow.account, narrowed.account),
    )
    return wanted + [column == value for column, value in exact if value is not None]


def behind(place: str) -> ColumnElement[bool]:
    """What stands behind a `place_of` in the order of `listed`; BadCursor."""
    try:
        urgency, due, ticket = place.split("~")
        at, row = datetime.fromisoformat(due) if due else NEVER, UUID(ticket)
        moment = literal(at.astimezone(UTC), UtcDateTime())
        urgency = Urgency(urgency).value
    except (ValueError, OverflowError):  # the second: the year 1 east of Greenwich
        raise BadCursor from None
    later = or_(moment < DUE, and_(moment == DUE, TicketRow.id < row))
    return or_(TicketRow.urgency > urgency, and_(TicketRow.urgency == urgency, later))
