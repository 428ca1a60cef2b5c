"""The worker's sending: nothing due is lost, a code is never late, what the channel says is obeyed."""

from core.domain.ids import ChatId
from core.domain.notification import NotificationState, Outbox
from core.ports import Later, Refused, Transaction, Unavailable
from core.services.account import ChangePhone
from core.services.chat import MeetChat
from core.services.notification import LEASE
from tests.core.services.town import Town


async def counts(town: Town) -> dict[NotificationState, int]:
    async with town.container() as scope, (await scope.get(Transaction)).looking():
        return dict(await (await scope.get(Outbox)).counts())


def make_moody(town: Town, *moods: Exception) -> None:
    town.outside.moods = list(moods)


async def test_a_gateway_that_is_away_gets_the_code_once_it_is_back(town: Town) -> None:
    citizen = await town.sign_in()
    town.outside.away = {"sms"}
    await town.call(ChangePhone, citizen, "+7 900 000-00-22")
    await town.deliver()
    assert town.outside.texts == []
    town.outside.away = set()
    town.clock.turn(seconds=2)
    await town.deliver()
    assert len(town.outside.texts) == 1


async def test_a_code_that_can_no_longer_be_used_is_not_sent(town: Town) -> None:
    citizen = await town.sign_in()
    town.outside.away = {"sms"}
    await town.call(ChangePhone, citizen, "+7 900 000-00-22")
    await town.deliver()
    town.outside.away = set()
    town.clock.turn(minutes=11)
    await town.deliver()
    assert town.outside.texts == []
    assert (await counts(town))[NotificationState.EXPIRED] == 1


async def test_telegrams_pause_is_obeyed(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Later(30))
    await town.deliver()
    assert town.outside.pushes == []
    town.clock.turn(seconds=29)
    await town.deliver()
    assert town.outside.pushes == []
    town.clock.turn(seconds=2)
    await town.deliver()
    assert len(town.outside.pushes) == 1


async def test_a_person_who_blocked_the_bot_is_left_alone_until_they_come_back(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Refused("blocked"))
    await town.deliver()
    assert (await counts(town))[NotificationState.REFUSED] == 1
    async with town.container() as scope:
        met = await (await scope.get(MeetChat))(ChatId(1), "ru")
    assert met.blocked_at is None


async def test_a_fault_of_the_network_is_tried_again_later(town: Town) -> None:
    await town.sign_in()
    make_moody(town, Unavailable("telegram"), Unavailable("telegram"))
    for _ in range(3):
        await town.deliver()
        town.clock.turn(seconds=5)
    assert len(town.outside.pushes) == 1


async def test_what_a_killed_worker_held_is_sent_by_the_next_one(town: Town) -> None:
    await town.sign_in()
    async with town.container() as scope:
        outbox = await scope.get(Outbox)
        async with await scope.get(Transaction):
            held = await outbox.claim(town.clock.now(), town.clock.now() + LEASE, 10)
    assert len(held) == 1
    await town.deliver()
    assert town.outside.pushes == []
    town.clock.turn(seconds=61)
    await town.deliver()
    assert len(town.outside.pushes) == 1
