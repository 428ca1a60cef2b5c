"""What is shown, as PDF and as CSV: a category and a period with all its pages, a panel, or the course of a value."""

from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import StrEnum

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.audit import AuditLog, Operation
from core.domain.ids import AccountId, RecordId
from core.domain.record import Category, Panel, Results
from core.domain.record.looking import Span
from core.ports import Clock, Transaction, Wording
from core.ports.papers import Papers
from core.services.access import Gate
from core.services.record.course import series_of
from core.services.record.lines import lines_of
from core.services.record.sheets import Heading, csv_of, paper_of
from core.services.record.viewing import Entry, entry

ALL = 1_000_000


class Format(StrEnum):
    """What it is exported as."""

    PDF = "pdf"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class InPeriod:
    """Everything of a category (of all where it is None) in a period."""

    category: Category | None
    span: Span


@dataclass(frozen=True, slots=True)
class InPanel:
    """A panel as a whole, or one result."""

    record: RecordId


@dataclass(frozen=True, slots=True)
class InCourse:
    """Everything with the code of this result."""

    record: RecordId


Selection = InPeriod | InPanel | InCourse


@dataclass(frozen=True, slots=True)
class Paperwork:
    """A file: its name says what it is and when, nothing about the person."""

    name: str
    content: bytes = field(repr=False)
    number: int
    """How many values it holds."""


@dataclass(frozen=True, slots=True)
class ExportResults:
    """The citizen takes along what is shown. Raises NotFound, and what the gate raises.

    An empty selection is a file that says so; the window does not offer it.
    """

    transaction: Transaction
    gate: Gate
    results: Results
    audit: AuditLog
    clock: Clock
    papers: Papers
    wording: Wording

    async def __call__(
        self, citizen: Citizen, selection: Selection, form: Format, language: str, zone: tzinfo
    ) -> Paperwork:
        now = self.clock.now()
        async with self.transaction.looking():
            account = await self.gate.owner(citizen, Section.RESULTS)
            entries = await self._entries(account.id, selection, zone)
            self.audit.record(
                citizen, Operation.RECORDS_EXPORTED, account.id, section=Section.RESULTS.value, form=form.value
            )
        lines = lines_of(entries, language, zone)
        name = f"{self.wording.say('result.file_name', language, {})}-{now.astimezone(zone):%Y-%m-%d}.{form.value}"
        if form is Format.CSV:
            return Paperwork(name, csv_of(lines, self.wording, language), len(lines))
        known = account.known
        patient = " ".join(filter(None, (known.family_name, known.given_name, known.middle_name)))
        heading = Heading(patient, now, zone)
        if isinstance(selection, InPeriod):
            heading = replace(heading, span=selection.span, category=selection.category)
        content = await self.papers.pdf(paper_of(heading, lines, self.wording, language))
        return Paperwork(name, content, len(lines))

    async def _entries(self, account: AccountId, selection: Selection, zone: tzinfo) -> list[Entry]:
        match selection:
            case InPeriod(category=category, span=span):
                period = span.period(self.clock.now(), zone)
                found = await self.results.page(account, category, period, ALL)
            case InPanel(record=record):
                found = [await self.results.one(account, record)]
            case InCourse(record=record):
                _, series = await series_of(self.results, account, record)
                found = list(reversed(series))
        held = await self.results.of_panels(account, [each.id for each in found if isinstance(each, Panel)])
        return [entry(each, held.get(each.id, ())) for each in found]
