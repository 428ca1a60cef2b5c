"""A history of visits, narrowed down by period, speciality and institution, and what each choice would leave."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from core.domain.ids import RecordId
from core.domain.record.coding import Period
from core.domain.record.looking import Span, SpanKind
from core.domain.record.names import tidy
from core.domain.record.visit import Visit

NAMED = (SpanKind.WEEK, SpanKind.MONTH, SpanKind.YEAR, SpanKind.ALL)
"""Periods that have a name, the shortest first."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen. A speciality and an institution are known by one visit that has them: their names are medical.

    One whose visit the clinic has withdrawn meanwhile filters nothing any more.
    """

    span: Span
    speciality: RecordId | None = None
    institution: RecordId | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A speciality or an institution that exists; `name` is empty where the clinics told none. `id`: its newest visit."""

    id: RecordId
    name: str = field(repr=False)
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class History:
    """What matches, the newest first, and how much each other choice would leave beside what is chosen already.

    `total`: how many there are without any filter.
    """

    visits: tuple[Visit, ...]
    total: int
    spans: Mapping[SpanKind, int]
    specialities: tuple[Choice, ...]
    institutions: tuple[Choice, ...]

    @property
    def speciality(self) -> Choice | None:
        """The chosen speciality."""
        return next((each for each in self.specialities if each.chosen), None)

    @property
    def institution(self) -> Choice | None:
        """The chosen institution."""
        return next((each for each in self.institutions if each.chosen), None)


def history_of(visits: Sequence[Visit], filters: Filters, now: datetime, zone: tzinfo) -> History:
    """Narrow all visits of a person down, the newest first."""
    speciality = _chosen(visits, filters.speciality, speciality_of)
    institution = _chosen(visits, filters.institution, institution_of)

    def fits(visit: Visit, *, by_speciality: bool = True, by_institution: bool = True) -> bool:
        return (not by_speciality or speciality in {None, _key(speciality_of(visit))}) and (
            not by_institution or institution in {None, _key(institution_of(visit))}
        )

    here = [visit for visit in visits if _within(visit, filters.span.period(now, zone))]
    fitting = [visit for visit in visits if fits(visit)]
    return History(
        tuple(visit for visit in here if fits(visit)),
        len(visits),
        {kind: sum(_within(visit, Span(kind).period(now, zone)) for visit in fitting) for kind in NAMED},
        _choices([visit for visit in here if fits(visit, by_speciality=False)], speciality, speciality_of),
        _choices([visit for visit in here if fits(visit, by_institution=False)], institution, institution_of),
    )


def speciality_of(visit: Visit) -> str:
    """Return the speciality in one line."""
    return tidy(visit.speciality)


def institution_of(visit: Visit) -> str:
    """Return the institution in one line."""
    return tidy(visit.institution)


def _key(name: str) -> str:
    return name.casefold()


def _chosen(visits: Iterable[Visit], record: RecordId | None, of: Callable[[Visit], str]) -> str | None:
    return next((_key(of(visit)) for visit in visits if visit.id == record), None)


def _within(visit: Visit, period: Period) -> bool:
    return (period.since is None or visit.started_at >= period.since) and (
        period.until is None or visit.started_at < period.until
    )


def _choices(visits: Iterable[Visit], chosen: str | None, of: Callable[[Visit], str]) -> tuple[Choice, ...]:
    """Return what exists by its newest visit, the most frequent first, then by name."""
    groups: dict[str, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(_key(of(visit)), []).append(visit)
    found = [Choice(group[0].id, of(group[0]), len(group), key == chosen) for key, group in groups.items()]
    return tuple(sorted(found, key=lambda choice: (-choice.count, choice.name)))
