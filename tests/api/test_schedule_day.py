"""The day of a facility at the desk: who comes, what goes along, calling off, moving, slips; and two at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from core import ports
from core.domain.access import Section
from core.domain.account import PortalPerson
from core.domain.activity import Journal, Who
from core.domain.actor import Citizen, Role
from core.domain.audit import Operation
from core.domain.booking import BookingOver, Bookings, BookingState
from core.domain.record import Results, Visits
from core.domain.schedule import SlotTaken
from core.services.booking import CancelBooking
from core.services.consent import WithdrawConsent
from core.services.schedule import CallOffBooking, MoveBooking
from core.storage.transaction import SqlTransaction
from tests.api.booked import Practice, actor_of, book, keeps, practice, seated, somebody, use
from tests.api.office import Browser, Office, problem
from tests.core.services.patient import a_result, a_visit

CSRF = {"csrf": "secret-of-rita"}


@pytest.fixture
async def here(office: Office) -> Practice:
    return await practice(office)


@pytest.fixture
async def registrar(office: Office, here: Practice) -> AsyncIterator[Browser]:
    await keeps(office, here, "rita", Role.REGISTRAR)
    async with office.browser() as browser:
        await seated(office, browser, "rita")
        yield browser


@pytest.fixture
async def doctor(office: Office, here: Practice) -> AsyncIterator[Browser]:
    await keeps(office, here, "petrova", Role.DOCTOR)
    async with office.browser() as browser:
        await seated(office, browser, "petrova")
        yield browser


async def told(office: Office) -> list[str]:
    """The keys of what waits to be sent."""
    async with office.container() as inside:
        transaction = await inside.get(SqlTransaction)
        async with transaction.looking():
            rows = await transaction.session.execute(text("SELECT key FROM notifications"))
            return sorted(row.key for row in rows)


async def looks(office: Office, citizen: Citizen) -> list[tuple[Operation, str]]:
    """What the citizen reads of others in their journal: what was done, and to which section."""
    async with office.container() as inside:
        journal = await inside.get(Journal)
        async with (await inside.get(ports.Transaction)).looking():
            acts = await journal.of(citizen.account, office.clock.now(), outsiders=True, limit=50)
    return sorted((each.operation, each.details.get("section", "")) for each in acts if each.who is Who.STAFF)


async def changed(office: Office, booking: object, **changes: object) -> None:
    async with office.container() as inside:
        bookings = await inside.get(Bookings)
        async with await inside.get(ports.Transaction):
            assert await bookings.save(replace(await bookings.of_product(booking), **changes))  # type: ignore[arg-type]


async def test_the_day_says_who_comes_and_everybody_on_it_reads_that_it_was_looked_at(
    office: Office, here: Practice, registrar: Browser
) -> None:
    assert "никто не записан" in (await registrar.get(f"{here.place}/day")).text
    first, coming = await here.books(1, shares=frozenset({Section.VISITS}))
    _, late = await here.books(2)
    await here.books(3)
    await changed(office, coming, coming=True)
    await changed(office, late, coming=True, late=10)
    page = (await registrar.get(f"{here.place}/day?day=2026-11-24")).text
    for said in ("Ильина-1 Анна", "09:00", "09:15", "придёт", "опоздает на 10 мин", "ещё не ответил", "визиты"):
        assert said in page
    assert (Operation.BOOKINGS_VIEWED, "bookings") in await looks(office, first)
    listed = (await registrar.get(f"/api/v1/facilities/{here.facility.id}/appointments?day=2026-11-24")).json()
    assert (listed["total"], [each["late"] for each in listed["appointments"]]) == (3, [None, 10, None])
    assert (await registrar.get(f"{here.place}/day?day=9999-12-31")).status_code == 200
    assert (await registrar.get(f"{here.place}/day?day=%00&doctor=x")).status_code == 200


async def test_calling_off_tells_the_person_at_once_with_the_nearest_times(
    office: Office, here: Practice, registrar: Browser
) -> None:
    _, booking = await here.books()
    place = f"{here.place}/appointments/{booking}"
    wrong = await registrar.post(f"{place}/calling-off", data=CSRF | {"reason": " — "})
    assert (wrong.status_code, "Напишите причину словами" in wrong.text) == (422, True)
    done = await registrar.post(f"{place}/calling-off", data=CSRF | {"reason": "Врач заболел"})
    assert done.status_code == 303
    found = await here.state(booking)
    assert (found.state, found.reason) == (BookingState.CALLED_OFF, "Врач заболел")
    assert "booking.told_called_off_nearest" in await told(office)
    page = (await registrar.get(done.headers["location"])).text
    assert "отменена клиникой" in page
    assert "Перенести" not in page
    again = await registrar.post(f"{place}/calling-off", data=CSRF | {"reason": "Врач заболел"})
    assert again.status_code == 409


async def test_moving_tells_the_person_the_new_time(office: Office, here: Practice, registrar: Browser) -> None:
    _, booking = await here.books()
    _, other = await here.books(2)
    taken = (await here.state(other)).slot.id
    free = (await here.slots())[-1]
    place = f"{here.place}/appointments/{booking}"
    for wrong in (str(taken), "x", str((await here.state(booking)).slot.id)):
        assert (await registrar.post(f"{place}/move", data=CSRF | {"slot": wrong})).status_code == 409
    assert (await registrar.post(f"{place}/move", data=CSRF | {"slot": str(free.id)})).status_code == 303
    moved = await here.state(booking)
    assert (moved.slot.id, f"{moved.wall.at:%H:%M}", moved.state) == (free.id, "12:45", BookingState.BOOKED)
    assert "booking.told_shifted" in await told(office)
    assert "12:45" in (await registrar.get(place)).text
    assert len(await here.slots()) == 14, "the old time is free again"


async def test_a_doctor_sees_what_goes_along_and_nothing_else(office: Office, here: Practice, doctor: Browser) -> None:
    citizen, booking = await here.books(shares=frozenset({Section.VISITS}))
    async with office.container() as inside:
        visits, results = await inside.get(Visits), await inside.get(Results)
        async with await inside.get(ports.Transaction):
            await visits.put([replace(a_visit(citizen, 1), institution="Больница <№ 3>")])
            await results.put([a_result(citizen, 1)], [])
    place = f"{here.place}/appointments/{booking}"
    page = (await doctor.get(place)).text
    assert "Больница &lt;№ 3&gt;" in page
    assert "Результаты за год" not in page
    one = (await doctor.get(f"/api/v1/appointments/{booking}")).json()
    assert (len(one["visits"]), one["results"]) == (1, None)
    assert (Operation.RECORDS_VIEWED, "visits") in await looks(office, citizen)
    await use(office, WithdrawConsent, citizen)
    assert "Больница" not in (await doctor.get(place)).text
    assert (await doctor.get(f"/api/v1/appointments/{booking}")).json()["visits"] is None
    office.clock.passes(days=2)
    await seated(office, doctor, "petrova")
    assert "Больница" not in (await doctor.get(place)).text


async def test_a_registrar_sees_nothing_of_the_record(office: Office, here: Practice, registrar: Browser) -> None:
    citizen, booking = await here.books(shares=frozenset({Section.VISITS, Section.RESULTS}))
    one = (await registrar.get(f"/api/v1/appointments/{booking}")).json()
    assert (one["visits"], one["results"], one["appointment"]["shares"]) == (None, None, ["results", "visits"])
    assert {section for _, section in await looks(office, citizen)} == {"bookings"}


async def test_a_slip_is_checked_by_its_number_and_by_its_code(
    office: Office, here: Practice, registrar: Browser
) -> None:
    token = "t0ken-Of-A-Slip_with-many-letters-in-it-42"
    _, booking = await here.books(token=token)
    number = (await here.state(booking)).number
    for typed in (number, number.lower().replace("-", " "), token, f"https://desk.example.org/slip/{token}?x=1"):
        page = await registrar.post(f"{here.place}/day", data=CSRF | {"slip": typed})
        assert "Талон действует" in page.text, typed
    for typed in ("AAAA-AAAA", "", "\0", "https://", "Я" * 400):
        page = await registrar.post(f"{here.place}/day", data=CSRF | {"slip": typed})
        assert "Такого талона в этой клинике нет" in page.text, typed
    elsewhere = await practice(office, "690002")
    _, other = await elsewhere.books(5)
    theirs = (await elsewhere.state(other)).number
    slips = f"/api/v1/facilities/{here.facility.id}/slips"
    assert problem(await registrar.post(slips, json={"slip": theirs}), 404).endswith("not-there")
    await registrar.post(f"/api/v1/appointments/{booking}/calling-off", json={"reason": "Ремонт"})
    assert (await registrar.post(slips, json={"slip": number})).json()["good"] is False
    assert (
        await registrar.post(f"/api/v1/appointments/{other}/calling-off", json={"reason": "Ремонт"})
    ).status_code == 404
    assert (await elsewhere.state(other)).state is BookingState.BOOKED


async def test_two_registrars_call_one_off_and_one_of_them_did(
    office: Office, here: Practice, registrar: Browser
) -> None:
    _, booking = await here.books()
    await keeps(office, here, "second", Role.REGISTRAR)
    first, second = await actor_of(office, "rita"), await actor_of(office, "second")
    done = await asyncio.gather(
        *(use(office, CallOffBooking, actor, booking, "Врач заболел") for actor in (first, second)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in done) == ["BookingOver", "NoneType"]
    assert (await told(office)).count("booking.told_called_off_nearest") == 1


async def test_a_registrar_moves_while_the_citizen_cancels(office: Office, here: Practice, registrar: Browser) -> None:
    citizen, booking = await here.books()
    actor, free = await actor_of(office, "rita"), (await here.slots())[-1]
    moved, cancelled = await asyncio.gather(
        use(office, MoveBooking, actor, booking, free.id),
        use(office, CancelBooking, citizen, booking, "заболел ребёнок"),
        return_exceptions=True,
    )
    assert not isinstance(cancelled, Exception), "who does not come any more cancels the appointment as it is"
    assert isinstance(moved, BookingOver) or not isinstance(moved, Exception)
    assert (await here.state(booking)).state is BookingState.CANCELLED
    assert len(await here.slots()) == 16, "no time is left behind"


async def test_two_are_moved_into_one_time_and_one_of_them_is(
    office: Office, here: Practice, registrar: Browser
) -> None:
    (_, one), (_, two) = await here.books(1), await here.books(2)
    actor, free = await actor_of(office, "rita"), (await here.slots())[-1]
    done = await asyncio.gather(
        *(use(office, MoveBooking, actor, each, free.id) for each in (one, two)), return_exceptions=True
    )
    assert sum(isinstance(each, SlotTaken) for each in done) == 1
    assert [(await here.state(each)).slot.id for each in (one, two)].count(free.id) == 1


async def test_a_name_of_three_hundred_letters_and_sixty_appointments_have_room(
    office: Office, here: Practice, registrar: Browser
) -> None:
    long = PortalPerson(subject="long", level="P", family_name="Щ" * 300, given_name="<b>")
    citizen = await somebody(office, 900, long)
    for number, slot in enumerate((await here.slots())[:3]):
        await book(office, citizen if number == 0 else await somebody(office, 901 + number), slot)
    page = (await registrar.get(f"{here.place}/day?day=2026-11-24")).text
    assert "Щ" * 300 in page
    assert "&lt;b&gt;" in page
