"""Slots: times at which a doctor can be seen, and how free ones are asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.domain.ids import DoctorId, FacilityId, SlotId


class SlotTaken(Exception):
    """Somebody was faster, it has begun, or the clinic closed it; `nearest` are up to three others that are free now."""

    message_key = "booking.slot_taken"

    def __init__(self, nearest: Sequence["Slot"] = ()) -> None:
        super().__init__()
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of a doctor. `day` is its date by the facility's clock; `seen_at` when its source last said that it is free.

    `remote` and `version` name it on a clinic's server (`Slot/123`, the ETag's value).
    """

    id: SlotId
    doctor: DoctorId
    facility: FacilityId
    speciality: str
    region: str
    day: date
    starts_at: datetime
    ends_at: datetime
    seen_at: datetime
    remote: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a speciality in a region, of facilities or of a doctor where these are given."""

    speciality: str
    region: str | None = None
    facility: FacilityId | None = None
    doctor: DoctorId | None = None


class Slots(Protocol):
    """The slots of every source. Free: open by its source, not begun, and no living booking has it."""

    async def one(self, slot: SlotId) -> Slot:
        """Raises SlotTaken where there is none."""
        ...

    async def free(
        self,
        wanted: Wanted,
        now: datetime,
        *,
        day: date | None = None,
        before: datetime | None = None,
        limit: int = 200,
    ) -> Sequence[Slot]:
        """Return free ones, the soonest first; of one local day, or those that start before a moment."""
        ...

    async def days(self, wanted: Wanted, now: datetime) -> Mapping[date, int]:
        """Return the local days that have free slots, with how many."""
        ...

    async def soonest(self, wanted: Wanted, now: datetime) -> Mapping[DoctorId, Slot]:
        """Return the soonest free slot of each doctor."""
        ...

    async def nearest(
        self, slot: Slot, now: datetime, limit: int = 3, *, passing: Collection[FacilityId] = ()
    ) -> Sequence[Slot]:
        """Return free ones like it: the same doctor and speciality first, then the facility, then the region; nearest in time.

        Those of the facilities `passing` are none of them.
        """
        ...

    async def put(self, slots: Sequence[Slot], doctor: DoctorId, first: date, last: date) -> Sequence[SlotId]:
        """Let these be the doctor's open slots of the days, both included; others of these days are closed.

        Nothing is removed: a booking keeps its slot. Returns slots that were closed under a living booking.
        """
        ...

    async def give(self, slots: Sequence[Slot]) -> None:
        """Let these be open, whatever they were before; others stay as they are."""
        ...

    async def opened(self, doctor: DoctorId, first: date, last: date) -> Sequence[Slot]:
        """Return the doctor's open ones of the days, both included, whether or not somebody has them."""
        ...

    async def note(self, slot: Slot) -> None:
        """Store a slot that its source gives to nobody: the time that a clinic moved an appointment to. Known ones stay."""
        ...

    async def close(self, slot: SlotId) -> None:
        """Its source gives it to nobody any more."""
        ...

    async def forget_before(self, day: date, limit: int) -> int:
        """Remove slots of days before that which nobody ever had, `limit` at most; returns how many."""
        ...
