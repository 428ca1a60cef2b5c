"""«История посещений врачей»: narrowed down, a page at a time, one visit in full, and what is shown as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import AccountId, RecordId
from core.domain.record import Period, Visit, Visits
from core.domain.record.history import Filters, History, history_of
from core.domain.record.looking import Paging
from core.ports import Clock, Transaction, Wording
from core.ports.papers import Papers
from core.services.access import Gate
from core.services.record.export import Paperwork
from core.services.record.history_paper import HistoryHeading, paper_of

PER_PAGE = 5
"""A visit is four lines: on a phone more of them are no longer seen at once."""


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A page of what matches, the newest first."""

    history: History
    paging: Paging

    @property
    def visits(self) -> Sequence[Visit]:
        """The visits of this page."""
        return self.paging.shown(self.history.visits)


@dataclass(frozen=True, slots=True)
class ViewVisits:
    """The citizen looks at visits, by page, or at what they could be narrowed down to. Raises what the gate raises."""

    transaction: Transaction
    gate: Gate
    visits: Visits
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, citizen: Citizen, filters: Filters, zone: tzinfo, page: int = 1, size: int = PER_PAGE
    ) -> VisitPage:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VISITS)
            every = await self.visits.of(account.id, Period())
            self.audit.record(citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VISITS.value, look="list")
        history = history_of(every, filters, self.clock.now(), zone)
        return VisitPage(history, Paging(len(history.visits), size, page))


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """One visit in full. Raises NotFound, and what the gate raises."""

    transaction: Transaction
    gate: Gate
    visits: Visits
    audit: AuditLog

    async def __call__(self, citizen: Citizen, record: RecordId) -> Visit:
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VISITS)
            visit = await self.visits.one(account.id, record)
            self.audit.record(citizen, Operation.RECORDS_VIEWED, account.id, section=Section.VISITS.value, look="visit")
        return visit


@dataclass(frozen=True, slots=True)
class ExportVisits:
    """The citizen takes along what matches, with all its pages, or one visit. Raises NotFound, and what the gate raises."""

    transaction: Transaction
    gate: Gate
    visits: Visits
    audit: AuditLog
    clock: Clock
    papers: Papers
    wording: Wording

    async def __call__(self, citizen: Citizen, chosen: Filters | RecordId, language: str, zone: tzinfo) -> Paperwork:
        now = self.clock.now()
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.VISITS)
            found, history = await self._chosen(account.id, chosen, zone)
            self.audit.record(citizen, Operation.RECORDS_EXPORTED, account.id, section=Section.VISITS.value, form="pdf")
        known = account.known
        patient = " ".join(filter(None, (known.family_name, known.given_name, known.middle_name)))
        span = chosen.span if isinstance(chosen, Filters) else None
        heading = HistoryHeading(patient, known.birth_date, now, zone, span, history)
        content = await self.papers.pdf(paper_of(heading, found, self.wording, language))
        name = f"{self.wording.say('visit.file_name', language, {})}-{now.astimezone(zone):%Y-%m-%d}.pdf"
        return Paperwork(name, content, len(found))

    async def _chosen(
        self, account: AccountId, chosen: Filters | RecordId, zone: tzinfo
    ) -> tuple[Sequence[Visit], History | None]:
        if not isinstance(chosen, Filters):
            return [await self.visits.one(account, chosen)], None
        history = history_of(await self.visits.of(account, Period()), chosen, self.clock.now(), zone)
        return history.visits, history
