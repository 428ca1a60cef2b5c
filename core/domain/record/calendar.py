"""What is due by the national calendar: a table by age, and a pure function over it. It is advice for a talk with a doctor.

Source: «Национальный календарь профилактических прививок», appendix 1 to order 1122н of the Ministry of Health of
6 December 2021. Left out is what hangs on more than age and earlier doses: the rows for risk groups (a fourth dose against
hepatitis B on the schedule 0-1-2-12, measles from 36 to 55), the choice between living and inactivated vaccine, what a skin
test decides. The gaps between doses that come late are those of the order's rules for catching up: never shorter than in
the calendar itself. Flu, each autumn, is for children from six months on, pupils, students, people past 60, expectant
mothers and several occupations: everybody else reads that it is for these (`for_groups`).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.domain.record.coding import CVX, SNOMED, Coding
from core.domain.record.vaccination import Vaccination

ATC = "http://www.whocc.no/atc"


class Disease(StrEnum):
    """What the calendar protects from; together what one dose of it protects from."""

    HEPATITIS_B = "hepatitis_b"
    TUBERCULOSIS = "tuberculosis"
    PNEUMOCOCCUS = "pneumococcus"
    DIPHTHERIA = "diphtheria"
    POLIO = "polio"
    HIB = "hib"
    MEASLES = "measles"
    FLU = "flu"


@dataclass(frozen=True, slots=True)
class Step:
    """One dose: from which age (months), so many days after the one before, due for so many months, to which age at most."""

    disease: Disease
    dose: int
    months: int
    days: int = 0
    gap: int = 0
    open_for: int = 1
    until: int | None = None


YEAR = 12
CALENDAR: Mapping[Disease, tuple[Step, ...]] = {
    # From birth; up to 55 years for whoever has not had it.
    Disease.HEPATITIS_B: (
        Step(Disease.HEPATITIS_B, 1, 0, until=56 * YEAR),
        Step(Disease.HEPATITIS_B, 2, 1, gap=30, until=56 * YEAR),
        Step(Disease.HEPATITIS_B, 3, 6, gap=150, open_for=3, until=56 * YEAR),
    ),
    # On days 3 to 7; again at 6 to 7 years.
    Disease.TUBERCULOSIS: (
        Step(Disease.TUBERCULOSIS, 1, 0, days=3, until=8 * YEAR),
        Step(Disease.TUBERCULOSIS, 2, 6 * YEAR, gap=365, open_for=2 * YEAR, until=8 * YEAR),
    ),
    Disease.PNEUMOCOCCUS: (
        Step(Disease.PNEUMOCOCCUS, 1, 2, until=5 * YEAR),
        Step(Disease.PNEUMOCOCCUS, 2, 4, days=15, gap=56, until=5 * YEAR),
        Step(Disease.PNEUMOCOCCUS, 3, 15, gap=120, open_for=3, until=5 * YEAR),
    ),
    # Three, then again at 18 months, at 6 to 7 and at 14 years; from 18 on every ten years since the last one.
    Disease.DIPHTHERIA: (
        Step(Disease.DIPHTHERIA, 1, 3, until=18 * YEAR),
        Step(Disease.DIPHTHERIA, 2, 4, days=15, gap=45, until=18 * YEAR),
        Step(Disease.DIPHTHERIA, 3, 6, gap=45, open_for=2, until=18 * YEAR),
        Step(Disease.DIPHTHERIA, 4, 18, gap=365, open_for=3, until=18 * YEAR),
        Step(Disease.DIPHTHERIA, 5, 6 * YEAR, gap=4 * 365, open_for=2 * YEAR, until=18 * YEAR),
        Step(Disease.DIPHTHERIA, 6, 14 * YEAR, gap=5 * 365, open_for=YEAR, until=18 * YEAR),
    ),
    # Three, then again at 18 and 20 months and at 6 years.
    Disease.POLIO: (
        Step(Disease.POLIO, 1, 3, until=18 * YEAR),
        Step(Disease.POLIO, 2, 4, days=15, gap=45, until=18 * YEAR),
        Step(Disease.POLIO, 3, 6, gap=45, open_for=2, until=18 * YEAR),
        Step(Disease.POLIO, 4, 18, gap=180, open_for=2, until=18 * YEAR),
        Step(Disease.POLIO, 5, 20, gap=60, open_for=4, until=18 * YEAR),
        Step(Disease.POLIO, 6, 6 * YEAR, gap=365, open_for=YEAR, until=18 * YEAR),
    ),
    Disease.HIB: (
        Step(Disease.HIB, 1, 3, until=5 * YEAR),
        Step(Disease.HIB, 2, 4, days=15, gap=45, until=5 * YEAR),
        Step(Disease.HIB, 3, 6, gap=45, open_for=2, until=5 * YEAR),
        Step(Disease.HIB, 4, 18, gap=365, open_for=3, until=5 * YEAR),
    ),
    # With rubella and mumps at a year and at 6; against measles up to 35 for whoever has not had both.
    Disease.MEASLES: (
        Step(Disease.MEASLES, 1, YEAR, open_for=3, until=36 * YEAR),
        Step(Disease.MEASLES, 2, 6 * YEAR, gap=90, open_for=YEAR, until=36 * YEAR),
    ),
}
ADULT = 18 * YEAR
EVERY = 10 * YEAR
"""An adult's diphtheria and tetanus, in months since the last one."""
FLU_FROM, FLU_ELDER = 6, 60 * YEAR
SEASON, SEASON_ENDS = (9, 1), (2, 28)
"""Flu: doctors begin in September; by March the season is over."""
READY = 8
"""A dose since August belongs to the season that begins."""

BY_CVX: Mapping[Disease, str] = {
    Disease.HEPATITIS_B: "08 42 43 44 45 51 102 104 110 132 146 189 193 198 220",
    Disease.TUBERCULOSIS: "19",
    Disease.PNEUMOCOCCUS: "33 100 109 133 152 215 216",
    Disease.DIPHTHERIA: "01 09 20 22 28 50 102 106 107 110 113 115 120 130 132 138 139 146 170 195 196 198",
    Disease.POLIO: "02 10 89 110 120 130 132 146 170 178 179 182 195",
    Disease.HIB: "17 22 46 47 48 49 50 51 102 120 132 146 170 198",
    Disease.MEASLES: "03 04 05 94",
    Disease.FLU: "15 16 88 111 135 140 141 144 149 150 151 153 155 158 161 166 168 171 185 186 197 205",
}
"""The codes of CVX (CDC) whose vaccines protect from each; combined ones stand under several."""
BY_ATC: Mapping[Disease, str] = {
    Disease.HEPATITIS_B: "J07BC01 J07BC20 J07CA05 J07CA07 J07CA08 J07CA09 J07CA10 J07CA11",
    Disease.TUBERCULOSIS: "J07AN01",
    Disease.PNEUMOCOCCUS: "J07AL01 J07AL02 J07AL52",
    Disease.DIPHTHERIA: "J07AF01 J07AJ51 J07AJ52 J07AM51 J07CA01 J07CA02 J07CA05 J07CA06 J07CA07 J07CA09 J07CA10 J07CA11",
    Disease.POLIO: "J07BF01 J07BF02 J07BF03 J07BF04 J07CA01 J07CA02 J07CA06 J07CA09",
    Disease.HIB: "J07AG01 J07AG51 J07AG52 J07AG53 J07CA06 J07CA08 J07CA09 J07CA10 J07CA11",
    Disease.MEASLES: "J07BD01 J07BD51 J07BD52 J07BD53 J07BD54",
    Disease.FLU: "J07BB01 J07BB02 J07BB03 J07BB04",
}
BY_SNOMED: Mapping[Disease, str] = {Disease.DIPHTHERIA: "399014008"}


def _protects() -> dict[tuple[str, str], frozenset[Disease]]:
    found: dict[tuple[str, str], set[Disease]] = {}
    for system, listed in ((CVX, BY_CVX), (ATC, BY_ATC), (SNOMED, BY_SNOMED)):
        for disease, codes in listed.items():
            for code in codes.split():
                found.setdefault((system, code), set()).add(disease)
    return {key: frozenset(diseases) for key, diseases in found.items()}


PROTECTS = _protects()
NOTHING: frozenset[Disease] = frozenset()


class Standing(StrEnum):
    """Where a dose stands today."""

    OVERDUE = "overdue"
    DUE = "due"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Due:
    """A dose that comes: which one of its course (None: one that is repeated), from when on.

    `for_groups`: not for everybody. `known`: an earlier dose stands in the record.
    """

    disease: Disease
    dose: int | None
    on: date
    standing: Standing
    for_groups: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What the calendar says today, the earliest first; at most one dose of each disease."""

    overdue: tuple[Due, ...] = ()
    due: tuple[Due, ...] = ()
    upcoming: tuple[Due, ...] = ()

    @property
    def every(self) -> tuple[Due, ...]:
        """All of it."""
        return (*self.overdue, *self.due, *self.upcoming)


def protects_from(vaccine: Coding) -> frozenset[Disease]:
    """Return what a vaccine protects from by its code; nothing where only words came: nobody guesses."""
    code = vaccine.code.zfill(2) if vaccine.system == CVX else vaccine.code
    return PROTECTS.get((vaccine.system, code), NOTHING)


def plan(born: date, vaccinations: Iterable[Vaccination], today: date) -> Plan:
    """Return what is overdue, due now, and next. Doses before birth or to come count for nothing; two on a day are one."""
    given: dict[Disease, set[date]] = {disease: set() for disease in Disease}
    for each in vaccinations:
        if born <= each.given_on <= today:
            for disease in protects_from(each.vaccine):
                given[disease].add(each.given_on)
    found = [
        _flu(born, given[disease], today) if disease is Disease.FLU else _course(disease, born, given[disease], today)
        for disease in Disease
    ]
    every = sorted((each for each in found if each is not None), key=lambda each: (each.on, each.disease))
    by: dict[Standing, tuple[Due, ...]] = {
        standing: tuple(each for each in every if each.standing is standing) for standing in Standing
    }
    return Plan(by[Standing.OVERDUE], by[Standing.DUE], by[Standing.NEXT])


def _course(disease: Disease, born: date, given: set[date], today: date) -> Due | None:
    if disease is Disease.DIPHTHERIA and today >= later(born, ADULT):
        return _repeated(disease, born, given, today)
    steps, last = CALENDAR[disease], max(given, default=None)
    if len(given) >= len(steps):
        return _repeated(disease, born, given, today) if disease is Disease.DIPHTHERIA else None
    step = steps[len(given)]
    on = later(born, step.months) + timedelta(days=step.days)
    if last is not None:
        on = max(on, last + timedelta(days=step.gap))
    if step.until is not None and max(on, today) >= later(born, step.until):
        return None
    return Due(disease, step.dose, on, _standing(on, step.open_for, today), known=bool(given))


def _repeated(disease: Disease, born: date, given: set[date], today: date) -> Due:
    on = max(later(max(given), EVERY), later(born, ADULT)) if given else later(born, ADULT)
    return Due(disease, None, on, _standing(on, YEAR, today), known=bool(given))


def _flu(born: date, given: set[date], today: date) -> Due:
    begins = today.year if today >= date(today.year, *SEASON_ENDS) + timedelta(days=1) else today.year - 1
    done = any(day >= date(begins, READY, 1) for day in given)
    on = date(begins + 1 if done else begins, *SEASON)
    first = later(born, FLU_FROM)
    # Whoever is too young for this season has their turn with the age, if that is within one.
    on = max(on, first) if _in_season(first) else on if on >= first else date(first.year, *SEASON)
    age = (on.year - born.year) * 12 + on.month - born.month
    return Due(
        Disease.FLU,
        None,
        on,
        Standing.DUE if on <= today else Standing.NEXT,
        for_groups=ADULT <= age < FLU_ELDER,
    )


def _in_season(day: date) -> bool:
    return (day.month, day.day) >= SEASON or (day.month, day.day) <= SEASON_ENDS


def _standing(on: date, open_for: int, today: date) -> Standing:
    if on > today:
        return Standing.NEXT
    return Standing.DUE if today <= later(on, open_for) else Standing.OVERDUE


def later(day: date, months: int) -> date:
    """Return the same day so many months later; the last of its month where there is no such day. 9999-12-31 at the latest."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def comes_next(found: Plan, vaccinations: Sequence[Vaccination], today: date) -> tuple[date, ...]:
    """Return the days to come on which something is to be talked about: of the calendar, and as clinics advised.

    What a clinic advised for a vaccine counts until that is given again, or another dose against the same.
    """
    days = {each.on for each in found.upcoming if not each.for_groups}
    for each in vaccinations:
        if each.next_on is None or each.next_on <= today or _given_since(each, vaccinations):
            continue
        days.add(each.next_on)
    return tuple(sorted(days))


def _given_since(dose: Vaccination, vaccinations: Sequence[Vaccination]) -> bool:
    against = protects_from(dose.vaccine)
    return any(
        each.given_on > dose.given_on and (each.vaccine == dose.vaccine or bool(protects_from(each.vaccine) & against))
        for each in vaccinations
    )
