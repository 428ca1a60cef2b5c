"""What must be true of bookings at any moment, asked of the database itself."""

from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.domain.account import WrongMove
from core.domain.actor import Citizen, System
from core.domain.booking import (
    BookingOver,
    HoldGone,
    NoBooking,
    NoOffer,
    Overlaps,
    TooMany,
    WaitsAlready,
)
from core.domain.ids import BookingId, SlotId
from core.domain.schedule import SlotTaken
from core.ports import Transaction
from core.services.booking.calling_off import CallOff
from core.storage.transaction import SqlTransaction
from tests.core.services.town import Town

REFUSALS = (SlotTaken, Overlaps, TooMany, HoldGone, BookingOver, NoBooking, NoOffer, WaitsAlready, WrongMove)


async def refused(step: Awaitable[object]) -> object:
    """Do it, or be told kindly why not; None then. Everything else is a fault."""
    try:
        return await step
    except REFUSALS:
        return None


async def call_off(town: Town, slot: SlotId) -> int:
    """A clinic takes a time away from whoever has it; the time itself stays open for others."""
    async with town.container() as scope:
        call_off = await scope.get(CallOff)
        async with await scope.get(Transaction):
            return await call_off.of_slots(System("desk"), [slot])


class Truth:
    """Asks the database of one town."""

    def __init__(self, town: Town) -> None:
        self.town = town

    async def ask(self, statement: str, **values: Any) -> Sequence[Any]:
        async with self.town.container() as scope:
            transaction = await scope.get(SqlTransaction)
            async with transaction.looking():
                return (await transaction.session.execute(text(statement), values)).all()

    async def forget_all(self) -> None:
        """Begin anew: nobody has an appointment, nothing waits to be told."""
        async with self.town.container() as scope:
            transaction = await scope.get(SqlTransaction)
            async with transaction:
                for table in ("booking_waits", "bookings", "notifications"):
                    await transaction.session.execute(text(f"DELETE FROM {table}"))

    async def held_by(self, citizen: Citizen) -> list[BookingId]:
        """Return everything a person holds, offers aside, past their time or not."""
        rows = await self.ask("SELECT id, account FROM bookings WHERE state = 'held' AND wait IS NULL")
        return [BookingId(self._uuid(row.id)) for row in rows if self._uuid(row.account) == citizen.account]

    async def no_hold_is_past_its_time(self) -> None:
        """After the worker's round."""
        held = await self.ask("SELECT held_until FROM bookings WHERE state = 'held'")
        assert all(self._moment(row.held_until) > self.town.clock.now().replace(tzinfo=None) for row in held)

    async def holds(self) -> None:
        """No slot twice; every standing one with number, token, reminders and audit lines; ended ones with nothing to come."""
        bookings = await self.ask("SELECT b.*, s.starts_at FROM bookings b JOIN slots s ON s.id = b.slot")
        living = [row.slot for row in bookings if row.state in {"held", "asked", "booked"}]
        assert len(living) == len(set(living)), "a slot is given twice"
        await self._one_hold_a_person(bookings)
        to_come = await self.ask(
            "SELECT subject, due_at FROM notifications WHERE state = 'waiting' AND subject IS NOT NULL"
        )
        reminders: dict[Any, list[Any]] = {}
        for row in to_come:
            reminders.setdefault(row.subject, []).append(self._moment(row.due_at))
        done: dict[str, set[str]] = {}
        for row in await self.ask("SELECT operation, details FROM audit_lines WHERE operation LIKE 'booking.%'"):
            details = row.details if isinstance(row.details, str) else str(row.details)
            done.setdefault(row.operation, set()).add(details)
        for row in bookings:
            self._one(row, reminders.get(row.id, []), done)
        await self._waits_are_whole(bookings)

    def _one(self, row: Any, reminders: list[Any], done: dict[str, set[str]]) -> None:
        name = str(self._uuid(row.id))

        def noted(operation: str) -> bool:
            return any(name in details for details in done.get(f"booking.{operation}", ()))

        match row.state:
            case "booked":
                assert row.number is not None, "no number"
                assert row.token_hash is not None, "no token"
                assert noted("made"), "no line in the journal"
                starts, now = self._moment(row.starts_at), self.town.clock.now().replace(tzinfo=None)
                minutes = [int(each) for each in row.reminders.split(",") if each]
                due = [starts - timedelta(minutes=each) for each in minutes]
                # Made within the hours before, the earlier reminder was never set; past ones may wait to be sent.
                expected = {each for each in due if each > now}
                assert expected <= set(reminders), "a reminder is missing"
                assert set(reminders) <= set(due), "a reminder at another time"
            case "held":
                assert noted("held") or noted("wait_offered"), "nobody noted who holds it"
                assert reminders == []
            case ended:
                assert reminders == [], f"{ended}, and somebody would be reminded of it"
                operation = {"let_go": "let_go", "moved": "moved", "cancelled": "cancelled", "called_off": "called_off"}
                assert noted(operation[ended]), f"no line in the journal: {ended}"

    async def _one_hold_a_person(self, bookings: Sequence[Any]) -> None:
        now = self.town.clock.now().replace(tzinfo=None)
        held = [
            row.account
            for row in bookings
            if row.state == "held" and row.wait is None and self._moment(row.held_until) > now
        ]
        assert len(held) == len(set(held)), "somebody holds two"

    async def _waits_are_whole(self, bookings: Sequence[Any]) -> None:
        waits = {row.id: row for row in await self.ask("SELECT * FROM booking_waits")}
        offered = {row.wait for row in bookings if row.state == "held" and row.wait is not None}
        assert offered == {id_ for id_, row in waits.items() if row.state == "offered"}, "an offer without its hold"
        booked = {row.id for row in bookings if row.state == "booked"}
        assert all(row.booking in booked for row in waits.values() if row.state in {"waiting", "offered"})

    def _uuid(self, value: Any) -> UUID:
        return value if isinstance(value, UUID) else UUID(value)

    def _moment(self, value: Any) -> datetime:
        """SQLite keeps the digits of UTC alone."""
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
