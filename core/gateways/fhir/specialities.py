"""Specialities as clinics' servers code them: the product's own word, and SNOMED CT as FHIR's practice settings have it.

`specialities.txt` has a line a speciality: our code | SNOMED | further SNOMED codes that mean it when a clinic says them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.domain.record.coding import SNOMED
from core.domain.speciality import SPECIALITIES
from core.gateways.fhir.values import each

OWN = "urn:medkarta:speciality"
LINES = [
    [cell.strip() for cell in line.split("|")]
    for line in Path(__file__).with_name("specialities.txt").read_text("utf-8").splitlines()
]
TOLD: Mapping[str, str] = {code: snomed for code, snomed, _ in LINES}
HEARD: Mapping[tuple[str, str], str] = {
    **{(OWN, code): code for code in TOLD},
    **{(SNOMED, one): code for code, snomed, more in LINES for one in (snomed, *more.split()) if one},
}
NAMED: Mapping[str, str] = {name.casefold(): code for code, one in SPECIALITIES.items() for name in one.names.values()}


def coded(code: str) -> dict[str, Any]:
    """Return a CodeableConcept of one of our specialities."""
    codings = [{"system": SNOMED, "code": TOLD[code]}] if TOLD.get(code) else []
    return {"coding": [*codings, {"system": OWN, "code": code}], "text": SPECIALITIES[code].name("ru")}


def meant(concepts: object) -> str | None:
    """Return our code of the first of these CodeableConcepts that we know: by a code, else by a name, exactly."""
    several = list(each(concepts if isinstance(concepts, list) else [concepts]))
    for concept in several:
        for coding in each(concept.get("coding")):
            found = HEARD.get((str(coding.get("system") or ""), str(coding.get("code") or "")))
            if found is not None:
                return found
    for concept in several:
        for word in (concept.get("text"), *(coding.get("display") for coding in each(concept.get("coding")))):
            if isinstance(word, str) and word.strip().casefold() in NAMED:
                return NAMED[word.strip().casefold()]
    return None
