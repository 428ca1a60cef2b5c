"""Slots: asked for and put, each by statements that were made once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.domain.ids import DoctorId, FacilityId, SlotId
from core.domain.schedule import Slot, SlotTaken, Wanted
from core.storage.schedule import free as asked
from core.storage.schedule.slot import SlotRow, differs, slot_of, values_of
from core.storage.transaction import SqlTransaction, Stored

A_DAY, EASTERNMOST, WESTERNMOST = timedelta(days=1), timedelta(hours=14), timedelta(hours=12)
WAYS = ("speciality", "region", "facility", "doctor")


@dataclass(frozen=True, slots=True)
class SqlSlots:
    """`core.domain.schedule.Slots`."""

    transaction: SqlTransaction

    async def one(self, slot: SlotId) -> Slot:
        """Raises SlotTaken where there is none; a closed one is returned too."""
        rows = await self.transaction.ask(asked.ONE, slot=slot)
        if not rows:
            raise SlotTaken
        return slot_of(rows[0])

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
        narrowed = _narrowing(wanted)
        if day is not None:
            midnight = datetime.combine(day, time.min, UTC)
            narrowed |= {"day": day, "earliest": midnight - EASTERNMOST, "latest": midnight + A_DAY + WESTERNMOST}
        if before is not None:
            narrowed["before"] = before
        found = await self.transaction.ask(asked.free_ones(*narrowed), now=now, most=limit, **narrowed)
        return [slot_of(row) for row in found]

    async def days(self, wanted: Wanted, now: datetime) -> Mapping[date, int]:
        """Return the local days that have free slots, with how many."""
        narrowed = _narrowing(wanted)
        found = await self.transaction.ask(asked.days_with_free(*narrowed), now=now, **narrowed)
        return {row.day: row.many for row in found}

    async def soonest(self, wanted: Wanted, now: datetime) -> Mapping[DoctorId, Slot]:
        """Return the soonest free slot of each doctor, the soonest first."""
        narrowed = _narrowing(wanted)
        found = await self.transaction.ask(asked.soonest_of_each(*narrowed), now=now, **narrowed)
        return {row.doctor: slot_of(row) for row in found}

    async def nearest(
        self, slot: Slot, now: datetime, limit: int = 3, *, passing: Collection[FacilityId] = ()
    ) -> Sequence[Slot]:
        """Return free ones like it: the same doctor and speciality first, then the facility, then the region; nearest in time."""
        elsewhere: dict[str, Stored] = {"passing": tuple(sorted(passing))} if passing else {}
        found: dict[SlotId, Slot] = {}
        for way in ("doctor", "facility", "region"):
            if len(found) >= limit:
                break
            narrowed: dict[str, Stored] = {"speciality": slot.speciality, way: getattr(slot, way), **elsewhere}
            # The slot itself may be among them, and those that were found closer by.
            around: dict[str, Stored] = {"moment": slot.starts_at, "most": limit + len(found) + 1, "now": now}
            rows = await self.transaction.ask(asked.free_around(*narrowed), **around, **narrowed)
            near = sorted(map(slot_of, rows), key=lambda each: (abs(each.starts_at - slot.starts_at), each.starts_at))
            for each in near:
                if each.id != slot.id and len(found) < limit:
                    found.setdefault(each.id, each)
        return list(found.values())

    async def put(self, slots: Sequence[Slot], doctor: DoctorId, first: date, last: date) -> Sequence[SlotId]:
        """Let these be the doctor's open slots of the days, both included; others of these days are closed.

        What is as it was is not written again, but for when a clinic's server last said it. Returns every slot of the days
        that is closed under a living booking, also of one that was made while it was being closed.
        """
        known = {row.id: row for row in await self.transaction.ask(asked.KNOWN, of=doctor, first=first, last=last)}
        kept = {each.id for each in slots}
        changed = [values_of(each) for each in slots if each.id not in known or differs(known[each.id], each)]
        await self._write(changed)
        if gone := [row.id for row in known.values() if row.open and row.id not in kept]:
            await self.transaction.alter(asked.CLOSE, ids=gone)
        if seen := [each.seen_at for each in slots if each.remote]:
            await self.transaction.alter(asked.SEEN, of=doctor, first=first, last=last, now=max(seen))
        found = await self.transaction.ask(asked.CLOSED_UNDER_LIVING, of=doctor, first=first, last=last)
        return [row.id for row in found]

    async def give(self, slots: Sequence[Slot]) -> None:
        """Let these be open, whatever they were before."""
        await self._write([values_of(each) for each in slots])

    async def opened(self, doctor: DoctorId, first: date, last: date) -> Sequence[Slot]:
        """Return the doctor's open ones of the days, both included, whether or not somebody has them."""
        rows = await self.transaction.ask(asked.KNOWN, of=doctor, first=first, last=last)
        return [slot_of(row) for row in rows if row.open]

    async def _write(self, rows: list[dict[str, Stored]]) -> None:
        if rows:
            putting = asked.PUT_ON_POSTGRESQL if self.transaction.on_postgresql else asked.PUT_ON_SQLITE
            await self.transaction.session.execute(putting, rows)

    async def note(self, slot: Slot) -> None:
        """Store a slot that its source gives to nobody. Known ones stay."""
        await self.transaction.insert(SlotRow, {**values_of(slot), "open": False})

    async def close(self, slot: SlotId) -> None:
        """Its source gives it to nobody any more."""
        await self.transaction.alter(asked.CLOSE, ids=[slot])

    async def forget_before(self, day: date, limit: int) -> int:
        """Remove slots of days before that which nobody ever had, `limit` at most; returns how many."""
        return await self.transaction.alter(asked.FORGET, before=day, most=limit)


def _narrowing(wanted: Wanted) -> dict[str, Stored]:
    """Return what narrows a question, by the names of its columns."""
    return {name: value for name in WAYS if (value := getattr(wanted, name)) is not None}
