"""Whoever has just got a card is reminded of what is due by age, though no clinic has sent anything yet."""

from core.services.application import ConfirmApplication, SendApplication
from core.services.consent import WithdrawConsent
from tests.core.services.test_application import ready
from tests.core.services.town import Town

REMINDER = "vaccination.reminder"


async def told(town: Town) -> int:
    """Let the worker send what is due, and count the reminders that came so far."""
    await town.deliver()
    return [push.text for _, push in town.outside.pushes].count(REMINDER)


async def test_a_week_after_the_card_what_is_due_is_reminded_of_once(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    town.clock.turn(days=8)
    assert await told(town) == 0
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    town.clock.turn(days=6)
    assert await told(town) == 0
    town.clock.turn(days=2)
    assert await told(town) == 1
    town.clock.turn(days=60)
    assert await told(town) == 1


async def test_a_consent_withdrawn_before_that_day_cancels_it(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    await town.call(WithdrawConsent, citizen)
    town.clock.turn(days=30)
    assert await told(town) == 0
