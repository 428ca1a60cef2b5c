"""A paper says of each dose where it comes from: brought by the patient, put right by a doctor, or just as it was delivered."""

from dataclasses import replace

import pytest

from bot.words import GettextWording
from core.domain.account import Accounts
from core.domain.actor import Citizen, Role
from core.domain.chat import LANGUAGES
from core.domain.extract import Extract, ExtractKind, Span
from core.domain.ids import ExtractId
from core.ports import Grid, Paper, Transaction, VerifyPage
from core.services.extract import Composer, Records
from core.services.vaccination import AcceptClaim, SignCorrection, ViewSheet, Written
from tests.core.services.papers import order, stored
from tests.core.services.patient import a_patient
from tests.core.services.test_vaccination_correction import ED25519, signature
from tests.core.services.town import Town
from tests.core.services.vaccinated import a_dose, asked_to_correct, claimed, doctor_with, hired, recorded, vaccinate

SAID = {
    "ru": ("Со слов пациента, проверено сотрудником клиники 23.11.2026.", "Исправлено 23.11.2026, подпись: Petrova."),
    "en": ("As told by the patient, checked by the clinic's staff on 23.11.2026.",
           "Corrected on 23.11.2026, signed by Petrova."),
}  # fmt: skip
DELIVERED = {"ru": "в том виде, в котором их передали", "en": "as the institutions delivered it"}


async def paper(town: Town, extract: ExtractId, language: str = "ru") -> Paper:
    """Return what the worker would print now."""
    found: Extract = replace(await stored(town, extract), language=language)
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        account = await (await scope.get(Accounts)).get(found.account)
        told = await (await scope.get(Records)).told(found)
    return Composer(GettextWording(), VerifyPage("https://medkarta.example.org/verify")).paper(
        found, account, None, told
    )


def vaccines(found: Paper) -> list[str]:
    (table,) = found.body
    assert isinstance(table, Grid)
    return [row[1] for row in table.rows]


async def corrected(town: Town, citizen: Citizen) -> None:
    dose = a_dose(citizen)
    await vaccinate(town, dose)
    claim = await asked_to_correct(town, citizen, dose)
    doctor = await doctor_with(town, "petrova", ED25519)
    sheet = await town.call(ViewSheet, doctor, claim)
    await town.call(SignCorrection, doctor, claim, signature(ED25519, sheet.content))  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_dose_says_where_it_comes_from_and_the_foot_says_so(town: Town, language: str) -> None:
    citizen = await a_patient(town)
    nurse = await hired(town, "nina", Role.NURSE)
    await vaccinate(town, a_dose(citizen, series="Д1"))
    claim = await claimed(town, citizen)
    await town.call(AcceptClaim, nurse, claim, Written("12.05.2015", words="Столбняк", series="П412"))
    await corrected(town, citizen)
    extract = await order(town, citizen, ExtractKind.VACCINATIONS, Span.ALL)
    found = await paper(town, extract, language)
    brought, put_right = SAID[language]
    marked = [each for each in vaccines(found) if "\n" in each]
    assert sorted(each.partition("\n")[2] for each in marked) == sorted((brought, put_right))
    assert len(vaccines(found)) == 3, "the one that a clinic delivered bears no remark"
    assert {"ru": "без пометки", "en": "without a remark"}[language] in found.note


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_paper_of_what_clinics_delivered_says_just_that(town: Town, language: str) -> None:
    citizen = await a_patient(town)
    await vaccinate(town, a_dose(citizen))
    extract = await order(town, citizen, ExtractKind.VACCINATIONS, Span.ALL)
    found = await paper(town, extract, language)
    assert not any("\n" in each for each in vaccines(found))
    assert DELIVERED[language] in found.note


async def test_what_a_clinic_delivers_anew_is_not_what_the_doctor_signed(town: Town) -> None:
    citizen = await a_patient(town)
    await corrected(town, citizen)
    extract = await order(town, citizen, ExtractKind.VACCINATIONS, Span.ALL)
    (dose,) = await recorded(town, citizen)
    await vaccinate(town, replace(dose, reaction="нет"))
    assert "Исправлено" in vaccines(await paper(town, extract))[0], "the series is still as it was signed"
    await vaccinate(town, replace(dose, series="U3K417V"))
    assert "\n" not in vaccines(await paper(town, extract))[0]
