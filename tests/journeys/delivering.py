"""What a clinic delivered, put into the record of somebody who has a card: as the intake puts it, past its door."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from core.domain.ids import AccountId, ChatId, ClinicId, RecordId, new_id
from core.domain.record import Category, Coding, Measured, Panel, Result, Results, Visit, Visits
from core.domain.record.coding import ICD10, LOINC
from core.ports import Clock, Transaction
from core.services.chat import MeetChat
from ops.container import make_container
from ops.settings import Settings
from tests.journeys.house import House
from tests.journeys.person import Person

INSTITUTION, DOCTOR = "Городская поликлиника № 7", "Чехова Мария Павловна"
LIPIDS = (
    ("2093-3", "Total Cholesterol", "5.84", None, "5.2"),
    ("2571-8", "Triglycerides", "1.3", None, "1.7"),
    ("18262-6", "Low Density Lipoprotein Cholesterol", "3.4135723443", None, "3.3"),
    ("2085-9", "High Density Lipoprotein Cholesterol", "1.5", "1.0", None),
)


class Delivery:
    """Results of one person, the newest an hour old."""

    def __init__(self, account: AccountId, now: datetime) -> None:
        self.account, self.now = account, now
        self.results: list[Result] = []
        self.panels: list[Panel] = []

    def glucose(self, days: int, number: str) -> None:
        self._add(days, self._value("2339-0", "Glucose", number, "3.3", "5.5"))

    def pressure(self, days: int, upper: str, lower: str) -> None:
        values = (
            self._value("8480-6", "Systolic Blood Pressure", upper, None, "139", "mm[Hg]"),
            self._value("8462-4", "Diastolic Blood Pressure", lower, None, "89", "mm[Hg]"),
        )
        self._add(days, *values, coding=Coding(LOINC, "55284-4", "Blood Pressure"), category=Category.VITAL)

    def lipids(self, days: int) -> None:
        panel = RecordId(new_id(self.now))
        coding, at = Coding(LOINC, "57698-3", "Lipid Panel"), self._at(days)
        self.panels.append(
            Panel(panel, self.account, ClinicId(self.account), Category.LABORATORY, at, coding, "", INSTITUTION)
        )
        for code, display, number, low, high in LIPIDS:
            self._add(days, self._value(code, display, number, low, high), panel=panel)

    def _add(self, days: int, *measured: Measured, **other: object) -> None:
        values: dict[str, object] = {"category": Category.LABORATORY, "coding": measured[0].coding, **other}
        own = (RecordId(new_id(self.now)), self.account, ClinicId(self.account))
        self.results.append(
            Result(*own, taken_at=self._at(days), measured=measured, institution=INSTITUTION, doctor=DOCTOR, **values)  # type: ignore[arg-type]
        )

    def _value(
        self, code: str, display: str, number: str, low: str | None, high: str | None, unit: str = "mmol/L"
    ) -> Measured:
        ends = [None if end is None else Decimal(end) for end in (low, high)]
        return Measured(Coding(LOINC, code, display), Decimal(number), unit, low=ends[0], high=ends[1])

    def _at(self, days: int) -> datetime:
        return self.now - timedelta(days=days, hours=1)


def delivered(house: House, person: Person) -> None:
    """Deliver twenty glucoses, three blood pressures and a lipid panel."""
    asyncio.run(_deliver(house, person))


VISITS = (
    (4, "Кардиология", "Тимофеев Андрей Львович", "Кардиологический центр", "I10"),
    (20, "Терапия", DOCTOR, INSTITUTION, "J06.9"),
    (50, "Кардиология", "Тимофеев Андрей Львович", "Кардиологический центр", "I10"),
    (90, "Эндокринология", "Назарова Лейла Маратовна", INSTITUTION, "E11.9"),
    (200, "Терапия", DOCTOR, INSTITUTION, "J06.9"),
    (400, "Терапия", DOCTOR, INSTITUTION, "Z00.0"),
)


def visited(house: House, person: Person) -> None:
    """Deliver six visits to three doctors of two clinics."""
    asyncio.run(_deliver_visits(house, person))


async def _deliver_visits(house: House, person: Person) -> None:
    container = make_container(Settings.model_validate({name.lower(): value for name, value in house.settings.items()}))
    try:
        async with container() as scope:
            met = await (await scope.get(MeetChat))(ChatId(person.id), "ru")
        async with container() as scope:
            visits, now = await scope.get(Visits), (await scope.get(Clock)).now().astimezone(UTC)
            account: AccountId = met.actor.account  # type: ignore[union-attr]  # a citizen
            made = [
                Visit(
                    RecordId(new_id(now)), account, ClinicId(account), now - timedelta(days=days), institution=institution,
                    doctor=doctor, speciality=speciality, diagnoses=(Coding(ICD10, code, ""),),
                    recommendations=("Измерять давление утром и вечером", "Меньше соли: не больше 5 г в день"),
                    prescriptions=("Лозартан 50 мг, по 1 таблетке утром",),
                )
                for days, speciality, doctor, institution, code in VISITS
            ]  # fmt: skip
            async with await scope.get(Transaction):
                await visits.put(made)
    finally:
        await container.close()


async def _deliver(house: House, person: Person) -> None:
    container = make_container(Settings.model_validate({name.lower(): value for name, value in house.settings.items()}))
    try:
        async with container() as scope:
            met = await (await scope.get(MeetChat))(ChatId(person.id), "ru")
        async with container() as scope:
            results, clock = await scope.get(Results), await scope.get(Clock)
            made = Delivery(met.actor.account, clock.now().astimezone(UTC))  # type: ignore[union-attr]  # a citizen
            for number in range(20):
                made.glucose(5 + number * 9, f"{4 + number % 3}.{number % 10}3172")
            for days in (2, 40, 80):
                made.pressure(days, str(118 + days), "76")
            made.lipids(3)
            async with await scope.get(Transaction):
                await results.put(made.results, made.panels)
    finally:
        await container.close()
