"""One value through the years: every time it was measured, and the picture of its course."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import AccountId, RecordId
from core.domain.record import Coding, NotFound, Result, Results
from core.domain.record.course import Course, courses_of
from core.domain.record.figures import unit_of
from core.domain.record.looking import Paging
from core.domain.record.names import name_of
from core.ports import Transaction
from core.ports.papers import Chart, Charts, Point
from core.services.access import Gate

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class CourseView:
    """A page of all results with one code, the newest first; `courses` are drawn on demand."""

    coding: Coding = field(repr=False)
    results: tuple[Result, ...] = field(repr=False)
    paging: Paging
    courses: tuple[Course, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ViewCourse:
    """The citizen looks at every result of one kind, found by any of them. Raises NotFound, and what the gate raises."""

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog

    async def __call__(self, citizen: Citizen, record: RecordId, page: int = 1) -> CourseView:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            coding, series = await series_of(self.results, account.id, record)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="course"
            )
        paging = Paging(len(series), PER_PAGE, page)
        newest = paging.shown(series[::-1])
        return CourseView(coding, tuple(newest), paging, tuple(courses_of(series)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and the course that it shows, so that it can be said in words as well."""

    png: bytes = field(repr=False)
    course: Course = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrawCourse:
    """The citizen asks for the picture: one for each value that was measured three times or more.

    Raises NotFound, and what the gate raises. Drawn after the transaction, which holds nothing up.
    """

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog
    charts: Charts

    async def __call__(self, citizen: Citizen, record: RecordId, language: str) -> list[Drawn]:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            _, series = await series_of(self.results, account.id, record)
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="picture"
            )
        return [Drawn(await self.charts.png(chart_of(course, language)), course) for course in courses_of(series)]


def chart_of(course: Course, language: str) -> Chart:
    """Return what is drawn of a course."""
    return Chart(
        title=name_of(course.coding, language),
        unit=unit_of(course.unit, language),
        points=tuple(Point(each.at, each.value) for each in course.readings),
        low=course.low,
        high=course.high,
        language=language,
    )


async def series_of(results: Results, account: AccountId, record: RecordId) -> tuple[Coding, Sequence[Result]]:
    """Return the code of a result and everything of that code, the oldest first. Raises NotFound, also for a panel."""
    found = await results.one(account, record)
    if not isinstance(found, Result):
        raise NotFound
    return found.coding, await results.series(account, found.coding)
