"""Lines as a CSV for spreadsheets and as a paper for people.

In the CSV numbers are exact, as they came. No cell can be a formula: what begins like one is made inert, numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby

from babel.dates import format_datetime

from core.domain.cells import inert
from core.domain.identifiers.dates import brief_date, long_date
from core.domain.record import Category, Measured
from core.domain.record.figures import is_outside, mark_of, reference_of, unit_of, value_of
from core.domain.record.looking import Span, SpanKind
from core.domain.record.names import answer_of
from core.ports import Wording
from core.ports.papers import Grid, Paper, Paragraph
from core.services.record.lines import Line

COLUMNS = ("date", "time", "panel", "name", "value", "unit", "reference", "mark", "institution", "doctor", "note")
ON_PAPER = ("name", "value", "reference", "mark")
WIDTHS = (42, 22, 18, 18)
PLAIN = 30
"""Numbers of more digits are written with an exponent."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over the table."""

    patient: str = field(repr=False)
    now: datetime
    zone: tzinfo
    span: Span | None = None
    category: Category | None = None


def csv_of(lines: Iterable[Line], wording: Wording, language: str) -> bytes:
    """Return a CSV as spreadsheets of this country open it: UTF-8 with its mark, semicolons, a comma in Russian decimals."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([wording.say(f"result.column.{name}", language, {}) for name in COLUMNS])
    for line in lines:
        value = line.measured
        row = [
            f"{line.at:%d.%m.%Y}" if language == "ru" else f"{line.at:%Y-%m-%d}",
            "" if line.day_only else f"{line.at:%H:%M}",
            line.panel,
            line.name,
            exact(value, language),
            unit_of(value.unit, language) if value else "",
            reference_of(value, language) if value else "",
            mark_words(value, wording, language),
            line.institution,
            line.doctor,
            line.note,
        ]
        writer.writerow([inert(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def exact(value: Measured | None, language: str) -> str:
    """Return a value as it came, without its unit."""
    if value is None:
        return ""
    if value.number is None:
        return answer_of(value.text, language)
    number = value.number
    written = f"{number:f}" if number.is_finite() and abs(number.adjusted()) < PLAIN else str(number)
    return written.replace(".", ",") if language == "ru" else written


def mark_words(value: Measured | None, wording: Wording, language: str) -> str:
    """Return «ниже нормы» and the like; nothing where the value is within, or nobody knows."""
    mark = mark_of(value) if value and is_outside(value) else None
    return wording.say(f"result.mark.{mark.value}", language, {}) if mark else ""


def paper_of(heading: Heading, lines: Sequence[Line], wording: Wording, language: str) -> Paper:
    """Return the paper: a table for each report, one for all that stands alone between them. Long decimals are rounded."""

    def say(key: str, **values: str) -> str:
        return wording.say(f"result.{key}", language, values)

    body: list[Grid | Paragraph] = []
    for _, group in groupby(lines, key=lambda line: (line.at.date(), line.panel) if line.reported else None):
        together = list(group)
        body += _report(together, wording, language) if together[0].reported else _alone(together, wording, language)
    facts = [(say("paper_patient"), heading.patient), *_period(heading, wording, language)]
    if heading.category is not None:
        facts.append((say("paper_category"), say(f"category.{heading.category.value}")))
    if not body:
        body.append(Paragraph(say("paper_empty")))
    made = format_datetime(heading.now, "d MMMM y, HH:mm", tzinfo=heading.zone, locale=language)
    return Paper(
        language=language,
        title=say("title_plain"),
        dated=heading.now.replace(microsecond=0),
        issuer=say("paper_issuer"),
        facts=facts,
        body=body,
        note=say("paper_note", made=made),
    )


def _report(lines: Sequence[Line], wording: Wording, language: str) -> list[Grid | Paragraph]:
    """Return a report under its day and name, its conclusion and notes below it."""
    first = lines[0]
    title = f"{long_date(first.at.date(), language)} · {first.panel}"
    rows = [_row(line, wording, language) for line in lines if line.measured is not None]
    notes = [line.note if line.name == first.panel else f"{line.name}: {line.note}" for line in lines if line.note]
    body: list[Grid | Paragraph] = []
    if rows:
        body.append(Grid(_headings(wording, language), rows, WIDTHS, title))
    if notes or not rows:
        body.append(Paragraph("\n".join(notes), "" if rows else title))
    return body


def _alone(lines: Sequence[Line], wording: Wording, language: str) -> list[Grid | Paragraph]:
    """Return what stands alone, each line with its day."""
    headings = [wording.say("result.column.date", language, {}), *_headings(wording, language)]
    days = (brief_date(line.at.date(), language) for line in lines)
    rows = [[day, *_row(line, wording, language)] for day, line in zip(days, lines, strict=True)]
    notes = [f"{row[0]}, {line.name}: {line.note}" for row, line in zip(rows, lines, strict=True) if line.note]
    table = Grid(headings, rows, (16, *WIDTHS))
    return [table, Paragraph("\n".join(notes))] if notes else [table]


def _headings(wording: Wording, language: str) -> list[str]:
    return [wording.say(f"result.column.{name}", language, {}) for name in ON_PAPER]


def _row(line: Line, wording: Wording, language: str) -> list[str]:
    value = line.measured
    if value is None:
        return [line.name, "", "", ""]
    return [line.name, value_of(value, language), reference_of(value, language), mark_words(value, wording, language)]


def _period(heading: Heading, wording: Wording, language: str) -> list[tuple[str, str]]:
    span = heading.span
    if span is None:
        return []
    label = wording.say("result.paper_period", language, {})
    if span.kind is SpanKind.OWN and span.first and span.last:
        first, last = (long_date(day, language) for day in (span.first, span.last))
        return [(label, first if span.first == span.last else f"{first} — {last}")]
    return [(label, wording.say(f"result.span.{span.kind.value}", language, {}))]
