"""What the pages of a dose share: names, what stands in a form, and its answers one by one."""

from collections.abc import Awaitable

from api.routes.page.faults import Faults
from api.words import Words
from core.domain.actor import Citizen
from core.domain.document import BadFile
from core.domain.record import Coding, Vaccination
from core.domain.record.names import name_of, tidy
from core.domain.vaccination import (
    VACCINES,
    BadDose,
    Claim,
    ClaimKind,
    Field,
    WordsLong,
    WordsShort,
)
from core.services.vaccination import AnswerVaccine

OWN = "own"
"""The choice of the list that says: none of these, it is in my own words."""


async def answer(faults: Faults, name: str, work: Awaitable[object]) -> None:
    """Keep one answer; what is wrong with it is put down under its name."""
    try:
        await work
    except (WordsShort, WordsLong, BadDose, BadFile) as fault:
        faults[name] = fault


async def answer_vaccine(
    faults: Faults, use_case: AnswerVaccine, citizen: Citizen, kind: ClaimKind, choice: str, words: str
) -> None:
    """Keep the vaccine: one of the list, or what was written where the list says so or nothing was chosen."""
    if choice and choice != OWN:
        place = int(choice) if choice.isascii() and choice.isdecimal() and len(choice) < 6 else len(VACCINES)
        if place >= len(VACCINES):
            faults["vaccine"] = "page.claim.choose_vaccine"
            return
        await answer(faults, "vaccine", use_case(citizen, kind, place))
    else:
        await answer(faults, "other", use_case(citizen, kind, words))


def chosen(vaccine: Coding | None) -> tuple[str, str]:
    """Return how a kept vaccine stands in a form: its place in the list, and the words where it is none of the list."""
    if vaccine is None:
        return "", ""
    return (str(VACCINES.index(vaccine)), "") if vaccine in VACCINES else (OWN, vaccine.display)


def vaccine_name(vaccine: Coding, words: Words) -> str:
    """Return what a vaccine is called; «Вакцина без названия» where nothing at all came."""
    return name_of(vaccine, words.language) or words("vaccination.unnamed")


def vaccines_of(words: Words) -> list[tuple[str, str]]:
    """Return the places of the list with their names, in the order of the names."""
    named = [(str(place), vaccine_name(each, words)) for place, each in enumerate(VACCINES)]
    return sorted(named, key=lambda each: each[1].casefold())


def claim_title(claim: Claim, words: Words) -> str:
    """Return what a claim is about: the vaccine, or what is to be put right."""
    if claim.kind is ClaimKind.CORRECTION:
        return words("vaccination.claim_correction")
    return vaccine_name(claim.told.vaccine, words) if claim.told.vaccine else words("vaccination.claim_scan")


def claim_lines(claim: Claim, dose: Vaccination | None, words: Words) -> dict[str, str]:
    """Return what a claim says, by the words for each line. `dose` is what a correction is about, if it is still there."""
    unknown = words("vaccination.unknown")
    if claim.kind is ClaimKind.CORRECTION and claim.wrong is not None:
        return {
            words("page.correction.wrong"): words(f"vaccination.label.{claim.wrong.value}"),
            words("page.correction.now"): now_of(dose, claim.wrong, words) if dose else unknown,
            words("page.correction.right"): right_of(claim, words) or unknown,
            words("page.correction.why"): claim.why or unknown,
        }
    told = claim.told
    return {
        words("vaccination.label.vaccine"): vaccine_name(told.vaccine, words) if told.vaccine else unknown,
        words("vaccination.label.given_on"): words.date(told.given_on) if told.given_on else unknown,
        words("vaccination.label.series"): told.series or unknown,
        words("vaccination.label.institution"): told.institution or unknown,
    }


def now_of(dose: Vaccination, field: Field, words: Words) -> str:
    """Return what stands in the record now."""
    unknown = words("vaccination.unknown")
    match field:
        case Field.VACCINE:
            return vaccine_name(dose.vaccine, words)
        case Field.GIVEN_ON:
            return words.date(dose.given_on)
        case Field.SERIES:
            return tidy(dose.series) or unknown
        case Field.INSTITUTION:
            return tidy(dose.institution) or unknown
        case Field.REACTION:
            return tidy(dose.reaction) or words("vaccination.no_reaction")


def right_of(claim: Claim, words: Words) -> str:
    """Return what is right by the citizen's word; empty while nothing was said."""
    if claim.wrong is Field.VACCINE and claim.right_vaccine is not None:
        return vaccine_name(claim.right_vaccine, words)
    if claim.wrong is Field.GIVEN_ON and claim.right_day is not None:
        return words.date(claim.right_day)
    return claim.right
