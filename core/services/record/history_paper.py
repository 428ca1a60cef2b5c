"""A history of visits as a paper for people: a table for each visit under its day, time and institution."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from babel.dates import format_datetime

from core.domain.identifiers.dates import long_date
from core.domain.record import Coding, Visit
from core.domain.record.coding import ICD10
from core.domain.record.history import History
from core.domain.record.looking import Span, SpanKind
from core.domain.record.names import name_of, tidy
from core.ports import Wording
from core.ports.papers import Grid, Paper, Paragraph

WIDTHS = (26, 74)


@dataclass(frozen=True, slots=True)
class HistoryHeading:
    """What stands over the visits. `span` and `history` are None for one visit alone."""

    patient: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    now: datetime
    zone: tzinfo
    span: Span | None
    history: History | None


def diagnosis_of(coding: Coding, language: str) -> str:
    """Return «J06.9 Острая инфекция…»: the code of ICD-10 with its name; codes of other systems say nothing to people."""
    name = name_of(coding, language)
    return f"{tidy(coding.code)} {name}" if coding.system == ICD10 and coding.code and name != coding.code else name


def paper_of(heading: HistoryHeading, visits: Sequence[Visit], wording: Wording, language: str) -> Paper:
    """Return the paper; without a visit it says so."""

    def say(key: str, **values: str) -> str:
        return wording.say(f"visit.{key}", language, values)

    made = format_datetime(heading.now, "d MMMM y, HH:mm", tzinfo=heading.zone, locale=language)
    body = [_visit(visit, heading.zone, wording, language) for visit in visits]
    return Paper(
        language=language,
        title=say("title_plain"),
        dated=heading.now.replace(microsecond=0),
        issuer=wording.say("result.paper_issuer", language, {}),
        facts=_facts(heading, wording, language),
        body=body or [Paragraph(say("paper_empty"))],
        note=say("paper_note", made=made),
    )


def _facts(heading: HistoryHeading, wording: Wording, language: str) -> list[tuple[str, str]]:
    def say(key: str) -> str:
        return wording.say(f"visit.{key}", language, {})

    facts = [(say("paper_patient"), heading.patient)]
    if heading.birth_date is not None:
        facts.append((say("paper_born"), long_date(heading.birth_date, language)))
    if heading.span is not None:
        facts.append((say("paper_period"), _period(heading.span, wording, language)))
    if heading.history is not None:
        for label, choice in (("speciality", heading.history.speciality), ("institution", heading.history.institution)):
            if choice is not None:
                facts.append((say(f"label.{label}"), choice.name or say("not_told")))
    return facts


def _period(span: Span, wording: Wording, language: str) -> str:
    if span.kind is SpanKind.OWN and span.first and span.last:
        first, last = (long_date(day, language) for day in (span.first, span.last))
        return first if first == last else f"{first} — {last}"
    return wording.say(f"result.span.{span.kind.value}", language, {})


def _visit(visit: Visit, zone: tzinfo, wording: Wording, language: str) -> Grid | Paragraph:
    """Return one visit: only what the clinic told."""
    began = format_datetime(visit.started_at, "d MMMM y, HH:mm", tzinfo=zone, locale=language)
    title = " · ".join(filter(None, (began, tidy(visit.institution))))
    told = {
        "kind": name_of(visit.kind, language) if visit.kind else "",
        "doctor": tidy(visit.doctor),
        "speciality": tidy(visit.speciality),
        "diagnoses": "\n".join(diagnosis_of(each, language) for each in visit.diagnoses),
        "recommendations": "\n".join(visit.recommendations),
        "prescriptions": "\n".join(visit.prescriptions),
    }
    rows = [(wording.say(f"visit.label.{name}", language, {}), words) for name, words in told.items() if words]
    if not rows:
        return Paragraph(wording.say("visit.nothing_told", language, {}), title)
    headings = [wording.say(f"visit.column.{name}", language, {}) for name in ("what", "told")]
    return Grid(headings, rows, WIDTHS, title)
