"""Reminders of what is due: on their day at noon, once, and only while it is so."""

from datetime import UTC, date, datetime, timedelta

from core.domain.actor import Citizen
from core.domain.record import Coding, Vaccination
from core.domain.record.coding import CVX
from core.ports import Transaction
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.vaccination import (
    DoseReminders,
)
from tests.core.services.patient import a_patient
from tests.core.services.town import Town
from tests.core.services.vaccinated import TETANUS, a_dose, pushed, vaccinate


async def renew(town: Town, citizen: Citizen) -> None:
    async with town.container() as scope:
        reminders = await scope.get(DoseReminders)
        async with await scope.get(Transaction):
            await reminders.renew(citizen.account)


async def test_the_reminder_comes_on_its_day_at_noon_and_says_nothing_of_what(town: Town) -> None:
    citizen = await a_patient(town)
    await vaccinate(town, a_dose(citizen, date(2017, 1, 20), TETANUS), *full(citizen))
    await renew(town, citizen)
    assert await pushed(town) == []
    town.clock.moment = datetime(2027, 1, 20, 8, 59, tzinfo=UTC)
    assert await pushed(town) == []
    town.clock.turn(minutes=2)
    assert await pushed(town) == ["vaccination.reminder"]


async def test_a_dose_that_was_given_takes_its_reminder_away(town: Town) -> None:
    citizen = await a_patient(town)
    await vaccinate(town, a_dose(citizen, date(2017, 1, 20), TETANUS), *full(citizen))
    await renew(town, citizen)
    await vaccinate(town, a_dose(citizen, date(2026, 11, 20), TETANUS))
    await renew(town, citizen)
    town.clock.turn(days=100)
    assert await pushed(town) == []


async def test_a_withdrawn_consent_cancels_and_a_new_one_sets_anew(town: Town) -> None:
    citizen = await a_patient(town)
    await vaccinate(town, a_dose(citizen, date(2017, 1, 20), TETANUS), *full(citizen))
    await renew(town, citizen)
    await town.call(WithdrawConsent, citizen)
    await pushed(town)
    town.clock.turn(days=30)
    await town.call(GiveConsent, citizen, "ru")
    await pushed(town)
    town.clock.moment = datetime(2027, 1, 20, 9, 1, tzinfo=UTC)
    assert await pushed(town) == ["vaccination.reminder"]


async def test_while_the_consent_is_withdrawn_nothing_is_reminded_of(town: Town) -> None:
    citizen = await a_patient(town)
    await vaccinate(town, a_dose(citizen, date(2017, 1, 20), TETANUS), *full(citizen))
    await renew(town, citizen)
    await town.call(WithdrawConsent, citizen)
    await pushed(town)
    town.clock.turn(days=100)
    assert "vaccination.reminder" not in await pushed(town)


async def test_what_is_due_already_is_reminded_of_once_a_week_later(town: Town) -> None:
    citizen = await a_patient(town)
    await renew(town, citizen)
    await renew(town, citizen)
    town.clock.turn(days=6)
    assert await pushed(town) == []
    town.clock.turn(days=2)
    assert await pushed(town) == ["vaccination.reminder"]
    town.clock.turn(days=30)
    assert await pushed(town) == []


def full(citizen: Citizen) -> list[Vaccination]:
    """Everything else that the calendar asks of somebody of 34."""
    given = [("03", 0), ("03", 400), ("43", 0), ("43", 40), ("43", 220)]
    return [a_dose(citizen, date(2010, 1, 1) + timedelta(days=days), Coding(CVX, code, "")) for code, days in given]
