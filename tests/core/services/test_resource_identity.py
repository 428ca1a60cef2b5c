"""A delivery is of one person, and nothing of it stands in clear."""

import pytest
from sqlalchemy import text

from core.domain.actor import Citizen, Clinic
from core.domain.audit import Operation
from core.domain.consent import NoConsent
from core.domain.record import Panel, Result
from core.domain.resource import Malformed, Outcome, PatientUnclear
from core.services.clinic import ViewClinic
from core.services.resource import TakeIn
from core.storage.transaction import SqlTransaction
from tests.core.services.delivering import OTHER_POLICY, OTHER_SNILS, lines, neighbour, seen, sends, shown, within
from tests.core.services.town import Town
from tests.fhir import (
    POLICY,
    as_stream,
    bundle,
    condition,
    encounter,
    immunization,
    observation,
    patient,
    report,
    synthea,
)


async def test_identifiers_of_two_people_are_not_put_together(town: Town, citizen: Citizen, clinic: Clinic) -> None:
    two = patient()
    two["identifier"].append({"system": "urn:oid:1.2.643.100.3", "value": OTHER_SNILS})
    with pytest.raises(PatientUnclear):
        await sends(town, clinic, two, observation())


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
async def test_the_order_of_entries_does_not_choose_between_two_people(
    town: Town, citizen: Citizen, clinic: Clinic, order: tuple[int, ...]
) -> None:
    boris = await neighbour(town)
    both = {
        "reference": "Patient/p1",
        "identifier": {"system": "urn:oid:1.2.643.100.3", "value": OTHER_SNILS},
    }
    sent = (patient(), observation("o1", subject=both), observation("o2"))
    with pytest.raises(Malformed):
        await sends(town, clinic, *(sent[place] for place in order))
    assert await shown(town, citizen) == await shown(town, boris) == []


async def test_what_does_not_say_whose_it_is_is_kept_and_not_shown(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    nobody = {"display": "Сосед по палате"}
    strange = (
        observation("o2", subject=nobody),
        report("r2", ("o3",), subject=nobody, conclusion="Чужое"),
        encounter("e2", subject=nobody),
        condition("c2", "I10", "Гипертензия", subject=nobody),
        immunization(patient=nobody),
    )
    whole = (patient(), observation("o1"), observation("o3"), encounter(), *strange)
    assert set(await sends(town, clinic, *whole)) == {Outcome.CREATED}
    # What comes later and names it does not bring it to light either.
    await sends(
        town, clinic, patient(), report(results=("o1", "o2")), condition("c1", encounter={"reference": "Encounter/e2"})
    )
    (alone, panel) = sorted(await shown(town, citizen), key=lambda each: isinstance(each, Panel))
    assert isinstance(panel, Panel)
    assert isinstance(alone, Result)
    assert len(await within(town, citizen, panel)) == 1
    ((visit,), doses) = await seen(town, citizen)
    assert (visit.diagnoses, doses) == ((), [])
    counts = (await town.call(ViewClinic, "polyclinic")).counts  # type: ignore[attr-defined]
    assert (counts["Observation"], counts["Immunization"], counts["Encounter"]) == ((3, 2), (1, 0), (2, 1))


async def test_a_correction_that_no_longer_says_whose_it_is_takes_it_away(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    await sends(town, clinic, patient(), observation(), encounter())
    nobody = {"display": "Сосед по палате"}
    await sends(town, clinic, patient(), observation(subject=nobody), encounter(subject=nobody), condition())
    assert await shown(town, citizen) == []
    assert await seen(town, citizen) == ([], [])


@pytest.mark.parametrize("neighbours", ["none", "silent"])
async def test_nothing_tells_who_has_a_card_without_consent(
    town: Town, citizen: Citizen, clinic: Clinic, neighbours: str
) -> None:
    if neighbours == "silent":
        await neighbour(town, consents=False)
    policy = {"system": "urn:oid:1.2.643.2.69.1.1.1.6.228", "value": OTHER_POLICY}
    by_policy = observation("o2", subject={"identifier": policy})
    with pytest.raises(NoConsent):
        await sends(town, clinic, patient(OTHER_SNILS), by_policy)
    with pytest.raises(NoConsent):
        await sends(town, clinic, by_policy)
    borrowed = patient(OTHER_SNILS)
    borrowed["identifier"].append(policy | {"value": POLICY})
    with pytest.raises(PatientUnclear):
        await sends(town, clinic, borrowed, observation())
    renewed = patient()
    renewed["identifier"].append(policy)
    assert await sends(town, clinic, renewed, observation()) == [Outcome.CREATED, Outcome.CREATED]


async def test_what_cannot_be_read_leaves_a_line_too(town: Town, clinic: Clinic) -> None:
    for body in (b"<Bundle/>", bundle(patient("112-233-445 96"))):
        with pytest.raises(Malformed):
            await town.call(TakeIn, clinic, as_stream(body))
    refused = await lines(town, Operation.RECORDS_REFUSED)
    assert [(each.actor, each.details["why"]) for each in refused] == [(f"clinic:{clinic.clinic}", "Malformed")] * 2


async def test_a_whole_patient_is_sealed_and_nothing_of_it_stands_in_clear(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    await town.call(TakeIn, clinic, as_stream(synthea("Liz_Conn")))
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            for table in ("resources", "results", "visits", "vaccinations", "clinic_patients"):
                rows = (await transaction.session.execute(text(f"SELECT * FROM {table}"))).all()
                stored = " ".join(repr(value) for row in rows for value in row)
                assert rows
                for word in ("Conn", "Body", "loinc", "HOSPITAL", "ee9f8dd8", "11223344595"):
                    assert word not in stored, table
