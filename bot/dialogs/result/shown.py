"""How results read: by day, a line each, what is outside of its range said in words. Everything fits into one message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from itertools import groupby

from aiogram_dialog import DialogManager

from bot.dialogs.fitting import DATED, cut, fitted
from bot.dialogs.shown import shown_day, zone_of
from bot.text import language_of
from bot.words import count, say
from core.domain.identifiers.dates import brief_date
from core.domain.record import Kind, Measured, Panel, Result
from core.domain.record.course import Course, Reading
from core.domain.record.figures import is_outside, mark_of, reference_of, value_of
from core.domain.record.names import name_of
from core.services.record import Entry

SHORT = 24
"""Letters of what is not parted."""
TOGETHER = 3
"""So many values of one result stand in a line; one with more opens as a panel does."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many letters a name, a value, a range and a note may have."""

    name: int
    value: int
    reference: int
    note: int


WIDE = Room(80, 60, 40, 200)
ROOMS = (WIDE, Room(32, 24, 16, 60))
"""The second is for names of 300 letters and the like: whatever came, the message is one that Telegram takes."""


def title(record: Result | Panel | Measured, language: str, most: int = WIDE.name) -> str:
    """Return what a result, a panel or a value is called."""
    return cut(name_of(record.coding, language), most)


def name(record: Result | Panel | Measured, language: str, most: int = WIDE.name) -> str:
    """Return the same for HTML."""
    return escape(title(record, language, most), quote=False)


def label(record: Result | Panel, place: int, manager: DialogManager) -> str:
    """Return a button's words: «2. Глюкоза, 23.11.2026». Read out one after another, results of one name differ by their day."""
    language = language_of(manager)
    day = brief_date(_date_of(record.taken_at, manager, day_only=record.day_only), language)
    return f"{place}. {title(record, language, DATED)}, {day}"


def figure(value: Measured, language: str, room: Room = WIDE, known: str = "") -> str:
    """Return «5,9 ммоль/л · норма 3,5–5,1 · выше нормы», for HTML; a range that was said already (`known`) is left out."""
    parts = [f"<b>{escape(unbroken(cut(value_of(value, language), room.value)), quote=False)}</b>"]
    reference = reference_of(value, language)
    if reference and reference != known:
        shown = escape(cut(reference, room.reference), quote=False)
        parts.append(unbroken(say("result.reference", language, {"reference": shown})))
    return " · ".join([*parts, *_warning(value, language)])


def _warning(value: Measured, language: str) -> list[str]:
    mark = mark_of(value)
    return (
        ["❗" + unbroken(" " + say(f"result.mark.{mark.value}", language))]
        if mark is not None and is_outside(value)
        else []
    )


def unbroken(text: str) -> str:
    """Return a short text so that a narrow screen does not part it."""
    return text.replace(" ", "\u00a0") if len(text) <= SHORT else text


def day_of(moment: datetime, manager: DialogManager, *, day_only: bool) -> str:
    """Return the day on which it was, by the person's clock; a day of the clinic stays that day."""
    return shown_day(_date_of(moment, manager, day_only=day_only), manager)


def _date_of(moment: datetime, manager: DialogManager, *, day_only: bool) -> date:
    return moment.astimezone(UTC if day_only else zone_of(manager)).date()


def entries_text(entries: Sequence[Entry], first: int, manager: DialogManager) -> str:
    """Return the lines of a list, numbered from `first`, under their days."""

    def render(room: Room) -> str:
        blocks = []
        numbered = enumerate(entries, start=first)
        for day, group in groupby(numbered, key=lambda each: _day(each[1].record, manager)):
            lines = [f"<u>{day}</u>", *(entry_line(entry, place, language_of(manager), room) for place, entry in group)]
            blocks.append("\n".join(lines))
        return "\n\n".join(blocks)

    return fitted(render, ROOMS)


def entry_line(entry: Entry, place: int, language: str, room: Room = WIDE) -> str:
    """Return one line of a list."""
    called = f"{place}. {name(entry.record, language, room.name)}"
    if isinstance(entry.record, Panel):
        values = [value for result in entry.results for value in result.measured]
        outside = sum(map(is_outside, values))
        told = count("result.in_panel", language, len(values)) if values else say("result.conclusion_only", language)
        warned = "" if not outside else " · ❗" + unbroken(" " + count("result.outside", language, outside))
        return f"{called}\n{told}{warned}"
    return f"{called}\n{values_text(entry.record, language, room)}"


def values_text(result: Result, language: str, room: Room = WIDE, known: str = "") -> str:
    """Return the values of a result in one line; several that belong together are named."""
    if not result.measured:
        return say("result.no_value", language)
    if len(result.measured) == 1:
        return figure(result.measured[0], language, room, known)
    most = room.name // 2
    told = [f"{name(value, language, most)}: {figure(value, language, room)}" for value in result.measured[:TOGETHER]]
    return "\n".join(told) + ("…" if len(result.measured) > TOGETHER else "")


def value_lines(results: Iterable[Result]) -> list[tuple[Result, Measured | None]]:
    """Return what stands in a panel, a line each; a result without values is one."""
    return [(result, value) for result in results for value in result.measured or (None,)]


def panel_text(lines: Sequence[tuple[Result, Measured | None]], language: str) -> str:
    """Return values under one another, each result's note below its last one."""

    def render(room: Room) -> str:
        told = []
        for place, (result, value) in enumerate(lines):
            known = value if value is not None else result
            figures = figure(value, language, room) if value is not None else say("result.no_value", language)
            told.append(f"{name(known, language, room.name)}: {figures}")
            if result.note and (place + 1 == len(lines) or lines[place + 1][0] is not result):
                told.append(f"<i>{escape(cut(result.note, room.note), quote=False)}</i>")
        return "\n".join(told)

    return fitted(render, ROOMS)


def readings_text(results: Sequence[Result], manager: DialogManager, known: str = "") -> str:
    """Return every time something was measured, the newest first; `known` is the range that the window says already."""
    language = language_of(manager)

    def render(room: Room) -> str:
        lines = []
        for each in results:
            day = day_of(each.taken_at, manager, day_only=each.day_only)
            parted = "\n" if len(each.measured) > 1 else " "
            lines.append(f"{unbroken(day)}:{parted}{values_text(each, language, room, known)}")
        return "\n".join(lines)

    return fitted(render, ROOMS)


def course_text(course: Course, manager: DialogManager, *, named: bool) -> str:
    """Return the course in words, which say what its picture shows."""
    language = language_of(manager)

    def told(reading: Reading) -> str:
        return escape(cut(value_of(reading.measured, language), WIDE.value), quote=False)

    values = {
        "first_day": day_of(course.first.at, manager, day_only=False),
        "last_day": day_of(course.last.at, manager, day_only=False),
        "times": count("result.times", language, len(course.readings)),
        "least": told(course.least),
        "least_day": day_of(course.least.at, manager, day_only=False),
        "most": told(course.most),
        "most_day": day_of(course.most.at, manager, day_only=False),
        "last": ", ".join([told(course.last), *_warning(course.last.measured, language)]),
    }
    called = f"<b>{name(course.last.measured, language)}</b>\n" if named else ""
    reference = reference_of(course.last.measured, language)
    shown = {"reference": escape(cut(reference, WIDE.reference), quote=False)}
    normal = "\n" + say("result.course_reference", language, shown) if reference else ""
    return called + say("result.course_words", language, values) + normal


def found_text(kinds: Sequence[Kind], manager: DialogManager) -> str:
    """Return what was found: each kind by its newest."""
    language = language_of(manager)

    def render(room: Room) -> str:
        lines = []
        for place, kind in enumerate(kinds, start=1):
            newest, times = kind.newest, count("result.times", language, kind.times)
            told = [values_text(newest, language, room)] if isinstance(newest, Result) else []
            told += [day_of(newest.taken_at, manager, day_only=newest.day_only), times]
            lines.append(f"{place}. {name(newest, language, room.name)}\n{' · '.join(told)}")
        return "\n".join(lines)

    return fitted(render, ROOMS)


def _day(record: Result | Panel, manager: DialogManager) -> str:
    return day_of(record.taken_at, manager, day_only=record.day_only)
