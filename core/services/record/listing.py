"""What there is, before anything of it is shown: categories with their counts, and how much a period holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.record import Category, Results
from core.domain.record.coding import Period
from core.domain.record.looking import Span
from core.ports import Clock, Transaction
from core.services.access import Gate


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories that exist, in their fixed order, with how many results there are in each."""

    counts: Mapping[Category, int]

    @property
    def total(self) -> int:
        """How many results there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class ListCategories:
    """The citizen opens «Мои результаты». Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog

    async def __call__(self, citizen: Citizen) -> Categories:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            counts = await self.results.categories(account.id, Period())
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="categories"
            )
        return Categories(counts)


@dataclass(frozen=True, slots=True)
class CountResults:
    """The citizen chooses a period, and learns how much there is in it. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog
    clock: Clock

    async def __call__(self, citizen: Citizen, category: Category | None, span: Span, zone: tzinfo) -> int:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            number = await self.results.count(account.id, category, span.period(self.clock.now(), zone))
            self.audit.record(
                citizen, Operation.RECORDS_VIEWED, account.id, section=Section.RESULTS.value, look="count"
            )
        return number
