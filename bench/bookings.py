"""People who want the same few times at once: confirmed bookings a second, against bare `INSERT ... ON CONFLICT` of the same rows.

Ours holds (rights, refusals, the one statement that decides, the journal) and confirms (number, reminders, notice, the journal):
two transactions a booking, one a person who is told that the time is taken. Bare is one prepared statement on the driver, each
its own transaction, over as many connections.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import asyncpg  # type: ignore[import-untyped]  # it comes without types
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.actor import Citizen
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.chat import Chats
from core.domain.consent import CURRENT_VERSION, Consent, Consents, text
from core.domain.ids import AccountId, CardId, ChatId, ConsentId, DoctorId, FacilityId, SlotId, new_id
from core.domain.schedule import Doctor, Facilities, Facility, Slot, Slots, SlotTaken
from core.ports import Transaction
from core.services.booking import ConfirmBooking, HoldSlot

CONNECTIONS = 20
BARE = (
    "INSERT INTO bare_bookings ({names}) VALUES ({places})"
    " ON CONFLICT (slot) WHERE state IN ('held', 'asked', 'booked') DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Contended:
    """People, times, confirmed bookings a second of ours and bare, and all attempts a second of both."""

    people: int
    times: int
    ours: float
    bare: float
    our_attempts: float
    bare_attempts: float


async def people(container: AsyncContainer, many: int) -> list[Citizen]:
    """Make so many people with an active card and a consent, each in a chat of their own."""
    now, made = datetime.now(UTC), []
    async with container() as scope:
        accounts, chats = await scope.get(Accounts), await scope.get(Chats)
        consents, cards, transaction = await scope.get(Consents), await scope.get(Cards), await scope.get(Transaction)
        async with transaction:
            for number in range(many):
                id_, chat = AccountId(new_id(now)), ChatId(9_000_000 + number)
                person = PortalPerson(
                    f"contender-{id_}", "PR", "Очередной", f"Номер{number}", birth_date=date(1980, 1, 1), sex="male",
                    policy="7756000812345677",
                )  # fmt: skip
                await accounts.add(Account(id_, Verification.VERIFIED, person, None, None, 1), now)
                await chats.meet(chat, "ru", now)
                await chats.bind(chat, id_, now)
                words = text(CURRENT_VERSION, "ru")
                given = Consent(
                    ConsentId(new_id(now)), id_, words.version, "ru", words.digest, now, "bench", person=str(id_)
                )
                await consents.give(given)
                card = Card(CardId(new_id(now)), id_, new_patient_number(), CardState.ACTIVE, now)
                await cards.create(card, snils=f"snils-{id_}", passport=f"passport-{id_}")
                made.append(Citizen(id_, chat))
    return made


async def times(container: AsyncContainer, many: int) -> list[Slot]:
    """Open so many times of one doctor, from tomorrow on."""
    facility = Facility(FacilityId(uuid4()), str(uuid4()), "Очередь", "Тверь", "69", "Europe/Moscow")
    doctor = Doctor(DoctorId(uuid4()), facility.id, "Иванцов", "therapist")
    now = datetime.now(UTC)
    first = now.replace(hour=5, minute=0, second=0, microsecond=0) + timedelta(days=1)
    slots = []
    for number in range(many):
        starts = first + timedelta(minutes=5 * number)
        slots.append(
            Slot(
                SlotId(uuid4()), doctor.id, facility.id, "therapist", "69", starts.date(), starts,
                starts + timedelta(minutes=5), now,
            )
        )  # fmt: skip
    async with container() as scope:
        facilities, kept = await scope.get(Facilities), await scope.get(Slots)
        async with await scope.get(Transaction):
            await facilities.put(facility)
            await facilities.put_doctor(doctor)
            await kept.put(slots, doctor.id, slots[0].day, slots[-1].day)
    return slots


async def attempt(container: AsyncContainer, citizen: Citizen, slot: SlotId) -> bool:
    """Hold and confirm; False for whoever is told that the time is taken."""
    try:
        async with container() as scope:
            held = await (await scope.get(HoldSlot))(citizen, slot)
    except SlotTaken:
        return False
    async with container() as scope:
        await (await scope.get(ConfirmBooking))(citizen, held.booking.id)
    return True


async def contended(container: AsyncContainer, many: int, a_time: int = 10) -> Contended:
    """Let `a_time` people want each time, all at once; then insert the same rows bare."""
    citizens, slots = await people(container, many), await times(container, max(1, many // a_time))
    began = perf_counter()
    tries = [attempt(container, each, slots[n % len(slots)].id) for n, each in enumerate(citizens)]
    confirmed = sum(await _at_most(CONNECTIONS * 2, tries))
    ours = perf_counter() - began
    if confirmed != len(slots):
        raise ValueError(f"{len(slots)} times, {confirmed} bookings")
    url = (await container.get(AsyncEngine)).url.set(drivername="postgresql").render_as_string(hide_password=False)
    inserted, bare = await _bare(url, citizens, slots)
    if inserted != len(slots):
        raise ValueError(f"{len(slots)} times, {inserted} bare rows")
    return Contended(many, len(slots), confirmed / ours, inserted / bare, many / ours, many / bare)


async def _bare(url: str, citizens: Sequence[Citizen], slots: Sequence[Slot]) -> tuple[int, float]:
    """Insert a row a person, as the bookings that stand have them, into a table of the same shape and indexes."""
    async with asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        await pool.execute("CREATE TABLE bare_bookings (LIKE bookings INCLUDING ALL)")
        try:
            wanted = [slot.id for slot in slots]
            rows = await pool.fetch("SELECT * FROM bookings WHERE state = 'booked' AND slot = ANY($1)", wanted)
            names = list(rows[0].keys())
            statement = BARE.format(names=", ".join(names), places=", ".join(f"${n + 1}" for n in range(len(names))))

            async def insert(number: int, citizen: Citizen) -> bool:
                row: dict[str, Any] = dict(rows[number % len(rows)])
                fresh = UUID(int=row["id"].int ^ (number << 1 | 1))
                row |= {"id": fresh, "account": citizen.account, "patient": citizen.account}
                row |= {"number": str(number), "token_hash": fresh.bytes * 2}
                return bool((await pool.execute(statement, *row.values())).endswith(" 1"))

            began = perf_counter()
            tries = [insert(number, each) for number, each in enumerate(citizens)]
            return sum(await _at_most(CONNECTIONS * 2, tries)), perf_counter() - began
        finally:
            await pool.execute("DROP TABLE bare_bookings")


async def _at_most(many: int, tries: Sequence[Any]) -> list[bool]:
    """All at once, as far as the doors are wide."""
    door = asyncio.Semaphore(many)

    async def one(step: Any) -> bool:  # noqa: ANN401 - a coroutine
        async with door:
            return bool(await step)

    return list(await asyncio.gather(*(one(step) for step in tries)))
