"""The owner's view of the journal: who looked at what, when and why, with nothing of it left out."""

import pytest

from core.domain.access import LockedOut
from core.domain.activity import Who
from core.domain.actor import Clinic, Role, Staff
from core.domain.audit import AuditLog, Operation
from core.domain.clinic import Clinic as Organisation
from core.domain.clinic import Clinics
from core.domain.ids import ClinicId, StaffId, new_id
from core.domain.staff import Member, StaffMembers
from core.ports import Clock, Transaction
from core.services.activity import PAGE, ExportActivity, ViewActivity
from core.services.extract import VerifyPaper
from tests.core.services.papers import ready, stored
from tests.core.services.patient import a_patient
from tests.core.services.town import Town


async def watched(town: Town, citizen, times: int = 1) -> tuple[StaffId, ClinicId]:
    """Let a member of staff and a clinic do something with the citizen's data, and once with nobody's."""
    async with town.container() as scope:
        now = (await scope.get(Clock)).now()
        staff, clinic = StaffId(new_id(now)), ClinicId(new_id(now))
        audit = await scope.get(AuditLog)
        async with await scope.get(Transaction):
            member = Member(staff, f"zoya.{staff.hex[-6:]}", "Зоя Лаптева", Role.DOCTOR, "hash", "secret")
            await (await scope.get(StaffMembers)).add(member, now)
            organisation = Organisation(clinic, f"clinic-{clinic.hex[-6:]}", "Поликлиника № 5", {"keys": []}, ())
            await (await scope.get(Clinics)).add(organisation, now)
            for _ in range(times):
                audit.record(
                    Staff(staff, Role.DOCTOR), Operation.DOCUMENT_OPENED, citizen.account, reason="сверка паспорта"
                )
                audit.record(Clinic(clinic), Operation.RECORDS_RECEIVED, citizen.account, section="results")
            audit.record(Staff(staff, Role.DOCTOR), Operation.QUEUE_VIEWED)
    return staff, clinic


async def test_the_owner_sees_who_did_what_and_why_without_own_deeds(town: Town) -> None:
    citizen = await a_patient(town)
    staff, clinic = await watched(town, citizen)
    seen = await town.call(ViewActivity, citizen)
    told = [(act.who, act.operation, act.details) for act in seen.acts if act.who in {Who.STAFF, Who.CLINIC}]
    assert sorted(told, key=lambda each: each[0]) == [
        (Who.CLINIC, Operation.RECORDS_RECEIVED, {"section": "results"}),
        (Who.STAFF, Operation.DOCUMENT_OPENED, {"reason": "сверка паспорта"}),
    ]
    assert (seen.names[staff], seen.roles[staff], seen.names[clinic]) == ("Зоя Лаптева", Role.DOCTOR, "Поликлиника № 5")
    assert Who.OWNER not in {act.who for act in seen.acts}


async def test_a_look_at_the_page_of_a_paper_is_somebody_elses(town: Town) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    await town.call(VerifyPaper, (await stored(town, extract)).token)
    seen = await town.call(ViewActivity, citizen)
    (look,) = [act for act in seen.acts if act.operation is Operation.EXTRACT_VERIFIED]
    assert look.who is Who.ANYBODY
    assert Who.PRODUCT not in {act.who for act in seen.acts}


async def test_everything_is_there_on_demand_own_looks_too(town: Town) -> None:
    citizen = await a_patient(town)
    await town.call(ViewActivity, citizen)
    town.clock.turn(seconds=1)
    seen = await town.call(ViewActivity, citizen, outsiders=False)
    assert seen.acts[0].operation is Operation.ACTIVITY_VIEWED
    assert {act.who for act in seen.acts} >= {Who.OWNER}


async def test_pages_hold_together_while_the_journal_grows(town: Town) -> None:
    citizen = await a_patient(town)
    await watched(town, citizen, times=PAGE)
    first = await town.call(ViewActivity, citizen)
    read = list(first.acts)
    for page in range(1, first.pages):
        town.clock.turn(seconds=1)
        await watched(town, citizen)
        read += (await town.call(ViewActivity, citizen, page=page, until=first.until)).acts
    assert len(read) == first.total
    assert sum(act.who is Who.STAFF for act in read) == PAGE


async def test_somebody_elses_journal_is_not_in_it(town: Town) -> None:
    citizen = await a_patient(town)
    await watched(town, citizen)
    other = await a_patient(town, 2, subject="somebody else")
    seen = await town.call(ViewActivity, other)
    assert [act for act in seen.acts if act.who in {Who.STAFF, Who.CLINIC}] == []


async def test_the_export_holds_what_is_shown_and_is_itself_a_line(town: Town) -> None:
    citizen = await a_patient(town)
    await watched(town, citizen, times=PAGE)
    shown = await town.call(ViewActivity, citizen)
    taken = await town.call(ExportActivity, citizen, outsiders=True, until=shown.until)
    assert len(taken.acts) == shown.total
    town.clock.turn(seconds=1)
    seen = await town.call(ViewActivity, citizen, outsiders=False)
    assert Operation.ACTIVITY_EXPORTED in {act.operation for act in seen.acts}


async def test_a_locked_journal_shows_nothing(town: Town) -> None:
    citizen = await a_patient(town)
    town.clock.turn(minutes=16)
    with pytest.raises(LockedOut):
        await town.call(ViewActivity, citizen)
