"""A person chooses what to be told, where and when, and is told just that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from core.domain.account import Accounts
from core.domain.actor import Citizen
from core.domain.chat import Chat, Chats
from core.domain.ids import ChatId
from core.domain.notification import Channel, NotificationState, Outbox, Topic
from core.domain.subscription import NIGHT, ContactNeeded, NoSuchRegion, QuietHours, Subscriptions
from core.ports import Transaction
from core.services.chat import MeetChat
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.signin import MoveAccount, SignOut
from core.services.subscription import (
    ChooseChannel,
    ChooseDigest,
    ChooseQuietHours,
    ChooseRegion,
    StopAll,
    ViewSubscription,
)
from core.services.telling import Teller
from ops.settings import Settings
from tests.core.services.outside import ANNA
from tests.core.services.town import Town


async def tell(town: Town, citizen: Citizen, topic: Topic | None = Topic.CARD, **how: object) -> None:
    """Something happens that the person is to be told of."""
    async with town.container() as scope:
        accounts, teller = await scope.get(Accounts), await scope.get(Teller)
        async with await scope.get(Transaction):
            await teller.citizen(await accounts.get(citizen.account), f"happened.{topic}", topic=topic, **how)


async def told(town: Town) -> dict[str, int]:
    """What came since the last look: how many pushes, letters and texts."""
    await town.deliver()
    outside = town.outside
    came = {"pushes": len(outside.pushes), "letters": len(outside.letters), "texts": len(outside.texts)}
    for each in (outside.pushes, outside.letters, outside.texts):
        each.clear()
    return {channel: number for channel, number in came.items() if number}


async def counts(town: Town) -> Mapping[NotificationState, int]:
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        return await (await scope.get(Outbox)).counts()


async def arrived(town: Town, **known: object) -> Citizen:
    """Somebody signed in, was greeted, and wants quiet nights."""
    citizen = await town.sign_in(**known)
    await town.call(ChooseQuietHours, citizen, NIGHT)
    await told(town)
    return citizen


async def chosen(town: Town, citizen: Citizen) -> object:
    return (await town.call(ViewSubscription, citizen)).chosen


async def test_until_a_person_chooses_card_results_and_requests_come_to_the_chat_and_by_mail_and_the_rest_to_the_chat(
    town: Town,
) -> None:
    citizen = await arrived(town)
    await tell(town, citizen, Topic.CARD)
    assert await told(town) == {"pushes": 1, "letters": 1}
    for topic in (Topic.RESULTS, Topic.TICKETS):
        await tell(town, citizen, topic)
        assert await told(town) == {"pushes": 1, "letters": 1}
        town.clock.turn(seconds=5)
    town.clock.turn(seconds=5)
    await tell(town, citizen, Topic.APPOINTMENTS)
    assert await told(town) == {"pushes": 1}


async def test_a_channel_that_is_switched_on_or_off_counts_at_once_and_for_its_topic_alone(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseChannel, citizen, Topic.CARD, Channel.TELEGRAM, wanted=False)
    await town.call(ChooseChannel, citizen, Topic.NEWS, Channel.MAIL, wanted=True)
    await tell(town, citizen, Topic.CARD)
    assert await told(town) == {"letters": 1}
    await tell(town, citizen, Topic.NEWS)
    assert await told(town) == {"pushes": 1, "letters": 1}
    await tell(town, citizen, Topic.VACCINATIONS)
    assert await told(town) == {"pushes": 1}


async def test_what_was_written_before_the_choice_is_not_sent_after_it(town: Town) -> None:
    citizen = await arrived(town)
    await tell(town, citizen, Topic.NEWS)
    await town.call(ChooseChannel, citizen, Topic.NEWS, Channel.TELEGRAM, wanted=False)
    assert await told(town) == {}
    assert (await counts(town))[NotificationState.UNWANTED] == 1


async def test_a_letter_and_an_sms_say_only_that_there_is_something(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseChannel, citizen, Topic.CARD, Channel.SMS, wanted=True)
    await tell(town, citizen, Topic.CARD, values={"name": "Анна"}, urgent=True)
    await town.deliver()
    assert town.outside.letters == [("anna@example.org", "subscription.mail.card.subject", "subscription.mail.card")]
    assert town.outside.texts == [("+79000000001", "subscription.sms.card")]


async def test_an_sms_comes_of_urgent_things_alone(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseChannel, citizen, Topic.APPOINTMENTS, Channel.SMS, wanted=True)
    await tell(town, citizen, Topic.APPOINTMENTS)
    assert await told(town) == {"pushes": 1}
    await tell(town, citizen, Topic.APPOINTMENTS, urgent=True)
    assert await told(town) == {"pushes": 1, "texts": 1}


async def test_a_channel_without_a_confirmed_address_cannot_be_chosen_and_nothing_is_sent_to_it(town: Town) -> None:
    citizen = await arrived(town, email=None, phone=None)
    for channel in (Channel.MAIL, Channel.SMS):
        with pytest.raises(ContactNeeded):
            await town.call(ChooseChannel, citizen, Topic.CARD, channel, wanted=True)
    assert (await town.call(ViewSubscription, citizen)).reachable == {Channel.TELEGRAM}
    await tell(town, citizen, Topic.CARD, urgent=True)
    assert await told(town) == {"pushes": 1}


async def test_at_night_only_urgent_things_and_safety_come_and_the_rest_in_the_morning(town: Town) -> None:
    citizen = await arrived(town)
    town.clock.turn(hours=11)
    await tell(town, citizen, Topic.APPOINTMENTS)
    assert await told(town) == {}
    await tell(town, citizen, Topic.APPOINTMENTS, urgent=True)
    assert await told(town) == {"pushes": 1}
    await tell(town, citizen, None)
    assert await told(town) == {"pushes": 1}
    town.clock.moment = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    assert await told(town) == {}
    town.clock.moment = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert await told(town) == {"pushes": 1}


async def test_the_night_is_that_of_the_region_which_the_person_chose(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseRegion, citizen, "41")
    met = await town.call(MeetChat, citizen.chat, "ru")
    assert isinstance(met, Chat)
    assert (met.region, met.zone) == ("41", "Asia/Kamchatka")
    town.clock.turn(hours=2)
    await tell(town, citizen, Topic.APPOINTMENTS)
    assert await told(town) == {}
    town.clock.turn(hours=9)
    assert await told(town) == {"pushes": 1}
    with pytest.raises(NoSuchRegion):
        await town.call(ChooseRegion, citizen, "00")


async def test_without_quiet_hours_the_night_is_like_the_day(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseQuietHours, citizen, None)
    town.clock.turn(hours=11)
    await tell(town, citizen, Topic.APPOINTMENTS)
    assert await told(town) == {"pushes": 1}


async def test_everything_off_leaves_codes_and_safety_and_comes_back_as_it_was_chosen(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseChannel, citizen, Topic.NEWS, Channel.TELEGRAM, wanted=False)
    await town.call(StopAll, citizen)
    for topic in Topic:
        await tell(town, citizen, topic, urgent=True)
    assert await told(town) == {}
    await tell(town, citizen, None)
    assert await told(town) == {"pushes": 1}
    await town.call(StopAll, citizen, stopped=False)
    await tell(town, citizen, Topic.APPOINTMENTS)
    await tell(town, citizen, Topic.NEWS)
    assert await told(town) == {"pushes": 1}


async def test_a_receipt_of_what_the_person_has_just_done_comes_whatever_was_chosen(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(StopAll, citizen)
    await town.call(GiveConsent, citizen, "ru")
    town.clock.turn(hours=12)
    await town.call(WithdrawConsent, citizen)
    assert await told(town) == {"pushes": 1, "letters": 1}


async def test_each_choice_is_kept_when_another_is_made(town: Town) -> None:
    citizen = await arrived(town)
    quiet = QuietHours(time(23, 15), time(6))
    await town.call(ChooseQuietHours, citizen, quiet)
    await town.call(ChooseRegion, citizen, "66")
    await town.call(ChooseDigest, citizen, 9)
    await town.call(ChooseChannel, citizen, Topic.NEWS, Channel.TELEGRAM, wanted=False)
    now = await chosen(town, citizen)
    assert (now.quiet, now.region, now.digest, now.picked(Topic.NEWS)) == (quiet, "66", 9, frozenset())
    assert now.zone == "Asia/Yekaterinburg"
    await town.call(ChooseDigest, citizen, None)
    assert (await chosen(town, citizen)).digest is None


async def test_after_signing_out_nothing_of_the_account_comes_to_the_chat_that_was_left(town: Town) -> None:
    citizen = await arrived(town)
    town.clock.turn(hours=11)
    await tell(town, citizen, Topic.APPOINTMENTS)
    await town.call(SignOut, citizen)
    town.clock.turn(hours=12)
    assert await told(town) == {}
    assert (await counts(town))[NotificationState.UNWANTED] == 1


async def test_choices_and_region_move_to_another_chat_with_the_account(town: Town) -> None:
    citizen = await arrived(town)
    await town.call(ChooseRegion, citizen, "25")
    await town.call(ChooseChannel, citizen, Topic.NEWS, Channel.TELEGRAM, wanted=False)
    await town.call(MeetChat, ChatId(2), "ru")
    await town.begin(2)
    await town.call(MoveAccount, ChatId(2))
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        chat = await (await scope.get(Chats)).bound_to(citizen.account)
    assert chat is not None
    assert (chat.id, chat.region, chat.zone) == (2, "25", "Asia/Vladivostok")
    moved = Citizen(citizen.account, ChatId(2))
    assert (await chosen(town, moved)).picked(Topic.NEWS) == frozenset()


async def test_somebody_else_in_the_same_chat_has_choices_of_their_own(town: Town) -> None:
    anna = await arrived(town)
    await town.call(ChooseRegion, anna, "25")
    await town.call(StopAll, anna)
    await town.call(SignOut, anna)
    other = await arrived(town, person=replace(ANNA, subject="boris", snils=None))
    theirs = await chosen(town, other)
    assert (theirs.stopped, theirs.region, theirs.quiet) == (False, None, NIGHT)
    met = await town.call(MeetChat, other.chat, "ru")
    assert isinstance(met, Chat)
    assert (met.region, met.zone) == (None, "Europe/Moscow")


async def test_many_are_looked_up_at_once_those_who_chose_nothing_included(town: Town) -> None:
    anna = await arrived(town)
    boris = await arrived(town, chat=2, person=replace(ANNA, subject="boris", snils=None))
    await town.call(StopAll, boris)
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        found = await (await scope.get(Subscriptions)).of_many([anna.account, boris.account])
    assert {account: each.stopped for account, each in found.items()} == {anna.account: False, boris.account: True}
    assert found[anna.account].chat == anna.chat


async def test_what_waits_in_quiet_hours_does_not_hold_up_a_later_urgent_thing_for_a_minute(town: Town) -> None:
    citizen = await arrived(town)
    town.clock.turn(hours=11)
    for _ in range(3):
        await tell(town, citizen, Topic.VACCINATIONS)
        assert await told(town) == {}
        town.clock.turn(seconds=10)
    await tell(town, citizen, Topic.VACCINATIONS, urgent=True)
    assert await told(town) == {"pushes": 1}
    town.clock.turn(hours=10)
    assert await told(town) == {"pushes": 3}


@pytest.mark.parametrize(
    ("settings", "night"),
    [
        ({"bot_token": "1:abc"}, NIGHT),
        ({}, None),
        ({"quiet_hours": "23:00-06:30"}, QuietHours(time(23), time(6, 30))),
        ({"bot_token": "1:abc", "quiet_hours": "off"}, None),
    ],
)
def test_until_people_choose_the_installation_says_when_it_is_quiet(settings: dict[str, str], night: object) -> None:
    assert Settings(**settings).night == night


def test_quiet_hours_of_an_installation_that_are_none_stop_the_start() -> None:
    with pytest.raises(ValueError, match="two times like 22:00-08:00, or off"):
        Settings(quiet_hours="at night")
