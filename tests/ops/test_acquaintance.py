"""The playground's clinics are let in when everything starts: once, with their doctors, and never against the desk."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from core.domain.actor import System
from core.domain.schedule import Doctor, Facility, Slot, Slots, SlotTaken, Source, Wanted
from core.ports import Transaction
from core.security.keyring import KeyRing
from core.services.schedule import (
    Brought,
    ChangeDoctor,
    ChangeFacility,
    DropHours,
    JoinFacility,
    ListFacilities,
    TimetableView,
    ViewTimetable,
)
from ops.acquaintance import HERE_NOW, brought_by
from ops.appointments import Appointments
from playground.app import create_app
from playground.settings import PlaygroundSettings
from tests.core.services.town import Town, settle
from tests.databases import fresh_database

ADMINISTRATOR = System("command")


@pytest.fixture
async def town(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database("sqlite", tmp_path))
        yield await settle(stack, url, tmp_path, KeyRing.open(keyring_folder))


async def told(port: int = 8081) -> list[Brought]:
    """What a playground on that port tells of its clinics."""
    app = create_app(PlaygroundSettings(public_url=f"http://127.0.0.1:{port}"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://playground") as http:
        return [brought_by(each) for each in (await http.get("/clinics")).raise_for_status().json()]


async def join(town: Town, every: list[Brought]) -> int:
    """Let all of them in; returns how many doctors were new."""
    return sum([(await town.call(JoinFacility, HERE_NOW, each))[1] for each in every])  # type: ignore[index]


async def seen(town: Town) -> list[Facility]:
    return list(await town.call(ListFacilities, ADMINISTRATOR))  # type: ignore[call-overload]


async def timetable(town: Town, facility: Facility) -> TimetableView:
    found = await town.call(ViewTimetable, ADMINISTRATOR, facility.id)
    assert isinstance(found, TimetableView)
    return found


async def test_twenty_clinics_come_in_and_those_without_a_server_bring_doctors_with_hours(town: Town) -> None:
    every = await told()
    assert await join(town, every) == sum(len(each.doctors) for each in every) > 100
    here = await seen(town)
    assert {each.code for each in here} == {each.code for each in every}
    assert len(here) == 20
    for each in here:
        view = await timetable(town, each)
        own = each.source is Source.OWN
        assert bool(view.doctors) is own is (not each.url)
        assert all(doctor.hours for doctor in view.doctors)


async def test_who_comes_again_changes_nothing_that_the_desk_keeps_but_where_its_server_is(town: Town) -> None:
    every = await told()
    await join(town, every)
    own = next(each for each in await seen(town) if each.source is Source.OWN)
    first, second, *_ = (await timetable(town, own)).doctors
    await town.call(ChangeFacility, ADMINISTRATOR, own.id, name="Новое имя")
    await town.call(ChangeDoctor, ADMINISTRATOR, first.doctor.id, gone=True)
    for hours in second.hours:
        await town.call(DropHours, ADMINISTRATOR, second.doctor.id, hours.id)
    assert await join(town, await told(port=9090)) == 0
    view = await timetable(town, own)
    assert view.facility.name == "Новое имя"
    assert first.doctor.id not in {each.doctor.id for each in view.doctors}
    assert next(each.hours for each in view.doctors if each.doctor.id == second.doctor.id) == []
    assert {"9090" in each.url for each in await seen(town) if each.source is Source.FHIR} == {True}


async def soonest(town: Town, doctor: Doctor) -> Slot:
    async with town.container() as scope, await scope.get(Transaction):
        wanted = Wanted(doctor.speciality, doctor=doctor.id)
        return (await (await scope.get(Slots)).soonest(wanted, town.clock.now()))[doctor.id]


async def is_there(town: Town, slot: Slot) -> bool:
    async with town.container() as scope, await scope.get(Transaction):
        try:
            return await (await scope.get(Slots)).one(slot.id) == slot
        except SlotTaken:
            return False


async def test_the_worker_makes_slots_for_everybody_who_was_brought_and_forgets_them_in_time(town: Town) -> None:
    await join(town, (await told())[1:2])
    worker = Appointments(town.container)
    await worker.slots()
    (own,) = await seen(town)
    firsts = [await soonest(town, each.doctor) for each in (await timetable(town, own)).doctors]
    town.clock.turn(days=29)
    await worker.forget()
    assert all([await is_there(town, each) for each in firsts])
    town.clock.turn(days=10)
    await worker.forget()
    assert not any([await is_there(town, each) for each in firsts])
