"""Results by date, a page at a time, and a panel as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import RecordId
from core.domain.record import Category, Panel, Result, Results
from core.domain.record.looking import Paging, Span
from core.ports import Clock, Transaction
from core.services.access import Gate

PER_PAGE = 8
"""On a phone more is no longer seen at once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a result that stands alone, or a panel with what it holds."""

    record: Result | Panel = field(repr=False)
    results: tuple[Result, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page, the newest first. `exist` tells, of an empty one, whether the period or the whole record is empty."""

    entries: tuple[Entry, ...]
    paging: Paging
    exist: bool


@dataclass(frozen=True, slots=True)
class ViewResults:
    """«Показать результаты». However many there are, it asks the database the same few times. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        citizen: Citizen,
        category: Category | None,
        span: Span,
        zone: tzinfo,
        page: int = 1,
        size: int = PER_PAGE,
    ) -> ResultPage:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            period = span.period(self.clock.now(), zone)
            total = await self.results.count(account.id, category, period)
            paging = Paging(total, size, page)
            found = await self.results.page(account.id, category, period, size, paging.offset) if total else []
            panels = [each.id for each in found if isinstance(each, Panel)]
            held = await self.results.of_panels(account.id, panels) if panels else {}
            exist = (
                total > 0 or await self.results.count(account.id, None, Span.all().period(self.clock.now(), zone)) > 0
            )
            self.audit.record(citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="list")
        return ResultPage(tuple(entry(each, held.get(each.id, ())) for each in found), paging, exist)


@dataclass(frozen=True, slots=True)
class OpenPanel:
    """A panel as a whole: what was measured, and the conclusion. A result that stands alone is a whole, too.

    Raises NotFound, and what the gate raises.
    """

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog

    async def __call__(self, citizen: Citizen, record: RecordId) -> Entry:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            found = await self.results.one(account.id, record)
            held = await self.results.of_panels(account.id, [found.id]) if isinstance(found, Panel) else {}
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="panel"
            )
        return entry(found, held.get(found.id, ()))


def entry(record: Result | Panel, held: Sequence[Result]) -> Entry:
    """Return a line of the list; what stands alone holds itself."""
    return Entry(record, (record,) if isinstance(record, Result) else tuple(held))
