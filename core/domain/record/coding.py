"""What all records share: codes as they came, periods, and that something is not there."""

from dataclasses import dataclass
from datetime import datetime

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
CVX = "http://hl7.org/fhir/sid/cvx"
ICD10 = "http://hl7.org/fhir/sid/icd-10"


class NotFound(Exception):
    """Not there, or not yours: both sound the same."""

    message_key = "record.not_found"


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a system (a URI) as it came, with the words it came with; never changed and never guessed.

    `system` and `code` are empty where only words came.
    """

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until before `until`, moments in UTC; None is open."""

    since: datetime | None = None
    until: datetime | None = None
