"""Referrals taken in: found for whoever books, counted as shown, taken back; other requests are kept and no more."""

from datetime import date
from typing import Any

import pytest

from core.domain.actor import Citizen, Clinic
from core.domain.record import Referral, Referrals
from core.domain.resource import Outcome
from core.ports import Transaction
from core.services.resource import TakeIn, Taken
from tests.core.services.town import Town
from tests.fhir import as_stream, bundle, patient, referral

DAY = date(2026, 12, 1)


async def takes(town: Town, clinic: Clinic, *resources: dict[str, Any]) -> Taken:
    taken = await town.call(TakeIn, clinic, as_stream(bundle(patient(), *resources)))
    assert isinstance(taken, Taken)
    return taken


async def found(town: Town, citizen: Citizen, speciality: str = "cardiologist") -> list[Referral]:
    async with town.container() as scope:
        referrals = await scope.get(Referrals)
        async with (await scope.get(Transaction)).looking():
            return list(await referrals.of(citizen.account, speciality, DAY))


async def test_a_referral_is_found_by_whoever_books_that_doctor(town: Town, citizen: Citizen, clinic: Clinic) -> None:
    home = {"resourceType": "Organization", "id": "home", "name": "Поликлиника № 7"}
    taken = await takes(town, clinic, home, referral(requester={"reference": "Organization/home"}))
    assert taken.counts["ServiceRequest"] == (1, 1)
    (one,) = await found(town, citizen)
    assert (one.number, one.issuer, one.valid_until) == ("057-000123", "Поликлиника № 7", date(2027, 1, 19))
    assert await found(town, citizen, "neurologist") == []


async def test_the_issuer_may_have_come_before(town: Town, citizen: Citizen, clinic: Clinic) -> None:
    await takes(town, clinic, {"resourceType": "Organization", "id": "home", "name": "Поликлиника № 7"})
    await takes(town, clinic, referral(requester={"reference": "Organization/home"}))
    assert [each.issuer for each in await found(town, citizen)] == ["Поликлиника № 7"]


@pytest.mark.parametrize("change", [{"status": "completed"}, {"status": "entered-in-error"}, {"intent": "plan"}])
async def test_a_referral_that_was_used_or_taken_back_is_found_no_more(
    town: Town, citizen: Citizen, clinic: Clinic, change: dict[str, str]
) -> None:
    await takes(town, clinic, referral(meta={"versionId": "1"}))
    assert len(await found(town, citizen)) == 1
    taken = await takes(town, clinic, referral(meta={"versionId": "2"}, **change))
    assert taken.each[1].outcome in {Outcome.UPDATED, Outcome.REMOVED}
    assert await found(town, citizen) == []


async def test_a_newer_version_replaces_and_the_same_again_changes_nothing(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    await takes(town, clinic, referral(meta={"versionId": "1"}))
    again = await takes(town, clinic, referral(meta={"versionId": "1"}))
    assert (again.each[1].outcome, again.counts["ServiceRequest"]) == (Outcome.UNCHANGED, (1, 1))
    await takes(town, clinic, referral(meta={"versionId": "2"}, identifier=[{"value": "057-9"}]))
    assert [each.number for each in await found(town, citizen)] == ["057-9"]


async def test_another_request_is_kept_and_counted_and_shown_nowhere(
    town: Town, citizen: Citizen, clinic: Clinic
) -> None:
    other = referral(category=[], performerType={"text": "Лаборатория"})
    taken = await takes(town, clinic, other)
    assert taken.counts["ServiceRequest"] == (1, 0)
    assert await found(town, citizen) == []
