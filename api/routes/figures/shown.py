"""Figures as programs and pages see them: whole seconds, shares between 0 and 1."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel

from core.domain.figures import STARS, Figures, Spread
from core.domain.sla import Work
from core.services.figures import FiguresView, WallView

SECOND = timedelta(seconds=1)


class SpreadOf(BaseModel):
    """How long something took: of how many; half of them no longer than `median_s`, nine of ten no longer than `ninetieth_s`."""

    count: int
    median_s: int | None
    ninetieth_s: int | None


class FiguresOf(BaseModel):
    """One kind of work. `share` is `kept` of `judged`; what may still be answered in time is not judged.

    `waits` by the clock, `answers` in the time that the limit is counted in. `stars`: how many gave one to five.
    """

    asked: int
    answered: int
    ended: int
    waits: SpreadOf
    answers: SpreadOf
    handling: SpreadOf
    kept: int
    judged: int
    share: float | None
    rating: float | None
    stars: list[int]


class MemberOf(BaseModel):
    """Of one member; without an id, of what nobody has had."""

    id: UUID | None
    name: str
    conversations: FiguresOf
    tickets: FiguresOf


class LedgerOf(BaseModel):
    """What became of promised times of answer; the rest stand still."""

    told: int
    kept: int
    renewed: int
    broken: int


class AllFigures(BaseModel):
    """A period. `own`: of whoever asks alone. `cut`: there was more than is counted at once. Hours are 24 counts a day."""

    first: date
    last: date
    own: bool
    cut: bool
    conversations: FiguresOf
    tickets: FiguresOf
    conversation_hours: list[int]
    ticket_hours: list[int]
    members: list[MemberOf]
    promises: LedgerOf | None


class Wall(BaseModel):
    """How the desk stands. `share`: of today's answers that kept the limit, 0 to 1; null before there is one."""

    at: datetime
    waiting: int
    longest_since: datetime | None
    talking: int
    tickets: int
    late_tickets: int
    here: int
    away: int
    share: float | None
    answered: int


def figures_of(figures: Figures) -> FiguresOf:
    """Return one kind of work as it is told."""
    return FiguresOf(
        asked=figures.asked,
        answered=figures.answered,
        ended=figures.ended,
        waits=_spread(figures.waits),
        answers=_spread(figures.answers),
        handling=_spread(figures.handling),
        kept=figures.kept,
        judged=figures.judged,
        share=figures.share,
        rating=figures.rating,
        stars=[figures.ratings.get(star, 0) for star in STARS],
    )


def all_of(view: FiguresView) -> AllFigures:
    """Return everything as it is told."""
    ledger = view.ledger
    return AllFigures(
        first=view.period.first,
        last=view.period.last,
        own=view.own,
        cut=view.cut,
        conversations=figures_of(view.conversations),
        tickets=figures_of(view.tickets),
        conversation_hours=list(view.hours[Work.CONVERSATION]),
        ticket_hours=list(view.hours[Work.TICKET]),
        members=[
            MemberOf(
                id=each.member,
                name=each.name,
                conversations=figures_of(each.conversations),
                tickets=figures_of(each.tickets),
            )
            for each in view.members
        ],
        promises=None
        if ledger is None
        else LedgerOf(told=ledger.told, kept=ledger.kept, renewed=ledger.renewed, broken=ledger.broken),
    )


def wall_of(view: WallView) -> Wall:
    """Return the wall as it is told."""
    standing = view.standing
    return Wall(
        at=view.at,
        waiting=standing.waiting,
        longest_since=standing.longest_since,
        talking=standing.talking,
        tickets=standing.tickets,
        late_tickets=standing.late_tickets,
        here=view.here,
        away=view.away,
        share=view.share,
        answered=view.answered,
    )


def bars(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Return the bars of a chart: each count, and its height of a hundred."""
    most = max(counts, default=0)
    return [(count, round(count * 100 / most) if most else 0) for count in counts]


def _spread(spread: Spread) -> SpreadOf:
    return SpreadOf(count=spread.count, median_s=_whole(spread.median), ninetieth_s=_whole(spread.ninetieth))


def _whole(span: timedelta | None) -> int | None:
    return None if span is None else span // SECOND
