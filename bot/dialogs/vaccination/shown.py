"""How vaccinations read: the vaccine by its Russian name, the day, the series, where; what is due as advice."""

from collections.abc import Sequence
from datetime import date
from html import escape

from aiogram_dialog import DialogManager

from bot.dialogs.fitting import DATED, LABEL, cut
from bot.dialogs.shown import shown_day
from bot.text import language_of
from bot.words import say
from core.domain.identifiers.dates import brief_date
from core.domain.record import Coding, Vaccination
from core.domain.record.calendar import Disease, Due, Plan, Standing
from core.domain.record.names import name_of
from core.domain.vaccination import Claim, ClaimKind, Field

NAME, WHERE, SERIES, LONG = 80, 80, 40, 300


def vaccine_name(vaccine: Coding, language: str, most: int = NAME) -> str:
    """Return what a vaccine is called; «Вакцина» where nothing at all came."""
    return cut(name_of(vaccine, language), most) or say("vaccination.unnamed", language)


def label(dose: Vaccination, place: int, language: str) -> str:
    """Return a button's words: «2. Грипп, 23.11.2026»."""
    return f"{place}. {vaccine_name(dose.vaccine, language, DATED)}, {brief_date(dose.given_on, language)}"


def lines_text(doses: Sequence[Vaccination], first: int, manager: DialogManager) -> str:
    """Return the list, numbered from `first`: name, day, series, institution."""
    language = language_of(manager)
    blocks = []
    for place, dose in enumerate(doses, start=first):
        series = say("vaccination.series_short", language, {"series": cut(dose.series, SERIES)}) if dose.series else ""
        told = [shown_day(dose.given_on, manager), series, cut(dose.institution, WHERE)]
        name = escape(vaccine_name(dose.vaccine, language), quote=False)
        blocks.append(f"<b>{place}. {name}</b>\n" + escape(" · ".join(filter(None, told)), quote=False))
    return "\n\n".join(blocks)


def dose_text(dose: Vaccination, manager: DialogManager) -> str:
    """Return one in full: everything that came, and what did not come said so."""
    language = language_of(manager)
    unknown = say("vaccination.unknown", language)
    rows = [
        ("given_on", shown_day(dose.given_on, manager)),
        ("dose", str(dose.dose) if dose.dose else ""),
        ("series", cut(dose.series, SERIES) or unknown),
        ("institution", cut(dose.institution, WHERE) or unknown),
        ("reaction", cut(dose.reaction, LONG) or say("vaccination.no_reaction", language)),
        ("advice", cut(dose.advice, LONG)),
        ("next_on", shown_day(dose.next_on, manager) if dose.next_on else ""),
        ("origin", say(f"vaccination.origin.{dose.origin.value}", language)),
    ]
    told = [
        f"{say(f'vaccination.label.{name}', language)}: {escape(value, quote=False)}" for name, value in rows if value
    ]
    return f"<b>{escape(vaccine_name(dose.vaccine, language), quote=False)}</b>\n\n" + "\n".join(told)


def due_line(due: Due, manager: DialogManager) -> str:
    """Return «• грипп, каждый год: с 1 сентября 2026 г.»; for some groups alone, that is said."""
    language = language_of(manager)
    if due.disease is Disease.FLU:
        dose = "vaccination.dose.yearly"
    else:
        dose = f"vaccination.dose.{due.disease.value}.{due.dose}" if due.dose else "vaccination.dose.again"
    values = {
        "name": say(f"vaccination.disease.{due.disease.value}", language),
        "dose": say(dose, language),
        "on": shown_day(due.on, manager),
    }
    # A childhood dose of which nothing is known is no delay of so many years: the record does not know of it.
    unknown = due.standing is Standing.OVERDUE and not due.known
    key = "vaccination.due_unknown" if unknown else f"vaccination.due_{due.standing.value}"
    groups = "\n   " + say("vaccination.for_groups", language) if due.for_groups else ""
    return say(key, language, values) + groups


def due_text(dues: Sequence[Due], manager: DialogManager) -> str:
    """Return lines of what is due."""
    return "\n".join(due_line(each, manager) for each in dues)


def talk_text(plan: Plan, manager: DialogManager) -> str:
    """Return «Пора поговорить с врачом о ...» for the list: what is due, in one sentence; nothing where nothing is."""
    language = language_of(manager)
    names = [
        say(f"vaccination.against.{each.disease.value}", language)
        for each in (*plan.overdue, *plan.due)
        if not each.for_groups
    ]
    return say("vaccination.talk", language, {"names": ", ".join(names)}) if names else ""


def day_or_unknown(day: date | None, manager: DialogManager) -> str:
    """Write a day out, or say that it is not known."""
    return shown_day(day, manager) if day else say("vaccination.unknown", language_of(manager))


def claim_title(claim: Claim, manager: DialogManager, most: int = LABEL) -> str:
    """Return what a claim is about: the vaccine, or what is to be put right."""
    language = language_of(manager)
    if claim.kind is ClaimKind.CORRECTION:
        return say("vaccination.claim_correction", language)
    if claim.told.vaccine is None:
        return say("vaccination.claim_scan", language)
    return vaccine_name(claim.told.vaccine, language, most)


def right_text(claim: Claim, manager: DialogManager) -> str:
    """Return what is right by the citizen's word, plain."""
    if claim.wrong is Field.VACCINE and claim.right_vaccine is not None:
        return vaccine_name(claim.right_vaccine, language_of(manager))
    if claim.wrong is Field.GIVEN_ON and claim.right_day is not None:
        return shown_day(claim.right_day, manager)
    return claim.right


def wrong_text(dose: Vaccination, field: Field, manager: DialogManager) -> str:
    """Return what stands in the record now, plain."""
    language = language_of(manager)
    unknown = say("vaccination.unknown", language)
    match field:
        case Field.VACCINE:
            return vaccine_name(dose.vaccine, language)
        case Field.GIVEN_ON:
            return shown_day(dose.given_on, manager)
        case Field.SERIES:
            return cut(dose.series, SERIES) or unknown
        case Field.INSTITUTION:
            return cut(dose.institution, WHERE) or unknown
        case Field.REACTION:
            return cut(dose.reaction, LONG) or say("vaccination.no_reaction", language)
