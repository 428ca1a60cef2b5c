"""Claims as pages and programs see them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.domain.identifiers.dates import long_date
from core.domain.record import Coding, Vaccination
from core.domain.record.names import name_of
from core.domain.vaccination import VACCINES, Claim, ClaimKind, ClaimState
from core.domain.vaccination import Field as Wrong
from core.services.vaccination import ClaimEntry, DeskClaim, Sheet, Written
from core.services.verification import REASON_LIMIT


class WaitingClaim(BaseModel):
    """A claim that waits. `name` is whose it is: «Анна И.»."""

    id: UUID
    kind: ClaimKind
    name: str
    since: datetime
    scanned: bool


class Vaccine(BaseModel):
    """A vaccine by its code, with the words it came with; without a code where only words came."""

    system: str
    code: str
    display: str


class RecordedDose(BaseModel):
    """A dose as it stands in the record."""

    vaccine: Vaccine
    given_on: date
    series: str
    institution: str
    reaction: str


class OpenClaim(BaseModel):
    """One claim. Of a correction: `wrong` is the field, `right` what it should be, `record` the dose as it is now."""

    id: UUID
    kind: ClaimKind
    state: ClaimState
    full_name: str
    birth_date: date | None
    sent_at: datetime | None
    vaccine: Vaccine | None
    given_on: date | None
    series: str | None
    institution: str | None
    scanned: bool
    known: bool
    wrong: Wrong | None
    right: str
    why: str
    record: RecordedDose | None
    by: str | None
    reason: str


class Dose(BaseModel):
    """A dose as you saw it: the code of CVX, or words where it has none; the day as ДД.ММ.ГГГГ or ISO 8601."""

    model_config = ConfigDict(extra="forbid")

    given_on: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=16)] = ""
    words: Annotated[str, Field(max_length=600)] = ""
    series: Annotated[str, Field(max_length=160)] = ""
    institution: Annotated[str, Field(max_length=600)] = ""


class ClaimRefusal(BaseModel):
    """Why it is refused, 3 to 300 characters, shown to the citizen."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(max_length=4 * REASON_LIMIT)]


class SignatureOf(BaseModel):
    """Your signature over the bytes of the sheet, in base64."""

    model_config = ConfigDict(extra="forbid")

    signature: Annotated[str, Field(max_length=8192)]


def row(entry: ClaimEntry) -> WaitingClaim:
    """Return a line of the queue."""
    return WaitingClaim(id=entry.id, kind=entry.kind, name=entry.name, since=entry.since, scanned=entry.scanned)


def open_claim(found: DeskClaim) -> OpenClaim:
    """Return one as programs see it."""
    claim, told = found.claim, found.claim.told
    return OpenClaim(
        id=claim.id,
        kind=claim.kind,
        state=claim.state,
        full_name=found.full_name,
        birth_date=found.birth_date,
        sent_at=claim.sent_at,
        vaccine=_vaccine(told.vaccine) if told.vaccine else None,
        given_on=told.given_on,
        series=told.series,
        institution=told.institution,
        scanned=claim.scan is not None,
        known=found.known,
        wrong=claim.wrong,
        right=right(claim, "en"),
        why=claim.why,
        record=_dose(found.dose) if found.dose else None,
        by=found.by,
        reason=claim.reason,
    )


def right(claim: Claim, language: str) -> str:
    """Return what is right by the citizen's word."""
    if claim.right_vaccine is not None:
        return name_of(claim.right_vaccine, language)
    if claim.right_day is not None:
        return long_date(claim.right_day, language)
    return claim.right


def filled(claim: Claim) -> Written:
    """Return what the citizen told, as the form begins with it."""
    told, vaccine = claim.told, claim.told.vaccine
    return Written(
        told.given_on.strftime("%d.%m.%Y") if told.given_on else "",
        vaccine.code if vaccine else "",
        vaccine.display if vaccine and not vaccine.code else "",
        told.series or "",
        told.institution or "",
    )


def options(language: str) -> list[tuple[str, str]]:
    """Return the vaccines that can be chosen: (code, name), by name."""
    return sorted(((each.code, name_of(each, language)) for each in VACCINES), key=lambda each: each[1].casefold())


def command(sheet: Sheet) -> str:
    """Return the command that signs a sheet with the specialist's kind of key."""
    file = f"correction-{sheet.claim.id}.json"
    if sheet.ed25519:
        return f"openssl pkeyutl -sign -rawin -inkey key.pem -in {file} | openssl base64 -A"
    return f"openssl dgst -sha256 -sign key.pem {file} | openssl base64 -A"


def _vaccine(vaccine: Coding) -> Vaccine:
    return Vaccine(system=vaccine.system, code=vaccine.code, display=vaccine.display)


def _dose(dose: Vaccination) -> RecordedDose:
    return RecordedDose(
        vaccine=_vaccine(dose.vaccine),
        given_on=dose.given_on,
        series=dose.series,
        institution=dose.institution,
        reaction=dose.reaction,
    )
