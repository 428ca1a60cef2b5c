"""A facility with a doctor at the desk, and people who have appointments there."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from core import ports
from core.domain.access import Section
from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.actor import Citizen, Role, Staff, System
from core.domain.booking import HOLD, Booking, Bookings, BookingState, fresh_number
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.chat import Chats
from core.domain.ids import AccountId, BookingId, CardId, ChatId, new_id
from core.domain.notification import WallTime
from core.domain.schedule import Doctor, Facility, Slot, Slots, Wanted
from core.domain.staff import StaffMembers
from core.services.consent import GiveConsent
from core.services.schedule import AddDoctor, AddFacility, AssignKeeper, PutHours
from tests.api.office import Browser, Office

FOUNDER = System("test")
TUESDAY = date(2026, 11, 24)
"""The next day: the office's clock begins on Monday 23 November at nine in Tver."""
TOLD = {"name": "Учебная поликлиника", "address": "Тверь, ул. Лесная, 1", "region": "69", "zone": "Europe/Moscow"}


@dataclass(frozen=True)
class Practice:
    """A facility whose therapist receives on Tuesdays and Wednesdays from nine to one, a quarter of an hour each."""

    office: Office
    facility: Facility
    doctor: Doctor

    @property
    def place(self) -> str:
        return f"/desk/schedule/{self.facility.id}"

    async def slots(self, day: date = TUESDAY) -> list[Slot]:
        """The free ones of a day."""
        async with self.office.container() as inside, await inside.get(ports.Transaction):
            slots = await inside.get(Slots)
            wanted = Wanted("therapist", facility=self.facility.id)
            return list(await slots.free(wanted, self.office.clock.now(), day=day, limit=500))

    async def books(
        self, number: int = 0, person: PortalPerson | None = None, **more: Any
    ) -> tuple[Citizen, BookingId]:
        """Somebody with a card books the first free time of Tuesday."""
        citizen = await somebody(self.office, number, person)
        slot = (await self.slots())[0]
        return citizen, await book(self.office, citizen, slot, **more)

    async def state(self, booking: BookingId) -> Booking:
        async with self.office.container() as inside, await inside.get(ports.Transaction):
            return await (await inside.get(Bookings)).of_product(booking)


async def practice(office: Office, code: str = "690001", **more: Any) -> Practice:
    """Found one."""
    facility = await use(office, AddFacility, FOUNDER, code=code, **(TOLD | more))
    doctor = await use(office, AddDoctor, FOUNDER, facility.id, "Иванцова Аглая Тихоновна", "therapist", room="214а")
    for weekday in (1, 2):
        await use(office, PutHours, FOUNDER, doctor.id, weekday, time(9), time(13), minutes=15)
    return Practice(office, facility, doctor)


async def use(office: Office, use_case: type, *arguments: Any, **named: Any) -> Any:
    """Call a use case in a scope of its own."""
    async with office.container() as inside:
        return await (await inside.get(use_case))(*arguments, **named)


async def somebody(office: Office, number: int = 0, person: PortalPerson | None = None) -> Citizen:
    """Somebody with a card and a standing consent, reached in a chat."""
    who = person or PortalPerson(
        subject=f"person {number}",
        level="P",
        family_name=f"Ильина-{number}",
        given_name="Анна",
        policy="7756000812345677",
    )
    async with office.container() as inside:
        now = office.clock.now()
        account = Account(AccountId(new_id(now)), Verification.VERIFIED, who, None, None, 1)
        citizen = Citizen(account.id, ChatId(1000 + number))
        accounts, chats, cards = await inside.get(Accounts), await inside.get(Chats), await inside.get(Cards)
        async with await inside.get(ports.Transaction):
            await accounts.add(account, now)
            await chats.meet(citizen.chat, "ru", now)
            await chats.bind(citizen.chat, account.id, now)
        await (await inside.get(GiveConsent))(citizen, "ru")
        async with await inside.get(ports.Transaction):
            card = Card(CardId(new_id(now)), citizen.account, new_patient_number(), CardState.ACTIVE, now)
            await cards.create(card, snils=f"{11223344595 + number}", passport=f"{4510123456 + number}")
    return citizen


async def book(
    office: Office,
    citizen: Citizen,
    slot: Slot,
    *,
    shares: frozenset[Section] = frozenset(),
    token: str = "",
    **more: Any,
) -> BookingId:
    """They have an appointment."""
    now = office.clock.now()
    wall = WallTime((slot.starts_at + timedelta(hours=3)).replace(tzinfo=None), "Europe/Moscow")
    held = Booking(
        BookingId(new_id(now)), citizen.account, citizen.account, slot, BookingState.HELD, now, wall,
        held_until=now + HOLD, shares=shares, number=fresh_number(), token=token, **more,
    )  # fmt: skip
    async with office.container() as inside:
        bookings = await inside.get(Bookings)
        async with await inside.get(ports.Transaction):
            assert await bookings.hold(held, now)
            assert await bookings.move(held, BookingState.BOOKED)
    return held.id


async def keeps(office: Office, practice: Practice, login: str, role: Role) -> None:
    """Somebody is hired who keeps the facility's schedule."""
    await office.hires(login, role, name=f"Сотрудник {login}")
    async with office.container() as inside:
        members = await inside.get(StaffMembers)
        async with (await inside.get(ports.Transaction)).looking():
            member = await members.by_login(login)
    assert member is not None
    await use(office, AssignKeeper, FOUNDER, member.id, practice.facility.id)


async def seated(office: Office, browser: Browser, login: str) -> None:
    """Sit down, and let every write carry the secret."""
    browser.headers["X-CSRF-Token"] = await browser.sits(office, login)


async def actor_of(office: Office, login: str) -> Staff:
    async with office.container() as inside:
        members = await inside.get(StaffMembers)
        async with (await inside.get(ports.Transaction)).looking():
            member = await members.by_login(login)
    assert member is not None
    return member.actor
