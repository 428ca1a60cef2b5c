"""An application that was left is reminded of: on the third day at noon where the person lives, twice at most."""

from datetime import UTC, datetime
from pathlib import Path

from core.domain.actor import Citizen
from core.domain.application import Field
from core.domain.ids import ChatId
from core.domain.notification import NotificationState, Outbox
from core.ports import Transaction, Verdict
from core.services.application import (
    AnswerField,
    CheckLater,
    ConfirmApplication,
    DropApplication,
    OpenApplication,
    SendApplication,
)
from core.services.chat import MeetChat
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.signin import MoveAccount
from core.services.subscription import ChooseDigest, ChooseRegion, StopAll
from ops.worker import Worker
from tests.core.services.outside import ANNA
from tests.core.services.test_application import ready
from tests.core.services.town import Town
from tests.zones import enact

UNKNOWN = {"snils": None, "address": None, "policy": None}
"""Three steps that the portal cannot fill in."""


async def left(town: Town, **known: object) -> Citizen:
    """Somebody opened an application and went away."""
    citizen = await town.sign_in(1, ANNA, **(UNKNOWN | known))
    await town.call(OpenApplication, citizen)
    await town.deliver()
    town.outside.pushes.clear()
    return citizen


async def reminded(town: Town, *until: int) -> list[str]:
    """What came of reminders of a draft by then. A card is reminded of vaccinations as well."""
    town.clock.moment = datetime(*until, tzinfo=UTC)
    await town.deliver()
    texts = [push.text for _, push in town.outside.pushes if "reminder.draft" in push.text]
    town.outside.pushes.clear()
    return texts


async def waiting(town: Town) -> int:
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        return (await (await scope.get(Outbox)).counts())[NotificationState.WAITING]


async def test_a_draft_that_was_left_is_reminded_of_on_the_third_day_at_noon(town: Town) -> None:
    await left(town)
    assert await reminded(town, 2026, 11, 26, 8, 59) == []
    assert await reminded(town, 2026, 11, 26, 9) == ["reminder.draft_left left=3"]
    assert await reminded(town, 2027, 1, 26, 9) == []


async def test_the_reminder_has_a_button_to_the_application_and_nothing_of_what_was_answered(town: Town) -> None:
    await left(town)
    town.clock.turn(days=3)
    await town.deliver()
    ((_, push),) = town.outside.pushes
    assert push.buttons == ((("menu.card_continue", "card"),),)
    assert push.text == "reminder.draft_left left=3"


async def test_noon_is_by_the_clock_of_the_persons_region(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, **UNKNOWN)
    await town.call(ChooseRegion, citizen, "41")
    await town.call(OpenApplication, citizen)
    await town.deliver()
    town.outside.pushes.clear()
    assert await reminded(town, 2026, 11, 25, 23, 59) == []
    assert await reminded(town, 2026, 11, 26, 0) == ["reminder.draft_left left=3"]


async def test_who_moves_to_another_region_is_reminded_by_the_clock_that_the_reminder_was_set_for(town: Town) -> None:
    citizen = await left(town)
    await town.call(ChooseRegion, citizen, "41")
    assert await reminded(town, 2026, 11, 26, 8, 59) == []
    assert await reminded(town, 2026, 11, 26, 9) == ["reminder.draft_left left=3"]


async def test_each_answer_moves_it_and_it_says_how_many_steps_are_left_then(town: Town) -> None:
    citizen = await left(town)
    town.clock.turn(days=2)
    await town.call(AnswerField, citizen, Field.SNILS, "112-233-445 95")
    assert await waiting(town) == 1
    assert await reminded(town, 2026, 11, 28, 8, 59) == []
    assert await reminded(town, 2026, 11, 28, 9) == ["reminder.draft_left left=2"]


async def test_an_answer_that_leaves_as_many_steps_moves_it_too(town: Town) -> None:
    citizen = await left(town)
    town.clock.turn(days=1)
    await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Советская, д. 3")
    town.clock.turn(days=1)
    await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Советская, д. 5")
    town.clock.turn(hours=1)
    await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Советская, д. 7")
    assert await waiting(town) == 1
    assert await reminded(town, 2026, 11, 28, 8, 59) == []
    assert await reminded(town, 2026, 11, 28, 9) == ["reminder.draft_left left=2"]


async def test_a_scan_that_was_sent_moves_it(town: Town) -> None:
    citizen = await left(town)
    town.clock.turn(days=2)
    await town.upload_all(citizen)
    assert await reminded(town, 2026, 11, 28, 8, 59) == []
    assert await reminded(town, 2026, 11, 28, 9) == ["reminder.draft_left left=3"]


async def test_after_two_there_is_silence(town: Town) -> None:
    citizen = await left(town)
    assert len(await reminded(town, 2026, 11, 26, 9)) == 1
    for day, house in ((27, 3), (30, 5)):
        town.clock.moment = datetime(2026, 11, day, 10, tzinfo=UTC)
        await town.call(AnswerField, citizen, Field.ADDRESS, f"г. Тверь, ул. Советская, д. {house}")
        assert len(await reminded(town, 2026, 11, 30, 9, 30)) == (1 if day == 27 else 0)
    assert await reminded(town, 2027, 1, 30, 9) == []


async def test_a_form_that_is_filled_in_is_said_to_want_sending_alone(town: Town) -> None:
    citizen = await ready(town)
    await town.deliver()
    town.outside.pushes.clear()
    await town.call(SendApplication, citizen)
    assert await reminded(town, 2026, 11, 26, 9) == ["reminder.draft_filled"]


async def test_what_was_sent_is_not_reminded_of(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    await town.deliver()
    assert await reminded(town, 2026, 12, 26, 9) == []


async def test_what_was_dropped_is_not_reminded_of_and_a_new_application_has_reminders_of_its_own(town: Town) -> None:
    citizen = await left(town)
    await town.call(DropApplication, citizen)
    assert await reminded(town, 2026, 11, 27, 9) == []
    await town.call(OpenApplication, citizen)
    assert await reminded(town, 2026, 11, 30, 9) == ["reminder.draft_left left=3"]


async def test_after_a_withdrawn_consent_nothing_is_reminded_of_until_it_is_given_again(town: Town) -> None:
    citizen = await left(town)
    await town.call(GiveConsent, citizen, "ru")
    await town.call(WithdrawConsent, citizen)
    assert await reminded(town, 2026, 11, 26, 9) == []
    await town.call(GiveConsent, citizen, "ru")
    assert await reminded(town, 2026, 11, 29, 9) == ["reminder.draft_left left=3"]


async def test_what_a_registry_sent_back_is_reminded_of_again(town: Town) -> None:
    town.outside.away.add("snils")
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    assert await waiting(town) == 0
    town.outside.away.clear()
    town.outside.verdicts["snils"] = Verdict.MISMATCH
    await town.call(CheckLater)
    await town.deliver()
    assert await reminded(town, 2026, 11, 26, 9) == ["reminder.draft_left left=1"]


async def test_who_wants_to_be_told_nothing_is_not_reminded(town: Town) -> None:
    citizen = await left(town)
    await town.call(StopAll, citizen)
    assert await reminded(town, 2026, 11, 27, 9) == []


async def test_who_wants_a_digest_is_reminded_in_it(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, **UNKNOWN)
    await town.call(ChooseDigest, citizen, 18)
    await town.call(OpenApplication, citizen)
    await town.deliver()
    assert await reminded(town, 2026, 11, 26, 14, 59) == []
    (said,) = await reminded(town, 2026, 11, 26, 15)
    assert "reminder.draft_left left=3" in said


async def test_an_account_that_moved_to_another_chat_is_reminded_there(town: Town) -> None:
    await left(town)
    await town.call(MeetChat, ChatId(2), "ru")
    await town.begin(2)
    await town.call(MoveAccount, ChatId(2))
    town.clock.turn(days=3)
    await town.deliver()
    reminders = [(chat, push.text) for chat, push in town.outside.pushes if "reminder" in push.text]
    assert reminders == [(2, "reminder.draft_left left=3")]


async def test_a_law_that_changed_under_a_running_worker_moves_what_waits(town: Town, laws: Path) -> None:
    enact(laws, "Europe/Moscow", "Europe/Moscow")
    await left(town)
    # The clocks of the capital go like Samara's from now on, and nobody tells the process.
    enact(laws, "Europe/Moscow", "Europe/Samara", noticed=False)
    await Worker(town.container).reckon()
    assert await reminded(town, 2026, 11, 26, 7, 59) == []
    assert await reminded(town, 2026, 11, 26, 8) == ["reminder.draft_left left=3"]
