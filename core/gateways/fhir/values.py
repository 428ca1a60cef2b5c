"""Pieces of FHIR as values of the record: codes as they came, moments, numbers, names, references."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.domain.record import Coding
from core.domain.record.coding import ICD10
from core.domain.resource import Content, Issue, Key, Malformed
from core.gateways.fhir.walking import key_of

EARLIEST = datetime(1850, 1, 1, tzinfo=UTC)
"""Nobody alive was seen by a doctor before."""
AHEAD = timedelta(days=1)
"""Clocks and zones differ: what is said to have happened later than this has not."""
ICD10_NAMES = ("icd-10", "1.2.643.5.1.13.13.11.1005", "1.2.643.5.1.13.2.1.1.105")
UNKNOWN = Coding("", "", "")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was; `day_only` where no time was given, and for a year or a month its first day."""

    at: datetime
    day_only: bool = False
    day: date = date.min


def moment(text: object, path: str, now: datetime) -> Moment | None:
    """Read a date, dateTime or instant; None where there is none. Raises Malformed for one that cannot be."""
    if not isinstance(text, str) or not text:
        return None
    day_only = "T" not in text
    whole = text + ("-01-01", "", "", "-01")[text.count("-")] if day_only and text.count("-") < 2 else text
    if day_only and text.count("-") == 1:
        whole = f"{text}-01"
    try:
        found = datetime.fromisoformat(whole)
        day = found.date()
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(Issue("value", "not a moment that can be", path)) from None
    if not EARLIEST <= found <= now + AHEAD:
        raise Malformed(Issue("business-rule", "lies before 1850 or in the future", path))
    return Moment(found, day_only, day)


def first(value: object) -> Content:
    """Return the first of a list of objects, or the object itself; empty where there is none."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else None
    return value if isinstance(value, Mapping) else {}


def each(value: object) -> Iterator[Content]:
    """Yield the objects of a list that may be absent."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, Mapping))


def coding(concept: object, *, icd: bool = False) -> Coding:
    """Return the code of a CodeableConcept: the first, or of a diagnosis that of ICD-10 where it has one.

    The words are the coding's own, else those of the concept.
    """
    if not isinstance(concept, Mapping):
        return UNKNOWN
    codings = list(each(concept.get("coding")))
    if icd:
        codings.sort(key=lambda one: not _is_icd10(one.get("system") or ""))
    text = concept.get("text") or ""
    if not codings:
        return Coding("", "", text)
    chosen = codings[0]
    return Coding(chosen.get("system") or "", chosen.get("code") or "", chosen.get("display") or text)


def words(concept: object) -> str:
    """Return a CodeableConcept in words: its own text, else a code's."""
    if not isinstance(concept, Mapping):
        return ""
    found = coding(concept)
    return str(concept.get("text") or found.display or found.code)


def codes(concepts: object) -> set[str]:
    """Return every code of one or several CodeableConcepts."""
    several = concepts if isinstance(concepts, list) else [concepts]
    return {str(code.get("code")) for one in several if isinstance(one, Mapping) for code in each(one.get("coding"))}


def _is_icd10(system: str) -> bool:
    return system == ICD10 or any(name in system.lower() for name in ICD10_NAMES)


def number(value: object) -> Decimal | None:
    """Return a JSON number, exact."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def plain(value: Decimal) -> str:
    """Return a number as people write it, without an exponent."""
    return f"{value:f}"


def quantity(value: object) -> str:
    """Return a Quantity in words: «< 5 mmol/L»."""
    if not isinstance(value, Mapping):
        return ""
    amount = number(value.get("value"))
    parts = [value.get("comparator") or "", "" if amount is None else plain(amount), unit_of(value)]
    return " ".join(part for part in parts if part)


def unit_of(value: Content) -> str:
    """Return the unit as it is shown, else its code."""
    return str(value.get("unit") or value.get("code") or "")


def target(reference: object) -> Key | None:
    """Return what a Reference leads to; None for what is logical, contained or absent."""
    text = reference.get("reference") if isinstance(reference, Mapping) else None
    return key_of(text) if isinstance(text, str) and "?" not in text and not text.startswith(("#", "urn:")) else None


def display(reference: object) -> str:
    """Return the words that a Reference brings along."""
    return str(reference.get("display") or "") if isinstance(reference, Mapping) else ""


def human(name: Content) -> str:
    """Return a HumanName as it is said: «Орлова Мария Павловна» in Russian, given names first elsewhere."""
    if name.get("text"):
        return str(name["text"])
    family, given = name.get("family") or "", " ".join(one for one in name.get("given") or () if one)
    if any("а" <= letter <= "я" or letter == "ё" for letter in family.lower()):
        return f"{family} {given}".strip()
    return " ".join(part for part in (" ".join(name.get("prefix") or ()), given, family) if part)
