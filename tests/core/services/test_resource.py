"""Medical data taken in: what it becomes, what comes again, what is corrected, what is refused, whom it is told."""

import asyncio

import pytest

from core.domain.actor import Citizen, Clinic
from core.domain.audit import Operation
from core.domain.consent import NoConsent
from core.domain.record import Category, Coding, Mark, Panel, Result
from core.domain.resource import Malformed, Outcome
from core.services.clinic import AddClinic, ViewClinic
from core.services.consent import GiveConsent, WithdrawConsent
from tests.core.services.delivering import KEYS, lines, seen, sends, shown, within
from tests.core.services.town import Town
from tests.fhir import (
    ICD10,
    concept,
    condition,
    encounter,
    immunization,
    observation,
    patient,
    report,
)


async def test_a_panel_holds_its_results_in_the_order_of_the_report(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    others = [
        observation(f"o{number}", code=concept("http://loinc.org", str(number), f"№ {number}")) for number in (1, 2, 3)
    ]
    await sends(town, clinic, patient(), *others, report(results=("o3", "o1", "o2")))
    (panel,) = await shown(town, citizen)
    assert isinstance(panel, Panel)
    assert (panel.coding.display, panel.category, panel.day_only) == ("Биохимия крови", Category.LABORATORY, True)
    assert [each.coding.display for each in await within(town, citizen, panel)] == ["№ 3", "№ 1", "№ 2"]


async def test_a_result_that_comes_before_its_report_joins_it_and_leaves_it(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    await sends(town, clinic, patient(), observation("o1"), observation("o2"))
    assert len(await shown(town, citizen)) == 2
    await sends(town, clinic, patient(), report(results=("o1", "o2")))
    (panel,) = await shown(town, citizen)
    assert isinstance(panel, Panel)
    assert len(await within(town, citizen, panel)) == 2
    # A correction of one of them stays where it was.
    await sends(town, clinic, observation("o2", value=7.7))
    assert [str(each.measured[0].number) for each in await within(town, citizen, panel)] == ["5.4", "7.7"]
    # The report is corrected: one of them does not belong to it.
    await sends(town, clinic, report(results=("o2",)))
    assert {type(each) for each in await shown(town, citizen)} == {Panel, Result}
    assert len(await within(town, citizen, panel)) == 1
    # The report was an error: what it held stands alone.
    await sends(town, clinic, report(results=("o2",), status="entered-in-error"))
    assert [type(each) for each in await shown(town, citizen)] == [Result, Result]


async def test_a_visit_grows_with_what_comes_later_and_forgets_what_was_an_error(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    drug = {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Парацетамол"},
        "dosageInstruction": [{"text": "при температуре"}],
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
    }
    who = {
        "resourceType": "Practitioner",
        "id": "d1",
        "name": [{"family": "Рябинина", "given": ["Ольга", "Степановна"]}],
        "qualification": [{"code": {"text": "Терапия"}}],
    }
    place = {"resourceType": "Organization", "id": "g1", "name": "Поликлиника № 1"}
    visit = encounter(
        participant=[{"individual": {"reference": "Practitioner/d1"}}], serviceProvider={"reference": "Organization/g1"}
    )
    await sends(town, clinic, patient(), who, place, visit)
    await sends(town, clinic, condition("c1"), drug)
    await sends(town, clinic, condition("c2", "I10", "Гипертензия"))
    ((found,), _) = await seen(town, citizen)
    assert (found.doctor, found.speciality, found.institution) == (
        "Рябинина Ольга Степановна",
        "Терапия",
        "Поликлиника № 1",
    )
    assert set(found.diagnoses) == {Coding(ICD10, "J06.9", "ОРВИ"), Coding(ICD10, "I10", "Гипертензия")}
    assert found.prescriptions == ("Парацетамол, при температуре",)
    error = concept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "entered-in-error", "error")
    assert await sends(town, clinic, condition("c1", verificationStatus=error)) == [Outcome.REMOVED]
    ((found,), _) = await seen(town, citizen)
    assert found.diagnoses == (Coding(ICD10, "I10", "Гипертензия"),)
    assert await sends(town, clinic, encounter(status="entered-in-error")) == [Outcome.REMOVED]
    assert await seen(town, citizen) == ([], [])
    # An older version that is late does not bring it back.
    assert await sends(town, clinic, encounter(status="entered-in-error")) == [Outcome.UNCHANGED]


async def test_the_same_again_changes_nothing_and_an_older_one_neither(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    two = observation(value=6.5, meta={"versionId": "2"})
    assert await sends(town, clinic, patient(), two) == [Outcome.CREATED, Outcome.CREATED]
    assert await sends(town, clinic, patient(), two) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert await sends(town, clinic, observation(value=1.0, meta={"versionId": "1"})) == [Outcome.STALE]
    assert await sends(town, clinic, observation(value=1.0, meta={"versionId": "2"})) == [Outcome.UNCHANGED]
    (found,) = await shown(town, citizen)
    assert isinstance(found, Result)
    assert (str(found.measured[0].number), found.measured[0].mark) == ("6.5", Mark.ABOVE)
    assert await sends(town, clinic, observation(value=5.0, meta={"versionId": "3"})) == [Outcome.UPDATED]
    (found,) = await shown(town, citizen)
    assert isinstance(found, Result)
    assert (str(found.measured[0].number), found.measured[0].mark) == ("5.0", Mark.WITHIN)


async def test_two_versions_at_once_leave_the_newer_one(town: Town, citizen: Citizen, clinic: Clinic) -> None:
    versions = [observation(value=float(number), meta={"versionId": str(number)}) for number in (3, 5, 4, 1, 2)]
    await asyncio.gather(*(sends(town, clinic, patient(), each) for each in versions))
    (found,) = await shown(town, citizen)
    assert isinstance(found, Result)
    assert str(found.measured[0].number) == "5.0"


async def test_somebody_is_told_once_a_bundle_and_never_what(town: Town, citizen: Citizen, clinic: Clinic) -> None:
    await sends(town, clinic, patient(), *(observation(f"o{number}") for number in range(20)), immunization())
    await town.deliver()
    assert sorted(push.text for _, push in town.outside.pushes) == ["clinic.new_results", "clinic.new_vaccinations"]
    places = {place for _, push in town.outside.pushes for row in push.buttons for _, place in row}
    assert places == {"results", "vaccinations"}
    ((address, subject, text),) = town.outside.letters
    assert address == "anna@example.org"
    assert subject.startswith("clinic.mail_results.subject")
    assert text.startswith("clinic.mail_results link=http")
    await sends(town, clinic, patient(), *(observation(f"o{number}") for number in range(20)), immunization())
    await sends(town, clinic, encounter())
    await town.deliver()
    assert len(town.outside.pushes) == 2, "nothing new, and visits have no topic"


async def test_after_a_withdrawal_everything_is_refused_and_each_refusal_leaves_a_line(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    await sends(town, clinic, patient(), observation())
    await town.call(WithdrawConsent, citizen)
    for resources in ((patient(), observation("o2")), (observation("o1", value=9.0),)):
        with pytest.raises(NoConsent):
            await sends(town, clinic, *resources)
    refused = await lines(town, Operation.RECORDS_REFUSED)
    assert [(each.subject, each.actor) for each in refused] == [
        (f"account:{citizen.account}", f"clinic:{clinic.clinic}")
    ] * 2
    town.clock.turn(minutes=1)
    await town.call(GiveConsent, citizen, "ru")
    assert await sends(town, clinic, patient(), observation("o2")) == [Outcome.UNCHANGED, Outcome.CREATED]
    received = await lines(town, Operation.RECORDS_RECEIVED)
    assert [each.details["types"] for each in received] == ["Observation=1 Patient=1"] * 2


async def test_a_bundle_goes_in_whole_or_not_at_all(town: Town, citizen: Citizen, clinic: Clinic) -> None:
    bad = observation("o2", effectiveDateTime="2031-01-01")
    with pytest.raises(Malformed):
        await sends(town, clinic, patient(), observation("o1"), bad)
    assert await shown(town, citizen) == []
    view = await town.call(ViewClinic, "polyclinic")
    assert view.counts == {}  # type: ignore[attr-defined]


async def test_two_clinics_have_the_same_names_for_different_things(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    other = (await town.call(AddClinic, "Поликлиника № 2", "second", KEYS, ["203.0.113.0/24"])).actor  # type: ignore[attr-defined]
    await sends(town, clinic, patient(), observation())
    await sends(town, other, patient(), observation(value=9.0))
    assert len(await shown(town, citizen)) == 2
    with pytest.raises(NoConsent):
        await sends(town, (await town.call(AddClinic, "№ 3", "third", KEYS, ["::1"])).actor, observation())  # type: ignore[attr-defined]
