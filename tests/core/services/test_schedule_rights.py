"""Schedules are kept by those to whom a facility is assigned, in words that make sense, and every look leaves a line."""

from dataclasses import replace
from datetime import time
from uuid import UUID

import pytest

from core import ports
from core.domain.actor import NotAllowed, Role, Staff, System
from core.domain.audit import Operation
from core.domain.ids import DoctorId, FacilityId, StaffId
from core.domain.schedule import (
    Facilities,
    FacilityExists,
    InvalidDoctor,
    InvalidFacility,
    KeptElsewhere,
    NoSuchDoctor,
    NoSuchFacility,
    Point,
    Source,
)
from core.services.schedule import (
    AddDoctor,
    AddFacility,
    AssignKeeper,
    ChangeDoctor,
    ChangeFacility,
    DropException,
    DropHours,
    ListFacilities,
    MakeSlots,
    NotAKeeper,
    PutException,
    PutHours,
    RelieveKeeper,
    ViewTimetable,
)
from tests.core.services.keeping import (
    ADMINISTRATOR,
    MONDAY,
    TOLD,
    doctor,
    facility,
    in_order,
    lines,
    registrar,
)
from tests.core.services.town import Town


async def test_a_registrar_keeps_what_is_assigned_and_sees_nothing_else(town: Town) -> None:
    mine, other = await facility(town), await facility(town, code="690002", name="Другая")
    keeper = await registrar(town, mine)
    assert await town.call(ListFacilities, keeper) == [mine]
    assert await town.call(ListFacilities, ADMINISTRATOR) == [other, mine]
    who = await doctor(town, mine, keeper)
    theirs = await doctor(town, other)
    await town.call(PutHours, keeper, who.id, 0, time(9), time(10))
    for refused in (
        (ViewTimetable, other.id),
        (AddDoctor, other.id, "Иванцова А. Т.", "therapist"),
        (PutException, other.id, MONDAY),
        (DropException, other.id, UUID(int=1)),
        (ViewTimetable, FacilityId(UUID(int=9))),
    ):
        with pytest.raises(NoSuchFacility):
            await town.call(refused[0], keeper, *refused[1:])
    for somebody in (theirs.id, DoctorId(UUID(int=9))):
        for use_case, given in (
            (PutHours, (0, time(9), time(10))),
            (DropHours, (UUID(int=1),)),
            (ChangeDoctor, ()),
        ):
            with pytest.raises(NoSuchDoctor):
                await town.call(use_case, keeper, somebody, *given)
    await town.call(RelieveKeeper, ADMINISTRATOR, keeper.staff, mine.id)
    with pytest.raises(NoSuchDoctor):
        await town.call(PutHours, keeper, who.id, 1, time(9), time(10))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
async def test_only_an_administrator_adds_facilities_and_says_who_keeps_them(town: Town, role: Role) -> None:
    here = await facility(town)
    other = Staff(StaffId(UUID(int=2)), role)
    with pytest.raises(NotAllowed):
        await town.call(AddFacility, other, **TOLD, zone="Europe/Moscow")
    for use_case, given in ((AssignKeeper, (other.staff, here.id)), (RelieveKeeper, (other.staff, here.id))):
        with pytest.raises(NotAllowed):
            await town.call(use_case, other, *given)
    with pytest.raises(NotAllowed):
        await town.call(ChangeFacility, other, here.id, name="Моя")
    if role not in {Role.REGISTRAR, Role.DOCTOR}:
        with pytest.raises(NotAKeeper):
            await registrar(town, here, role=role)


async def test_a_doctor_of_another_facility_has_no_day_in_this_one(town: Town) -> None:
    here, there = await facility(town), await facility(town, code="690002")
    who = await doctor(town, there)
    with pytest.raises(NoSuchDoctor):
        await town.call(PutException, ADMINISTRATOR, here.id, MONDAY, doctor=who.id)


async def test_a_clinics_own_servers_schedule_is_looked_at_and_not_changed(town: Town) -> None:
    theirs = await facility(town, source=Source.FHIR, url="https://clinic.example/fhir/")
    assert theirs.url == "https://clinic.example/fhir"
    assert (await town.call(ViewTimetable, ADMINISTRATOR, theirs.id)).facility == theirs  # type: ignore[attr-defined]
    with pytest.raises(KeptElsewhere):
        await doctor(town, theirs)
    assert await town.call(MakeSlots) == 0


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("code", {"code": " "}),
        ("name", {"name": ""}),
        ("address", {"address": "у" * 301}),
        ("region", {"region": "00"}),
        ("zone", {"zone": "Europe/Tver"}),
        ("zone", {"zone": "../etc/passwd"}),
        ("point", {"point": Point(91, 0)}),
        ("phone", {"phone": "7" * 41}),
        ("limit", {"limit": 0}),
        ("url", {"url": "https://clinic.example"}),
        ("url", {"source": Source.FHIR, "url": "http://clinic.example/fhir"}),
        ("url", {"source": Source.FHIR, "url": "https://medkarta:secret@clinic.example/fhir"}),
        ("url", {"source": Source.FHIR}),
        ("url", {"source": Source.FHIR, "url": "ftp://clinic.example"}),
        ("inside", {"source": Source.FHIR, "url": "https://10.0.0.7/fhir"}),
        ("inside", {"source": Source.FHIR, "url": "https://169.254.169.254/latest"}),
        ("inside", {"source": Source.FHIR, "url": "https://[::ffff:192.168.0.1]/fhir"}),
        ("inside", {"source": Source.FHIR, "url": "https://records.internal/fhir"}),
    ],
)
async def test_a_facility_that_makes_no_sense_is_refused_by_the_field(
    town: Town, field: str, told: dict[str, object]
) -> None:
    with pytest.raises(InvalidFacility) as refused:
        await facility(town, **told)
    assert refused.value.field == field


async def test_a_server_inside_is_refused_anew_and_one_that_stands_there_can_still_be_closed(town: Town) -> None:
    theirs = await facility(town, source=Source.FHIR, url="https://clinic.example/fhir")
    with pytest.raises(InvalidFacility) as refused:
        await town.call(ChangeFacility, ADMINISTRATOR, theirs.id, url="https://172.16.0.9/fhir")
    assert refused.value.field == "inside"
    async with town.container() as scope:
        known = await scope.get(Facilities)
        async with await scope.get(ports.Transaction):
            await known.put(replace(theirs, url="https://172.16.0.9/fhir"))
    await town.call(ChangeFacility, ADMINISTRATOR, theirs.id, closed=True)
    assert await town.call(ListFacilities, ADMINISTRATOR) == []


async def test_a_doctor_that_makes_no_sense_is_refused_by_the_field_and_a_code_belongs_to_one(town: Town) -> None:
    here = await facility(town)
    with pytest.raises(FacilityExists):
        await facility(town)
    with pytest.raises(InvalidDoctor) as refused:
        await town.call(AddDoctor, ADMINISTRATOR, here.id, "Иванцова А. Т.", "shaman")
    assert refused.value.field == "speciality"
    with pytest.raises(InvalidDoctor) as refused:
        await town.call(AddDoctor, ADMINISTRATOR, here.id, "  ", "therapist")
    assert refused.value.message_key == "schedule.doctor_wrong.name"


async def test_every_look_and_every_change_leaves_a_line(town: Town) -> None:
    here = await facility(town)
    keeper = await registrar(town, here)
    who = await doctor(town, here, keeper)
    await town.call(PutHours, keeper, who.id, 0, time(9), time(10))
    await town.call(PutException, keeper, here.id, MONDAY, doctor=who.id)
    await town.call(ChangeDoctor, keeper, who.id, note="Возьмите снимки")
    await town.call(ChangeFacility, System("command"), here.id, limit=5)
    await town.call(ListFacilities, keeper)
    await town.call(ViewTimetable, keeper, here.id)
    place, whom = {"facility": str(here.id)}, {"doctor": str(who.id)}
    assert await lines(town, Operation.FACILITY_ADDED) == [place | {"code": here.code}]
    assert await lines(town, Operation.KEEPER_ASSIGNED) == [place | {"member": str(keeper.staff)}]
    assert await lines(town, Operation.SCHEDULE_CHANGED) == in_order(
        [
            place | {"what": "day", "day": MONDAY.isoformat()} | whom,
            place | {"what": "doctor"} | whom,
            place | {"what": "hours"} | whom,
            place | {"what": "note"} | whom,
        ]
    )
    assert await lines(town, Operation.FACILITY_CHANGED) == [place | {"what": "limit"}]
    assert await lines(town, Operation.SCHEDULE_VIEWED) == in_order([{"facilities": "1"}, place])
