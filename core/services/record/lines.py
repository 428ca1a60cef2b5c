"""Results as lines of words, one a value: what a table, a letter or a list is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from core.domain.record import Measured, Panel, Result
from core.domain.record.names import name_of, tidy


class Held(Protocol):
    """Something with its results: `core.services.record.viewing.Entry`."""

    @property
    def record(self) -> Result | Panel: ...

    @property
    def results(self) -> tuple[Result, ...]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One value. `at` stands in the person's region, at midnight where the clinic gave a day alone (`day_only`).

    `panel` names the report that it came in (`reported`), or what holds several values together, or is empty.
    """

    at: datetime
    day_only: bool
    reported: bool
    panel: str = field(repr=False)
    name: str = field(repr=False)
    measured: Measured | None = field(repr=False)
    institution: str = field(repr=False)
    doctor: str = field(repr=False)
    note: str = field(repr=False)


def local(moment: datetime, zone: tzinfo, *, day_only: bool) -> datetime:
    """Return a moment in the person's region; a day of the clinic stays the day that it is."""
    return moment.astimezone(UTC if day_only else zone)


def lines_of(entries: Iterable[Held], language: str, zone: tzinfo) -> list[Line]:
    """Return every value, in the order of the list. A conclusion is a line without a value, its words in the note."""
    found: list[Line] = []
    for entry in entries:
        panel = entry.record if isinstance(entry.record, Panel) else None
        called = name_of(panel.coding, language) if panel else ""
        if panel and (panel.conclusion or not entry.results):
            at = local(panel.taken_at, zone, day_only=panel.day_only)
            words = tidy(panel.conclusion)
            found.append(Line(at, panel.day_only, True, called, called, None, panel.institution, "", words))
        for result in entry.results:
            found += _of_result(result, called, language, zone)
    return found


def _of_result(result: Result, panel: str, language: str, zone: tzinfo) -> Sequence[Line]:
    at, whole = local(result.taken_at, zone, day_only=result.day_only), name_of(result.coding, language)
    told = (result.institution, result.doctor, tidy(result.note))
    if not result.measured:
        return [Line(at, result.day_only, bool(panel), panel, whole, None, *told)]
    return [
        Line(
            at,
            result.day_only,
            bool(panel),
            panel or _around(result, whole),
            name_of(value.coding, language),
            value,
            *told,
        )
        for value in result.measured
    ]


def _around(result: Result, whole: str) -> str:
    """Return what holds several values that belong together: blood pressure is one name over two."""
    return whole if len(result.measured) > 1 else ""
