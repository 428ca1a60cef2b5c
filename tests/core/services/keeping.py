"""A clinic with its doctors in the town, kept by an administrator or a registrar, and somebody who books."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from core.domain.actor import Actor, Role, Staff
from core.domain.audit import Operation
from core.domain.booking import HOLD, Booking, Bookings, BookingState
from core.domain.ids import BookingId, StaffId
from core.domain.notification import WallTime
from core.domain.schedule import (
    Doctor,
    Facility,
    Slot,
    Slots,
    Wanted,
)
from core.ports import Transaction
from core.services.schedule import (
    AddDoctor,
    AddFacility,
    AssignKeeper,
)
from core.services.staff import AddStaff
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction
from tests.core.services.town import Town

ADMINISTRATOR = Staff(StaffId(UUID(int=1)), Role.ADMINISTRATOR)
TOLD = {"code": "690001", "name": "Учебная  поликлиника ", "address": "Тверь, ул. Лесная, 1", "region": "69"}
MONDAY = date(2026, 11, 30)
"""The next one: the town's clock begins on Monday 23 November at noon in Tver."""


async def facility(town: Town, **other: object) -> Facility:
    told = TOLD | {"zone": "Europe/Moscow"} | other
    return await town.call(AddFacility, ADMINISTRATOR, **told)  # type: ignore[return-value]


async def doctor(town: Town, where: Facility, actor: Actor = ADMINISTRATOR, **other: object) -> Doctor:
    return await town.call(AddDoctor, actor, where.id, "Иванцова А. Т.", "therapist", **other)  # type: ignore[return-value]


async def registrar(town: Town, *keeps: Facility, login: str = "registrar", role: Role = Role.REGISTRAR) -> Staff:
    member = await town.call(AddStaff, login, "Регистратурова Р. Р.", role)
    actor = Staff(member.id, role)  # type: ignore[attr-defined]
    for each in keeps:
        await town.call(AssignKeeper, ADMINISTRATOR, actor.staff, each.id)
    return actor


async def slots(town: Town, day: date | None = None) -> Sequence[Slot]:
    async with town.container() as scope, await scope.get(Transaction):
        return await (await scope.get(Slots)).free(Wanted("therapist"), town.clock.now(), day=day, limit=5000)


async def starts(town: Town, day: date = MONDAY) -> list[str]:
    return [f"{each.starts_at + timedelta(hours=3):%H:%M}" for each in await slots(town, day)]


async def book(town: Town, slot: Slot, number: int) -> BookingId:
    """Somebody has booked a slot."""
    citizen, now = await town.sign_in(), town.clock.now()
    held = Booking(
        BookingId(UUID(int=number)),
        citizen.account,
        citizen.account,
        slot,
        BookingState.HELD,
        now,
        WallTime(datetime(2026, 11, 30, 9), "Europe/Moscow"),
        held_until=now + HOLD,
    )
    async with town.container() as scope:
        bookings = await scope.get(Bookings)
        async with await scope.get(Transaction):
            assert await bookings.hold(held, now)
            assert await bookings.move(held, BookingState.BOOKED)
    return held.id


async def state(town: Town, booking: BookingId) -> BookingState:
    async with town.container() as scope, await scope.get(Transaction):
        return (await (await scope.get(Bookings)).of_product(booking)).state


async def lines(town: Town, operation: Operation) -> list[dict[str, str]]:
    """The details of the journal's lines of an operation, in the order of their words: many chains have no other."""
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            every = [line async for line in SqlAuditTrail(transaction).lines()]
    found = [dict(line.entry.details) for line in every if line.entry.operation == operation.value]
    return in_order(found)


def in_order(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(found, key=lambda details: sorted(details.items()))
