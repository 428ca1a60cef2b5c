"""A correction: confirmed by the signature of an authorised specialist over bytes that say everything, and kept with them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from core.domain.ids import AccountId, ClaimId, RecordId, StaffId
from core.domain.record import Vaccination
from core.domain.staff import StaffKey
from core.domain.vaccination.claim import Claim, Field

FORM = "medkarta vaccination correction 1"


class NoStaffKey(Exception):
    """Whoever wants to sign has no key registered."""

    message_key = "vaccination.no_key"


class WrongProof(Exception):
    """The signature is not one by this key over these bytes, or is no signature at all."""

    message_key = "vaccination.wrong_signature"


@dataclass(frozen=True, slots=True)
class Correction:
    """What was signed, kept so that it can be verified later. `content` are the canonical bytes; `key` the public one, PEM."""

    claim: ClaimId
    account: AccountId
    record: RecordId
    signer: StaffId
    fingerprint: str
    signed_at: datetime
    content: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Disproof:
    """What is wrong with a kept correction."""

    claim: ClaimId
    what: str


class Corrections(Protocol):
    """The confirmed corrections. They are added and never changed."""

    async def add(self, correction: Correction) -> None: ...

    async def of(self, account: AccountId) -> Sequence[Correction]:
        """Return those of an account's doses, the oldest first."""
        ...

    async def all(self) -> Sequence[Correction]:
        """Return every one, the oldest first."""
        ...


def corrected(dose: Vaccination, claim: Claim) -> Vaccination:
    """Return the dose as the citizen says that it is right."""
    match claim.wrong:
        case Field.VACCINE if claim.right_vaccine is not None:
            return replace(dose, vaccine=claim.right_vaccine)
        case Field.GIVEN_ON if claim.right_day is not None:
            return replace(dose, given_on=claim.right_day)
        case Field.SERIES:
            return replace(dose, series=claim.right)
        case Field.INSTITUTION:
            return replace(dose, institution=claim.right)
        case Field.REACTION:
            return replace(dose, reaction=claim.right)
    return dose


def canonical(claim: Claim, dose: Vaccination, signer: str, key: StaffKey) -> bytes:
    """Return the bytes to be signed: JSON with sorted keys in UTF-8, the dose before and after in full, who signs by which key."""
    said = {
        "form": FORM,
        "claim": str(claim.id),
        "vaccination": str(dose.id),
        "field": claim.wrong.value if claim.wrong else "",
        "why": claim.why,
        "asked_at": claim.sent_at.isoformat() if claim.sent_at else "",
        "before": _dose(dose),
        "after": _dose(corrected(dose, claim)),
        "signer": signer,
        "key": key.fingerprint,
    }
    return (json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def disproof(kept: Correction, key: StaffKey | None, *, signed: bool) -> str | None:
    """Return what is wrong with a kept correction, or None. `key` is the registered one, `signed` what the signature says."""
    if key is None:
        return f"the key {kept.fingerprint} was never registered for the signer"
    if key.pem.strip() != kept.key.strip():
        return f"the key that was kept is not the registered one {kept.fingerprint}"
    if not signed:
        return "the signature does not belong to the kept bytes"
    try:
        said = json.loads(kept.content)
        told = (said["form"], said["claim"], said["vaccination"], said["key"])
    except (ValueError, KeyError, TypeError):
        return "the kept bytes are no correction"
    if told != (FORM, str(kept.claim), str(kept.record), kept.fingerprint):
        return "the kept bytes are about something else"
    return None


def stands(kept: Correction, dose: Vaccination) -> bool:
    """Whether the dose still says what was signed: a clinic may have delivered it anew since."""
    said = json.loads(kept.content)
    name = said["field"]
    return kept.record == dose.id and name in said["after"] and said["after"][name] == _dose(dose)[name]


def _dose(dose: Vaccination) -> dict[str, Any]:
    return {
        "vaccine": [dose.vaccine.system, dose.vaccine.code, dose.vaccine.display],
        "given_on": dose.given_on.isoformat(),
        "series": dose.series,
        "institution": dose.institution,
        "dose": dose.dose,
        "reaction": dose.reaction,
        "advice": dose.advice,
        "next_on": dose.next_on.isoformat() if dose.next_on else None,
        "origin": dose.origin.value,
    }
