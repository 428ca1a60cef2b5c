"""How visits read: a few lines each in a list, everything in a window of its own. Everything fits into one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from aiogram_dialog import DialogManager

from bot.dialogs.fitting import DATED, LABEL, cut, fitted
from bot.dialogs.shown import shown_moment, shown_time, zone_of
from bot.text import language_of
from bot.words import count, say
from core.domain.identifiers.dates import brief_date
from core.domain.record import Visit
from core.domain.record.history import Choice, institution_of, speciality_of
from core.domain.record.names import name_of
from core.services.record.history_paper import diagnosis_of


@dataclass(frozen=True, slots=True)
class Room:
    """How many letters a name and a paragraph may have, and how many of several are shown."""

    name: int
    text: int
    several: int


ROOMS = (Room(120, 600, 12), Room(80, 240, 8), Room(40, 80, 5))
LISTED = (Room(80, 80, 3), Room(40, 40, 2), Room(30, 30, 1))
ENDLESS = Room(10**6, 10**6, 10**6)


def entries_text(visits: Sequence[Visit], first: int, manager: DialogManager) -> str:
    """Return the visits of a page, numbered from `first`."""

    def render(room: Room) -> str:
        numbered = enumerate(visits, start=first)
        return "\n\n".join(_entry(visit, place, manager, room) for place, visit in numbered)

    return fitted(render, LISTED)


def visit_text(visit: Visit, manager: DialogManager) -> tuple[str, bool]:
    """Return everything that the clinic told of a visit, and whether something was too long for a message."""
    language = language_of(manager)

    def render(room: Room) -> str:
        who = " · ".join(cut(each, room.name) for each in (visit.doctor, visit.speciality) if cut(each, room.name))
        parts = [
            _line("kind", name_of(visit.kind, language) if visit.kind else "", language, room.name),
            _line("institution", visit.institution, language, room.name),
            _line("doctor", who, language, 2 * room.name),
        ]
        diagnoses = [diagnosis_of(each, language) for each in visit.diagnoses]
        for key, lines, most in (
            ("diagnoses", diagnoses, 2 * room.name),
            ("recommendations", visit.recommendations, room.text),
            ("prescriptions", visit.prescriptions, room.text),
        ):
            parts.append(_several(key, lines, language, most, room.several))
        return "\n\n".join(filter(None, parts)) or say("visit.nothing_told", language)

    text = fitted(render, ROOMS)
    return text, text != render(ENDLESS)


def _line(key: str, told: str, language: str, most: int) -> str:
    shown = escape(cut(told, most), quote=False)
    return f"<b>{say(f'visit.label.{key}', language)}</b>\n{shown}" if shown else ""


def _several(key: str, lines: Sequence[str], language: str, most: int, several: int) -> str:
    shown = [escape(each, quote=False) for line in lines if (each := cut(line, most))]
    if not shown:
        return ""
    told = [f"• {each}" for each in shown[:several]] if len(shown) > 1 else shown
    if len(shown) > several:
        told.append(count("visit.more", language, len(shown) - several))
    return "\n".join([f"<b>{say(f'visit.label.{key}', language)}</b>", *told])


def _entry(visit: Visit, place: int, manager: DialogManager, room: Room) -> str:
    language = language_of(manager)
    who = " · ".join(cut(each, room.name) for each in (visit.speciality, visit.doctor) if cut(each, room.name))
    told = [who or say("visit.visit", language), cut(visit.institution, room.name)]
    told += [cut(diagnosis_of(each, language), room.text) for each in visit.diagnoses[: room.several]]
    if len(visit.diagnoses) > room.several:
        told.append(count("visit.more", language, len(visit.diagnoses) - room.several))
    head = f"{place}. <u>{shown_moment(visit.started_at, manager)}</u>"
    return "\n".join([head, *(escape(each, quote=False) for each in told if each)])


def label(visit: Visit, place: int, manager: DialogManager) -> str:
    """Return a button's words: «2. Терапия, 23.11.2026». Read out one after another, visits to one doctor differ by their day."""
    language = language_of(manager)
    called = cut(speciality_of(visit) or institution_of(visit), DATED) or say("visit.visit", language)
    return f"{place}. {called}, {brief_date(visit.started_at.astimezone(zone_of(manager)).date(), language)}"


def tick_label(visit: Visit, manager: DialogManager, *, ticked: bool) -> str:
    """Return a tick box's words: «☑ 23.11.2026 · Кардиология»."""
    language = language_of(manager)
    day = brief_date(visit.started_at.astimezone(zone_of(manager)).date(), language)
    called = cut(speciality_of(visit) or institution_of(visit), LABEL) or say("visit.visit", language)
    return f"{'☑' if ticked else '☐'} {day} · {called}"


def times_of(visit: Visit, manager: DialogManager) -> str:
    """Return when it was: «23 ноября 2026 г., 14:30–15:00»; the end only where it is another moment of a near day."""
    began, ended = shown_moment(visit.started_at, manager), visit.ended_at
    if ended is None or ended <= visit.started_at:
        return began
    zone = zone_of(manager)
    if ended.astimezone(zone).date() == visit.started_at.astimezone(zone).date():
        return f"{began}–{shown_time(ended, manager)}"
    return f"{began} — {shown_moment(ended, manager)}"


def choice_label(choice: Choice, language: str) -> str:
    """Return a button's words: the name, and how many visits there are."""
    named = cut(choice.name, LABEL) or say("visit.not_told", language)
    return f"{'✓ ' if choice.chosen else ''}{named}: {choice.count}"
