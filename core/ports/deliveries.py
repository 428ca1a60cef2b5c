"""What reads the FHIR that clinics send, and makes records of it."""

from collections.abc import AsyncIterable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.domain.ids import AccountId, ClinicId, RecordId
from core.domain.record import Panel, Referral, Result, Vaccination, Visit
from core.domain.resource import Content, Delivery, Key


@dataclass(frozen=True, slots=True)
class Picture:
    """Resources that are looked at together. `panels`: which panel an observation is part of.

    `parts`: the further resources (diagnoses, prescriptions, plans) of each encounter, in the order in which they came.
    `ids`: under which id each is kept. `paths`: where each of those delivered stands in what was sent.
    """

    clinic: ClinicId
    account: AccountId
    known: Mapping[Key, Content] = field(repr=False)
    ids: Mapping[Key, RecordId] = field(repr=False)
    panels: Mapping[Key, RecordId] = field(repr=False)
    parts: Mapping[Key, Sequence[Key]] = field(repr=False)
    paths: Mapping[Key, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Records:
    """What the product shows of a picture."""

    results: Sequence[Result] = field(default=(), repr=False)
    panels: Sequence[Panel] = field(default=(), repr=False)
    visits: Sequence[Visit] = field(default=(), repr=False)
    vaccinations: Sequence[Vaccination] = field(default=(), repr=False)
    referrals: Sequence[Referral] = field(default=(), repr=False)


class Deliveries(Protocol):
    """FHIR R4 in JSON. Reading and making run off the event loop."""

    async def read(self, body: AsyncIterable[bytes], type_: str | None = None, id_: str | None = None) -> Delivery:
        """Read a transaction Bundle as it comes, or a single resource of that type (and id).

        Raises `core.domain.resource.Malformed`, and whatever `body` raises.
        """
        ...

    def says_whose(self, content: Content) -> bool:
        """Whether a resource says itself whose record it is part of: the company that it came in does not tell."""
        ...

    def whole_of(self, content: Content) -> Key | None:
        """Return the encounter that a resource adds something to, if it does."""
        ...

    def members_of(self, content: Content) -> Sequence[Key]:
        """Return the observations that a report (or an observation that only groups others) holds, in its order."""
        ...

    def missing(self, known: Mapping[Key, Content], wanted: Collection[Key]) -> frozenset[Key]:
        """Return what else has to be known before records of the wanted ones can be made: whom and what they name."""
        ...

    async def records(self, picture: Picture, wanted: Collection[Key], now: datetime) -> Records:
        """Make the records of the wanted resources. Raises `core.domain.resource.Malformed` for impossible moments."""
        ...
