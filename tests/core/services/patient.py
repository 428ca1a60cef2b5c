"""Somebody with an active card whose medical sections are open, and results to look at."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from core.domain.actor import Citizen
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.ids import AccountId, CardId, ClinicId, RecordId, new_id
from core.domain.record import Category, Coding, Mark, Measured, Panel, Result, Results, Visit, Visits
from core.domain.record.coding import ICD10, LOINC
from core.ports import Transaction
from core.services.consent import GiveConsent
from tests.core.services.town import START, Town

CLINIC = ClinicId(new_id(START))
GLUCOSE = Coding(LOINC, "2339-0", "Glucose")
SODIUM = Coding(LOINC, "2947-0", "Sodium")
LIPIDS = Coding(LOINC, "57698-3", "Lipid Panel")
PRESSURE = Coding(LOINC, "55284-4", "Blood Pressure")


async def a_patient(town: Town, chat: int = 1, **known: object) -> Citizen:
    """Sign somebody in, give consent, make the card, unlock."""
    citizen = await town.sign_in(chat, **known)
    await town.call(GiveConsent, citizen, "ru")
    card = Card(CardId(new_id(START)), citizen.account, new_patient_number(), CardState.ACTIVE, town.clock.now())
    async with town.container() as scope:
        cards = await scope.get(Cards)
        async with await scope.get(Transaction):
            await cards.create(card, snils=f"1122334459{chat}", passport=f"451012345{chat}")
    await town.unlock(citizen)
    return citizen


async def deliver(town: Town, results: Sequence[Result], panels: Sequence[Panel] = ()) -> None:
    """Put results as a clinic's delivery does."""
    async with town.container() as scope:
        kept = await scope.get(Results)
        async with await scope.get(Transaction):
            await kept.put(results, panels)


def a_value(number: str | None = "5.1", coding: Coding = GLUCOSE, unit: str = "mmol/L", **other: object) -> Measured:
    values: dict[str, object] = {"low": Decimal("3.3"), "high": Decimal("5.5"), **other}
    return Measured(coding, None if number is None else Decimal(number), unit, **values)  # type: ignore[arg-type]


def a_result(citizen: Citizen | AccountId, days: float = 0, *measured: Measured, **other: object) -> Result:
    """One so many days old, glucose unless something else is said."""
    values: dict[str, object] = {
        "id": RecordId(new_id(START)),
        "account": citizen.account if isinstance(citizen, Citizen) else citizen,
        "clinic": CLINIC,
        "category": Category.LABORATORY,
        "taken_at": _before(days),
        "coding": measured[0].coding if measured else GLUCOSE,
        "measured": measured or (a_value(),),
        **other,
    }
    return Result(**values)  # type: ignore[arg-type]


def a_panel(citizen: Citizen, days: float = 0, conclusion: str = "") -> Panel:
    panel = RecordId(new_id(START))
    return Panel(panel, citizen.account, CLINIC, Category.LABORATORY, _before(days), LIPIDS, conclusion)


def a_pressure(citizen: Citizen, days: float, upper: str = "118", lower: str = "76") -> Result:
    values = (
        a_value(upper, Coding(LOINC, "8480-6", "Systolic"), "mm[Hg]", low=None, high=Decimal(139)),
        a_value(lower, Coding(LOINC, "8462-4", "Diastolic"), "mm[Hg]", low=None, high=None, mark=Mark.WITHIN),
    )
    return a_result(citizen, days, *values, coding=PRESSURE, category=Category.VITAL)


def _before(days: float) -> datetime:
    return START - timedelta(days=days)


def a_visit(citizen: Citizen, days: float = 0, **other: object) -> Visit:
    """A visit so many days old, to a therapist unless something else is said."""
    values: dict[str, object] = {
        "id": RecordId(new_id(START)),
        "account": citizen.account,
        "clinic": CLINIC,
        "started_at": _before(days),
        "institution": "Поликлиника № 7",
        "doctor": "Рябинина О. С.",
        "speciality": "Терапия",
        "diagnoses": (Coding(ICD10, "J06.9", "ОРВИ"),),
        "recommendations": ("Больше пить",),
        "prescriptions": ("Парацетамол 500 мг",),
        **other,
    }
    return Visit(**values)  # type: ignore[arg-type]


async def bring(town: Town, *visits: Visit) -> None:
    """Put visits as a clinic's delivery does."""
    async with town.container() as scope:
        kept = await scope.get(Visits)
        async with await scope.get(Transaction):
            await kept.put(visits)
