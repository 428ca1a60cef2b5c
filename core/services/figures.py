"""The desk's numbers: for a period, of each and of all, as a table of their own, and as they stand on the wall."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.actor import Actor, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.cells import inert
from core.domain.figures import MOST, STARS, Counting, Figures, Ledger, Period, Piece, Spread, Standing, Works, by_hour
from core.domain.ids import StaffId
from core.domain.sla import Sla, Work
from core.domain.staff import StaffMembers, require_role
from core.domain.team import Duties, Presence
from core.domain.worktime import Worktimes
from core.ports import Clock, Transaction

LOOKERS = (Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR)
ABOVE = frozenset({Role.SENIOR, Role.ADMINISTRATOR})
"""Who sees everybody's; an operator sees their own."""


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """Those of one member of staff; `name` is empty for what nobody has had."""

    member: StaffId | None
    name: str
    conversations: Figures
    tickets: Figures


@dataclass(frozen=True, slots=True)
class FiguresView:
    """Everything for a period. `own`: of whoever looks alone. `cut`: there was more than is counted at once."""

    period: Period
    own: bool
    cut: bool
    conversations: Figures
    tickets: Figures
    hours: Mapping[Work, Sequence[int]]
    members: Sequence[MemberFigures] = ()
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True)
class WallView:
    """How the desk stands: who waits, who is here, and how much of today's answers kept the limit, 0 to 1."""

    at: datetime
    standing: Standing
    here: int
    away: int
    share: float | None
    answered: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts a period. Works inside the open transaction of whoever uses it."""

    works: Works
    sla: Sla
    worktimes: Worktimes
    staff: StaffMembers
    clock: Clock

    async def __call__(self, staff: Staff, period: Period) -> FiguresView:
        """Return what the member may see. Raises InvalidPeriod."""
        own = None if staff.role in ABOVE else staff.staff
        limits, hours = await self.sla.limits(), await self.worktimes.current()
        since, until = period.checked().bounds(hours.zone)
        pieces = {work: await self.works.pieces(work, since, until, own) for work in Work}
        counting = {work: Counting(work, limits, hours, self.clock.now()) for work in Work}
        members: list[MemberFigures] = []
        if own is None:
            split = {work: _by_owner(pieces[work]) for work in Work}
            owners = {owner for each in split.values() for owner in each}
            names = {
                each.id: each.name or each.login for each in await self.staff.some({each for each in owners if each})
            }
            members = [
                MemberFigures(
                    owner,
                    names.get(owner, "") if owner else "",
                    *(counting[work].figures(split[work].get(owner, ())) for work in Work),
                )
                for owner in owners
            ]
            members.sort(key=lambda each: (each.member is None, each.name.casefold(), str(each.member)))
        return FiguresView(
            period,
            own=own is not None,
            cut=any(len(each) >= MOST for each in pieces.values()),
            conversations=counting[Work.CONVERSATION].figures(pieces[Work.CONVERSATION]),
            tickets=counting[Work.TICKET].figures(pieces[Work.TICKET]),
            hours={work: by_hour(pieces[work], hours.zone) for work in Work},
            members=members,
            ledger=None if own else await self.works.promises(since, until),
        )


@dataclass(frozen=True, slots=True)
class ViewFigures:
    """A senior or an administrator looks at everybody's figures, an operator at their own. Raises InvalidPeriod."""

    transaction: Transaction
    counted: Counted
    audit: AuditLog

    async def __call__(self, actor: Actor, period: Period) -> FiguresView:
        staff = require_role(actor, *LOOKERS)
        async with self.transaction.looking():
            view = await self.counted(staff, period)
            self.audit.record(staff, Operation.FIGURES_VIEWED, None, **_said(period))
        return view


@dataclass(frozen=True, slots=True)
class ExportFigures:
    """The same as a table for a spreadsheet: RFC 4180, seconds, no cell that begins like a formula. Raises InvalidPeriod."""

    transaction: Transaction
    counted: Counted
    audit: AuditLog

    async def __call__(self, actor: Actor, period: Period) -> str:
        staff = require_role(actor, *LOOKERS)
        async with self.transaction.looking():
            view = await self.counted(staff, period)
            self.audit.record(staff, Operation.FIGURES_EXPORTED, None, **_said(period))
        return table(view)


@dataclass(frozen=True, slots=True)
class ViewWall:
    """Anybody who answers looks at the wall. The journal knows that it was opened, not each time that it looks again."""

    transaction: Transaction
    works: Works
    sla: Sla
    worktimes: Worktimes
    duties: Duties
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, *, opened: bool = False) -> WallView:
        staff, now = require_role(actor, *LOOKERS), self.clock.now()
        async with self.transaction.looking():
            limits, hours = await self.sla.limits(), await self.worktimes.current()
            today = now.astimezone(ZoneInfo(hours.zone)).date()
            pieces = await self.works.pieces(Work.CONVERSATION, *Period(today, today).bounds(hours.zone))
            standing = await self.works.standing(now)
            duties = await self.duties.all()
            if opened:
                self.audit.record(staff, Operation.WALL_VIEWED)
        figures = Counting(Work.CONVERSATION, limits, hours, now).figures(pieces)
        here = sum(each.is_here(now) for each in duties)
        away = sum(each.presence is Presence.AWAY and not each.is_gone(now) for each in duties)
        return WallView(now, standing, here, away, figures.share, figures.answered)


HEAD = (
    "first_day", "last_day", "member", "work", "asked", "answered", "ended",
    "wait_median_s", "wait_90_s", "answer_median_s", "answer_90_s", "handling_median_s", "handling_90_s",
    "limit_kept", "limit_judged", "rating", *(f"stars_{star}" for star in STARS), "by_hour",
)  # fmt: skip


def table(view: FiguresView) -> str:
    """Return the figures as CSV: a line for each kind of work, for all and for each member."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(HEAD)
    days = (view.period.first.isoformat(), view.period.last.isoformat())
    whole = MemberFigures(None, "*", view.conversations, view.tickets)
    for each in (whole, *view.members):
        for work, figures in ((Work.CONVERSATION, each.conversations), (Work.TICKET, each.tickets)):
            hours = " ".join(map(str, view.hours[work])) if each is whole else ""
            writer.writerow([*days, inert(each.name), work.value, *_cells(figures), hours])
    return told.getvalue()


def _cells(figures: Figures) -> Iterable[str]:
    yield from map(str, (figures.asked, figures.answered, figures.ended))
    for spread in (figures.waits, figures.answers, figures.handling):
        yield from _seconds(spread)
    yield from map(str, (figures.kept, figures.judged))
    yield "" if figures.rating is None else f"{figures.rating:.2f}"
    yield from (str(figures.ratings.get(star, 0)) for star in STARS)


def _seconds(spread: Spread) -> Iterable[str]:
    for span in (spread.median, spread.ninetieth):
        yield "" if span is None else str(span // timedelta(seconds=1))


def _by_owner(pieces: Sequence[Piece]) -> Mapping[StaffId | None, Sequence[Piece]]:
    split: dict[StaffId | None, list[Piece]] = defaultdict(list)
    for each in pieces:
        split[each.owner].append(each)
    return split


def _said(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}
