"""Bookings: taken by one statement, moved by another; who reads them is asked in the statement too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, delete, select

from core.domain.actor import Citizen
from core.domain.booking import Booking, BookingState, NoBooking, movable
from core.domain.ids import AccountId, BookingId, ClinicId, FacilityId, SlotId
from core.storage.booking import statements as asked
from core.storage.booking.rows import BOOKINGS, TABLE, hash_of, opened, values_of, written
from core.storage.key import RowSeal, Seals
from core.storage.schedule import slot_of
from core.storage.transaction import SqlTransaction, Stored

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SqlBookings:
    """`core.domain.booking.Bookings`."""

    transaction: SqlTransaction
    seals: Seals

    async def hold(self, booking: Booking, now: datetime) -> bool:
        """Store a HELD one; False when the slot is not free, also where a hold that ran out was not let go yet.

        The insertion decides: it reads that the slot is open and to come, and the unique index refuses a second.
        """
        holding = asked.HOLD_ON_POSTGRESQL if self.transaction.on_postgresql else asked.HOLD_ON_SQLITE
        values = values_of(booking, await self._seal(booking, booking.version), booking.version, now)
        given = {f"to_{name}": value for name, value in values.items()}
        return bool(await self.transaction.alter(holding, of_slot=booking.slot.id, now=now, **given))

    async def one(self, citizen: Citizen, booking: BookingId) -> Booking:
        """Raises NoBooking, also for somebody else's."""
        return await self._only(asked.OWN_BY_ID, booking=booking, account=citizen.account, chat=citizen.chat)

    async def of_product(self, booking: BookingId) -> Booking:
        """For the worker, the clinic and the desk, whose rights their use case has checked. Raises NoBooking."""
        return await self._only(asked.BY_ID, booking=booking)

    async def by_token(self, token: str) -> Booking:
        """Return the booking of a slip's page. Raises NoBooking."""
        return await self._only(asked.BY_TOKEN, token_hash=hash_of(token))

    async def by_number(self, number: str) -> Booking:
        """Return the booking of a slip's number. Raises NoBooking."""
        return await self._only(asked.BY_NUMBER, number=number)

    async def told_to(
        self,
        clinic: ClinicId,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        changed: datetime | None = None,
        changed_until: datetime | None = None,
        offset: int = 0,
        limit: int = 20,
    ) -> Sequence[tuple[Booking, datetime]]:
        """Return what ever stood in facilities that a clinic speaks for, by start, and when each changed last."""
        bounds = {"since": since, "until": until, "changed": changed, "changed_until": changed_until}
        given: dict[str, Stored] = {name: at for name, at in bounds.items() if at is not None}
        rows = await self.transaction.ask(
            asked.told_to(*sorted(given)), clinic=clinic, skipped=offset, most=limit, **given
        )
        return list(zip(await self._opened(rows), (row.booked_changed_at for row in rows), strict=True))

    async def held_by(self, citizen: Citizen, now: datetime) -> Booking | None:
        """Return the hold that the person decides about now; offers of the waiting list do not count."""
        found = await self._all(asked.HELD_BY, account=citizen.account, chat=citizen.chat, now=now)
        return found[0] if found else None

    async def coming(self, account: AccountId, now: datetime) -> Sequence[Booking]:
        """Return standing ones whose end is to come, the soonest first."""
        return await self._all(asked.COMING, account=account, now=now)

    async def past(self, account: AccountId, now: datetime, *, offset: int = 0, limit: int = 10) -> Sequence[Booking]:
        """Return what is over: visited, cancelled, called off; the latest first. Neither holds nor moved ones."""
        return await self._all(asked.PAST, account=account, now=now, skipped=offset, most=limit)

    async def count_past(self, account: AccountId, now: datetime) -> int:
        """Return how many these are."""
        return int((await self.transaction.ask(asked.COUNT_PAST, account=account, now=now))[0].many)

    async def last_made(self, account: AccountId) -> Booking | None:
        """Return the last one that was ever booked."""
        found = await self._all(asked.LAST_MADE, account=account)
        return found[0] if found else None

    async def move(self, booking: Booking, to: BookingState) -> Booking | None:
        """Store it in state `to`, if it is in a state that may and of this version; None otherwise."""
        return await self._changed(replace(booking, state=to), movable(to))

    async def save(self, booking: Booking) -> Booking | None:
        """Store what changed without a move; None when it changed since it was read."""
        return await self._changed(booking, [booking.state.value])

    async def lapsed(self, now: datetime, limit: int) -> Sequence[Booking]:
        """Return holds that have run out."""
        return await self._all(asked.LAPSED, now=now, most=limit)

    async def asked(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Return those in state ASKED whose clinic was asked last before a moment, the longest ago first."""
        return await self._all(asked.LONG_ASKED, now=before, most=limit)

    async def untold(self, before: datetime, limit: int) -> Sequence[Booking]:
        """Return those that a clinic's server has to hear of, tried last before a moment, the longest ago first."""
        return await self._all(asked.UNTOLD, now=before, most=limit)

    async def of_slot(self, slot: SlotId) -> Booking | None:
        """Return the living one of a slot."""
        found = await self._all(asked.OF_SLOT, of_slot=slot)
        return found[0] if found else None

    async def at(self, facility: FacilityId, since: datetime, until: datetime) -> Sequence[Booking]:
        """Return standing ones of a facility that start within the time."""
        # A local day is never more than a day off the UTC one.
        first, last = (since - A_DAY).date(), (until + A_DAY).date()
        return await self._all(asked.AT, facility=facility, since=since, until=until, first=first, last=last)

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove holds that came to nothing and were made before that, `limit` at most; returns how many."""
        gone = (BOOKINGS.c.state == BookingState.LET_GO.value, BOOKINGS.c.made_at < moment)
        some = select(BOOKINGS.c.id).where(*gone).limit(limit).scalar_subquery()
        return await self.transaction.change(delete(BOOKINGS).where(BOOKINGS.c.id.in_(some)))

    async def _changed(self, booking: Booking, states: Sequence[str]) -> Booking | None:
        """Write a booking back if nobody has since it was read and it stands where it may be changed."""
        version = booking.version + 1
        values = values_of(booking, await self._seal(booking, version), version, self.transaction.now())
        given = {f"to_{name}": value for name, value in values.items()}
        if not await self.transaction.alter(asked.changed_from(*states), of=booking.id, was=booking.version, **given):
            return None
        return replace(booking, version=version)

    async def _seal(self, booking: Booking, version: int) -> RowSeal | None:
        if not written(booking):
            return None
        return await self.seals.row_of(booking.account, TABLE, booking.id, version)

    async def _only(self, statement: Executable, **values: Stored) -> Booking:
        found = await self._all(statement, **values)
        if not found:
            raise NoBooking
        return found[0]

    async def _all(self, statement: Executable, **values: Stored) -> list[Booking]:
        return await self._opened(await self.transaction.ask(statement, **values))

    async def _opened(self, rows: Sequence[Any]) -> list[Booking]:
        await self.seals.of_accounts({row.booked_account for row in rows if row.booked_content is not None})
        return [opened(row, slot_of(row), await self._seal_of(row)) for row in rows]

    async def _seal_of(self, row: Any) -> RowSeal | None:  # noqa: ANN401 - of SQLAlchemy or of the driver
        if row.booked_content is None:
            return None
        return await self.seals.row_of(row.booked_account, TABLE, row.booked_id, row.booked_version)
