"""FHIR resources as clinics delivered them: every one is kept as it came, whether or not the product shows it."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from core.domain.ids import AccountId, ClinicId, RecordId

Content: TypeAlias = Mapping[str, Any]
"""A resource as JSON says it; `Any`, since FHIR decides what stands where."""

OF_CLINIC = frozenset({
    "ActivityDefinition", "Appointment", "Endpoint", "HealthcareService", "Location", "Medication", "Organization",
    "OrganizationAffiliation", "PlanDefinition", "Practitioner", "PractitionerRole", "Questionnaire", "Schedule", "Slot",
    "Substance",
})  # fmt: skip
"""What belongs to the clinic and to no patient; of an Appointment nothing of its patient is kept."""
TIMETABLE = ("Schedule", "Slot", "Appointment")
"""What says when doctors receive, and what became of appointments that citizens made here."""


NAMED = (
    "Patient", "Encounter", "Condition", "Observation", "DiagnosticReport", "Immunization", "MedicationRequest",
    "Practitioner", "Organization", "DocumentReference", *TIMETABLE,
)  # fmt: skip
"""What is promised to clinics; every other type of FHIR R4 is kept all the same."""
FAST = 1
"""The level of compression."""


@dataclass(frozen=True, slots=True)
class Key:
    """How the clinic calls a resource: `Observation/123`."""

    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type}/{self.id}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which version it is: as `meta` has it, either part may be absent; `digest` is that of the content (hex)."""

    version: str
    updated_at: datetime | None
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A resource as it was read. `path` is where it stands in what was sent; `body` is its JSON, numbers exact, packed.

    `links` are the resources that it points to, each with the place of the reference. `removed`: entered in error.
    """

    key: Key
    path: str
    stamp: Stamp
    content: Content = field(repr=False)
    body: bytes = field(repr=False)
    links: Mapping[Key, str] = field(repr=False)
    removed: bool = False

    @property
    def of_patient(self) -> bool:
        """Whether it is part of somebody's record."""
        return self.key.type not in OF_CLINIC


@dataclass(frozen=True, slots=True)
class Claim:
    """What one place of a delivery says about whose record it is: the clinic's own Patient, canonical СНИЛС and policies."""

    path: str
    key: Key | None = None
    snils: frozenset[str] = field(default=frozenset(), repr=False)
    policies: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one request brings, in its order."""

    arrived: Sequence[Arrived]
    claims: Sequence[Claim]


class Outcome(StrEnum):
    """What became of a resource. STALE: a newer version is kept already. REMOVED: the clinic has taken it back."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"
    REMOVED = "removed"

    @property
    def changes(self) -> bool:
        """Whether anything is stored."""
        return self in {Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED}


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong. `code` is FHIR's (IssueType), `path` the place, `says` a sentence without personal values."""

    code: str
    says: str
    path: str = ""


class Malformed(Exception):
    """What was sent cannot be taken. `unreadable`: it is not even JSON that can be read; else its content is at fault."""

    message_key = "clinic.malformed"

    def __init__(self, *issues: Issue, unreadable: bool = False) -> None:
        super().__init__("; ".join(f"{issue.path}: {issue.says}" for issue in issues[:3]))
        self.issues, self.unreadable = issues, unreadable


class NoSuchAppointment(Malformed):
    """An Appointment that names none of the sender's own, by our number or id."""


class UnknownType(Exception):
    """FHIR R4 has no such resource type, or it is not delivered by itself."""

    message_key = "clinic.unknown_type"


class PatientUnclear(Exception):
    """The identifiers of one delivery belong to cards of different people."""

    message_key = "clinic.patient_unclear"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of a kept resource without opening it. `edition` counts how often it was stored.

    `part_of` is the visit or the panel that it belongs to; `shown`: the citizen sees something of it.
    """

    id: RecordId
    clinic: ClinicId
    account: AccountId | None
    type: str
    stamp: Stamp
    edition: int
    part_of: RecordId | None = None
    shown: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource to be stored under its mark; `body` is packed."""

    mark: Mark
    body: bytes = field(repr=False)


def packed(body: bytes) -> bytes:
    """Return JSON as it is held and kept: a half of it or less, in a tenth of the time that validating it takes."""
    return zlib.compress(body, FAST)


def unpacked(body: bytes) -> bytes:
    """Return the JSON that was packed."""
    return zlib.decompress(body)


def record_id(clinic: ClinicId, account: AccountId | None, key: Key) -> RecordId:
    """Return the id under which a resource is kept: the same for the same one, a UUID of version 8 (RFC 9562).

    The first half depends on the account alone, so that what is delivered together lies together in every index;
    the second on the clinic and its name of the resource.
    """
    owner = account or clinic
    first = blake2b(owner.bytes, digest_size=6, person=b"medkarta").digest()
    told = f"{clinic}/{key.type}/{key.id}".encode()
    second = blake2b(told, digest_size=10, key=owner.bytes, person=b"medkarta").digest()
    value = int.from_bytes(first + second)
    return RecordId(UUID(int=value & ~(0xF << 76) & ~(0b11 << 62) | 0x8 << 76 | 0b10 << 62))


def outcome_of(arrived: Arrived, kept: Stamp | None, *, was_removed: bool = False) -> Outcome:
    """Return what a delivered version does to the kept one: the same again nothing, a newer one replaces, an older one not.

    A number in `meta.versionId` decides; then `meta.lastUpdated`; then whether the content differs.
    """
    if kept is None:
        return Outcome.REMOVED if arrived.removed else Outcome.CREATED
    new = arrived.stamp
    if new.digest == kept.digest:
        return Outcome.UNCHANGED
    order = _order(new, kept)
    if order == 0:
        return Outcome.UNCHANGED
    if order is not None and order < 0:
        return Outcome.STALE
    if arrived.removed:
        return Outcome.REMOVED
    return Outcome.CREATED if was_removed else Outcome.UPDATED


def _order(new: Stamp, kept: Stamp) -> int | None:
    """Return whether `new` is older (-1), the same (0) or newer (1) by its meta; None where that does not tell."""
    if new.version and kept.version:
        if new.version.isdecimal() and kept.version.isdecimal():
            return (int(new.version) > int(kept.version)) - (int(new.version) < int(kept.version))
        if new.version == kept.version:
            return 0
    if new.updated_at and kept.updated_at and new.updated_at != kept.updated_at:
        return 1 if new.updated_at > kept.updated_at else -1
    return None


class Resources(Protocol):
    """The kept resources. Each is sealed: under its patient's key, or under the product's where it is the clinic's own."""

    async def marks(self, ids: Collection[RecordId]) -> Mapping[RecordId, Mark]:
        """What is kept under these ids."""
        ...

    async def contents(self, ids: Collection[RecordId]) -> Mapping[RecordId, Content]:
        """The resources themselves; those that were taken back are left out."""
        ...

    async def parts(self, wholes: Collection[RecordId]) -> Sequence[Mark]:
        """What belongs to these visits and panels, and was not taken back."""
        ...

    async def put(self, kept: Sequence[Kept], now: datetime) -> None:
        """Store them; one with the same id is replaced."""
        ...

    async def attach(self, parts: Mapping[RecordId, RecordId | None]) -> None:
        """Note which visit or panel kept resources belong to from now on."""
        ...

    async def patients(self, clinic: ClinicId, ids: Collection[str]) -> Mapping[str, AccountId]:
        """Whose records the clinic's patients were when it named them last."""
        ...

    async def remember(self, clinic: ClinicId, account: AccountId, ids: Collection[str], now: datetime) -> None:
        """Note whose records these patients of the clinic are."""
        ...

    async def count(self, clinic: ClinicId) -> Mapping[str, tuple[int, int]]:
        """How many of each type are kept, and how many of those are shown."""
        ...
