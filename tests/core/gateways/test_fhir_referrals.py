"""ServiceRequests as referrals: which of them are, to whom they lead, and until when they are good."""

from datetime import date
from typing import Any

import pytest

from core.domain.record import Referral
from core.domain.resource import Malformed
from tests.core.gateways.test_fhir import LOINC, SNOMED, made
from tests.fhir import concept, referral

ECG = concept("urn:medkarta:speciality", "ecg", "Кабинет ЭКГ")


def one(*others: dict[str, Any], **more: Any) -> Referral:
    (found,) = made(referral(**more), *others, wanted=("ServiceRequest",)).referrals
    return found


def test_a_referral_says_to_whom_from_whom_under_which_number_and_until_when() -> None:
    clinic = {"resourceType": "Organization", "id": "home", "name": "Поликлиника № 7"}
    role = {"resourceType": "PractitionerRole", "id": "r1", "organization": {"reference": "Organization/home"}}
    found = one(clinic, role, requester={"reference": "PractitionerRole/r1"})
    assert (found.speciality, found.number, found.issuer) == ("cardiologist", "057-000123", "Поликлиника № 7")
    assert (found.authored_on, found.valid_until) == (date(2026, 11, 20), date(2027, 1, 19))
    assert found.stands(date(2026, 11, 20))
    assert found.stands(date(2027, 1, 19))
    assert not found.stands(date(2027, 1, 20))
    assert not found.stands(date(2026, 11, 19))


@pytest.mark.parametrize(
    ("more", "speciality"),
    [
        ({"category": [], "performerType": ECG}, "ecg"),
        ({"performerType": {"text": "Невролог"}}, "neurologist"),
        ({"performerType": {}, "code": ECG}, "ecg"),
        ({"performerType": {}, "category": [{"text": "Направление"}], "code": ECG}, "ecg"),
    ],
)
def test_to_whom_it_leads_is_said_by_the_performers_type_or_by_the_code_of_a_referral(
    more: dict[str, Any], speciality: str
) -> None:
    assert one(**more).speciality == speciality


@pytest.mark.parametrize(
    "more",
    [
        {"status": "completed"}, {"status": "revoked"}, {"status": "draft"}, {"intent": "plan"}, {"intent": "proposal"},
        {"doNotPerform": True}, {"performerType": {"text": "шаман"}}, {"performerType": {}},
        {"performerType": {}, "category": [concept(SNOMED, "108252007", "Лаборатория")], "code": ECG},
        {"performerType": {}, "category": [], "code": concept(LOINC, "24323-8", "Биохимия крови")},
    ],
)  # fmt: skip
def test_what_is_no_referral_to_a_doctor_is_not_made_one(more: dict[str, Any]) -> None:
    assert made(referral(**more)).referrals == []


def test_the_official_number_goes_first_and_without_any_the_clinics_own_name_serves() -> None:
    assert one(identifier=[{"value": "7"}, {"use": "official", "value": "057-8"}]).number == "057-8"
    assert one(identifier=[]).number == "sr1"
    assert len(one(identifier=[{"value": "9" * 300}]).number) == 40


def test_a_referral_without_an_end_or_a_day_stands_from_today_on() -> None:
    bare = one(authoredOn=None, occurrencePeriod={})
    assert (bare.authored_on, bare.valid_until, bare.issuer) == (date(2026, 11, 23), None, "")
    assert bare.stands(date(2030, 1, 1))
    assert one(authoredOn=None).authored_on == date(2026, 11, 20)


def test_an_end_that_is_no_day_is_named() -> None:
    with pytest.raises(Malformed) as caught:
        one(occurrencePeriod={"end": "2027"})
    assert caught.value.issues[0].path.endswith("occurrencePeriod.end")
