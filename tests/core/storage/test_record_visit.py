"""Visits and vaccinations as they are kept: whole, the newest first, and only their owner's."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.domain.ids import AccountId, ClinicId, RecordId, new_id
from core.domain.record import Coding, NotFound, Origin, Period, Vaccination, Visit
from core.domain.record.coding import CVX, ICD10, SNOMED
from core.storage.record.shelf import days
from tests.core.storage.house import START, House

CLINIC = ClinicId(new_id(START))
EVER = Period()
TODAY = START.date()


async def test_nothing_medical_stands_in_clear(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    async with here.transaction:
        await here.visits.put([a_visit(account)])
        await here.vaccinations.put([a_dose(account)])
    async with house.engine.connect() as connection:
        for table in ("visits", "vaccinations"):
            for row in await connection.execute(text(f"SELECT * FROM {table}")):
                told = repr([bytes(each) if isinstance(each, memoryview) else each for each in row])
                assert not any(word in told for word in ("J06", "Чехова", "Парацетамол", "ЭнджериксВ", "A-17"))


def a_visit(account: AccountId, started_at: datetime = START) -> Visit:
    return Visit(
        id=RecordId(new_id(START)),
        account=account,
        clinic=CLINIC,
        started_at=started_at,
        ended_at=started_at + timedelta(minutes=20),
        kind=Coding(SNOMED, "185345009", "Encounter for symptom"),
        institution="Поликлиника № 1",
        doctor="Чехова М. П.",
        speciality="терапевт",
        diagnoses=(Coding(ICD10, "J06.9", "ОРВИ"),),
        recommendations=("Пить воду",),
        prescriptions=("Парацетамол 500 мг",),
    )


async def test_visits_come_back_the_newest_first(house: House) -> None:
    account, other, here = (await house.newcomer()).account, (await house.newcomer()).account, house.request()
    visits = [a_visit(account, START - timedelta(days=number)) for number in range(3)]
    bare = Visit(RecordId(new_id(START)), other, CLINIC, START)
    async with here.transaction:
        await here.visits.put([*visits, bare])
        assert await here.visits.of(account, EVER) == visits
        assert await here.visits.of(account, Period(since=START)) == visits[:1]
        assert await here.visits.some(account, [visits[2].id, bare.id, visits[0].id]) == [visits[0], visits[2]]
        assert await here.visits.one(other, bare.id) == bare
        with pytest.raises(NotFound):
            await here.visits.one(account, bare.id)
        await here.visits.remove(account, [visits[0].id, bare.id])
        assert await here.visits.of(account, EVER) == visits[1:]
        assert await here.visits.of(other, EVER) == [bare]


def a_dose(account: AccountId, given_on: date = TODAY) -> Vaccination:
    return Vaccination(
        id=RecordId(new_id(START)),
        account=account,
        given_on=given_on,
        vaccine=Coding(CVX, "08", "ЭнджериксВ"),
        series="A-17",
        institution="Поликлиника № 1",
        dose=2,
        reaction="покраснение",
        advice="третья доза через полгода",
        next_on=date(2027, 5, 1),
        origin=Origin.CITIZEN,
    )


async def test_vaccinations_come_back_the_newest_first(house: House) -> None:
    account, here = (await house.newcomer()).account, house.request()
    doses = [a_dose(account, TODAY - timedelta(days=number)) for number in range(3)]
    bare = Vaccination(RecordId(new_id(START)), account, date(1990, 1, 1), Coding(CVX, "08", "Hep B"), CLINIC)
    async with here.transaction:
        await here.vaccinations.put([bare, *doses])
        assert await here.vaccinations.of(account, EVER) == [*doses, bare]
        moscow_today = Period(datetime(2026, 11, 22, 21, tzinfo=UTC), datetime(2026, 11, 23, 21, tzinfo=UTC))
        assert await here.vaccinations.of(account, moscow_today) == doses[:1]
        assert await here.vaccinations.one(account, bare.id) == bare
        await here.vaccinations.remove(account, [bare.id])
        with pytest.raises(NotFound):
            await here.vaccinations.one(account, bare.id)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 80))
def test_a_day_belongs_to_a_period_when_its_midnight_does(since: datetime, hours: int) -> None:
    until = since + timedelta(hours=hours) if since.year < 9999 else since
    ends = days(Period(since, until))
    first = since.date()
    for day in (first + timedelta(days=number) for number in range(-1, 5) if 1 < first.year < 9999):
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        assert (ends["since"] <= day <= ends["last"]) == (since <= midnight < until)
