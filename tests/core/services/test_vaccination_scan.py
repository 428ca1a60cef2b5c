"""A scan beside a correction: it comes along, belongs to that correction alone, and is gone with it."""

from datetime import date

import pytest

from core.domain.actor import Citizen, Role
from core.domain.vaccination import ClaimIncomplete, ClaimKind, ClaimNotThere, Field
from core.services.vaccination import (
    AnswerDay,
    AttachScan,
    BeginCorrection,
    DropDraftClaim,
    ListClaims,
    OpenClaimScan,
    SendClaim,
    TakeBackClaim,
    TypeWhy,
    ViewDraftClaim,
)
from tests.core.services.patient import a_patient
from tests.core.services.town import Town
from tests.core.services.vaccinated import MOSCOW, a_dose, hired, vaccinate

FIX = ClaimKind.CORRECTION


def lying(town: Town) -> int:
    """Return how many files lie in the store."""
    return sum(path.is_file() for path in (town.state / "files").rglob("*"))


async def begun(town: Town) -> Citizen:
    """Somebody says that a day is wrong, and why."""
    citizen = await a_patient(town)
    dose = a_dose(citizen)
    await vaccinate(town, dose)
    await town.call(BeginCorrection, citizen, dose.id, Field.GIVEN_ON)
    await town.call(AnswerDay, citizen, FIX, date(2025, 10, 5), MOSCOW)
    await town.call(TypeWhy, citizen, "В сертификате стоит пятое число")
    return citizen


async def test_the_doctor_sees_the_scan_of_a_correction_and_nobody_who_may_not_sign(town: Town) -> None:
    citizen = await begun(town)
    await town.call(AttachScan, citizen, b"certificate", FIX)
    await town.call(SendClaim, citizen, FIX)
    (claim,) = await town.call(ListClaims, citizen)  # type: ignore[misc]
    doctor, nurse = await hired(town, "orlov", Role.DOCTOR), await hired(town, "nina", Role.NURSE)
    _, content = await town.call(OpenClaimScan, doctor, claim.id)  # type: ignore[misc]
    assert content == b"certificate"
    with pytest.raises(ClaimNotThere):
        await town.call(OpenClaimScan, nurse, claim.id)
    await town.call(TakeBackClaim, citizen, claim.id)
    with pytest.raises(ClaimNotThere):
        await town.call(OpenClaimScan, doctor, claim.id)
    assert lying(town) == 0


async def test_a_correction_needs_no_scan(town: Town) -> None:
    citizen = await begun(town)
    await town.call(SendClaim, citizen, FIX)
    (claim,) = await town.call(ListClaims, citizen)  # type: ignore[misc]
    assert claim.scan is None


async def test_a_scan_does_not_follow_to_the_correction_of_another_dose(town: Town) -> None:
    citizen = await begun(town)
    await town.call(AttachScan, citizen, b"certificate of the first", FIX)
    other = a_dose(citizen, date(2024, 9, 1))
    await vaccinate(town, other)
    await town.call(BeginCorrection, citizen, other.id, Field.SERIES)
    assert (await town.call(ViewDraftClaim, citizen, FIX)).claim.scan is None  # type: ignore[attr-defined]
    assert lying(town) == 0


async def test_a_second_scan_takes_the_place_of_the_first_and_dropping_leaves_none(town: Town) -> None:
    citizen = await begun(town)
    for content in (b"first", b"second"):
        await town.call(AttachScan, citizen, content, FIX)
    assert lying(town) == 1
    await town.call(DropDraftClaim, citizen, FIX)
    assert lying(town) == 0
    with pytest.raises(ClaimIncomplete):
        await town.call(AttachScan, citizen, b"third", FIX)
    assert lying(town) == 0
