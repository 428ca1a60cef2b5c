"""Where doctors receive people: clinics' buildings, and the doctors in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

from core.domain.actor import Actor
from core.domain.ids import ClinicId, DoctorId, FacilityId, StaffId

EARTH_KM = 6371.0


class Source(StrEnum):
    """Who keeps the schedule: the product itself, or a clinic's own server that speaks FHIR R4."""

    OWN = "own"
    FHIR = "fhir"


class NoSuchFacility(Exception):
    """It is not there, closed, or not the actor's: all sound the same."""

    message_key = "schedule.no_facility"


class NoSuchDoctor(Exception):
    """Nobody of this id receives people."""

    message_key = "schedule.no_doctor"


class FacilityExists(Exception):
    """There is a facility with this code already."""

    message_key = "schedule.facility_exists"


class KeptElsewhere(Exception):
    """The clinic keeps this schedule on a server of its own: nothing of it is changed here."""

    message_key = "schedule.kept_elsewhere"


class InvalidFacility(Exception):
    """Something told of a facility makes no sense: `field` names it, and has words of its own."""

    message_key = "schedule.facility_wrong"

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
        self.message_key = f"{type(self).message_key}.{field}"


class InvalidDoctor(InvalidFacility):
    """Something told of a doctor makes no sense: `field` names it, and has words of its own."""

    message_key = "schedule.doctor_wrong"


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east."""

    latitude: float
    longitude: float

    def km_to(self, other: "Point") -> float:
        """Return the distance over the ground, by the haversine formula, in kilometres."""
        one, two = radians(self.latitude), radians(other.latitude)
        half = sin((two - one) / 2) ** 2
        half += cos(one) * cos(two) * sin(radians(other.longitude - self.longitude) / 2) ** 2
        return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True, slots=True)
class Facility:
    """A building of a clinic. `region` is a code of `core.domain.region`, `zone` the IANA zone of its clock.

    `code` is its number in the registry of attachments (ОМС) and unique. `limit`: so many coming appointments one person
    may have here. `url` is the base of its FHIR server (Source.FHIR), `clinic` the organisation that may speak for it at `/fhir`.
    """

    id: FacilityId
    code: str
    name: str
    address: str
    region: str
    zone: str
    point: Point | None = None
    phone: str = ""
    source: Source = Source.OWN
    url: str = ""
    clinic: ClinicId | None = None
    limit: int = 3
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Doctor:
    """Who receives people. `speciality` is a code of `core.domain.speciality`; `note`: who may come, and what to bring.

    `remote` names its Schedule on the clinic's own server, or in what the clinic sent.
    """

    id: DoctorId
    facility: FacilityId
    name: str
    speciality: str
    room: str = ""
    note: str = ""
    remote: str = ""
    gone: bool = False


class Facilities(Protocol):
    """Buildings and doctors. Nothing here is personal data of citizens."""

    async def put(self, facility: Facility) -> None:
        """Store it, in place of the former one of its id, whose code it keeps; FacilityExists when another has its code."""
        ...

    async def put_doctor(self, doctor: Doctor) -> None:
        """Store it, in place of the former one of its id."""
        ...

    async def one(self, facility: FacilityId) -> Facility:
        """Raises NoSuchFacility; a closed one is returned too."""
        ...

    async def doctor(self, doctor: DoctorId) -> Doctor:
        """Raises NoSuchDoctor; one that is gone is returned too."""
        ...

    async def by_code(self, code: str) -> Facility | None: ...

    async def all(self, *, region: str | None = None, clinic: ClinicId | None = None) -> Sequence[Facility]:
        """Open ones, by name."""
        ...

    async def some(self, ids: Collection[FacilityId]) -> Mapping[FacilityId, Facility]: ...

    async def doctors(self, facility: FacilityId, *, speciality: str | None = None) -> Sequence[Doctor]:
        """Those who are not gone, by name."""
        ...

    async def some_doctors(self, ids: Collection[DoctorId]) -> Mapping[DoctorId, Doctor]: ...

    async def specialities(self, *, region: str | None = None) -> frozenset[str]:
        """Return the codes that somebody receives for, in a region or anywhere."""
        ...

    async def receiving(self, ids: Collection[FacilityId]) -> Mapping[FacilityId, frozenset[str]]:
        """Return the codes of all that somebody receives for in each; none for one in which nobody does."""
        ...

    async def assign(self, staff: StaffId, facility: FacilityId) -> None:
        """Let a registrar or a doctor at the desk keep this facility's schedule."""
        ...

    async def unassign(self, staff: StaffId, facility: FacilityId) -> None: ...

    async def keepers(self, facility: FacilityId) -> frozenset[StaffId]:
        """Return who is assigned to it."""
        ...

    async def kept_by(self, actor: Actor) -> frozenset[FacilityId] | None:
        """Return the facilities whose schedule the actor keeps; None for all of them (an administrator, the product)."""
        ...
