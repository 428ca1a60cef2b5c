"""Updates that are kept: sealed, in the order of their chat, counted over all tries; and the fence of a chat."""

import pytest
from sqlalchemy import select

from core.domain.ids import ChatId
from core.domain.update import AlreadyDone, Fault, Held, Kept, LostLock, Standing, UpdateNotThere, UpdateState
from core.storage.chat import ChatRow
from core.storage.update import InboxRow, SqlInbox
from tests.core.storage.house import House, Request

FAULT = Fault("ValueError", "card.py:7")


def inbox_of(here: Request) -> SqlInbox:
    return SqlInbox(here.transaction, here.seals)


def kept(number: int, chat: int = 7, raw: str = '{"text": "112-233-445 95"}') -> Kept:
    return Kept(number, chat, "message", raw)


async def test_what_is_kept_comes_back_in_order_and_lies_there_sealed(house: House) -> None:
    here = house.request()
    inbox = inbox_of(here)
    async with here.transaction.looking():
        await inbox.keep([kept(12), kept(11), kept(13, chat=8)], house.clock.now())
    async with here.transaction.looking():
        assert sorted(await inbox.chats()) == [7, 8]
        assert [each.id for each in await inbox.of_chat(7, 10)] == [11, 12]
        assert (await inbox.of_chat(7, 1))[0].raw == '{"text": "112-233-445 95"}'
        for sealed in await here.transaction.session.scalars(select(InboxRow.raw)):
            assert b"112" not in (sealed or b"")
    async with here.transaction.looking():
        await inbox.leave(11)
        assert [each.id for each in await inbox.of_chat(7, 10)] == [12]


async def test_a_value_moved_to_another_row_is_set_aside_and_not_handled(house: House) -> None:
    here = house.request()
    inbox = inbox_of(here)
    async with here.transaction.looking():
        await inbox.keep([kept(11), kept(12, chat=8)], house.clock.now())
        rows = {row.id: row for row in await here.transaction.session.scalars(select(InboxRow))}
        rows[11].raw = rows[12].raw
        await here.transaction.session.flush()
    async with here.transaction.looking():
        assert await inbox.of_chat(7, 10) == []
        assert [(each.id, each.fault.name) for each in await inbox.aside(10)] == [(11, "Tampered")]


async def test_tries_are_counted_over_processes_and_a_kept_update_keeps_its_place(house: House) -> None:
    here, there = house.request(), house.request()
    async with here.transaction.looking():
        assert await inbox_of(here).count_try(kept(11), FAULT, house.clock.now()) == (1, Standing.TRIED)
    async with there.transaction.looking():
        assert await inbox_of(there).chats() == []
        assert await inbox_of(there).count_try(kept(11), FAULT, house.clock.now()) == (2, Standing.TRIED)
        await inbox_of(there).keep([kept(11)], house.clock.now())
        assert await inbox_of(there).count_try(kept(11), FAULT, house.clock.now()) == (3, Standing.WAITING)


async def test_what_waits_waits_since_it_was_kept_however_often_it_fails(house: House) -> None:
    here, kept_at = house.request(), house.clock.now()
    inbox = inbox_of(here)
    async with here.transaction.looking():
        await inbox.keep([kept(11)], kept_at)
    for number in (11, 12):
        async with here.transaction.looking():
            await inbox.count_try(kept(number), FAULT, house.clock.pass_(minutes=1))
    async with here.transaction.looking():
        await inbox.count_try(kept(12), FAULT, house.clock.pass_(minutes=1))
    async with here.transaction.looking():
        counted = await inbox.count()
    assert counted[Standing.WAITING] == (1, kept_at)
    assert counted[Standing.TRIED] == (1, house.clock.now())


async def test_set_aside_then_put_back_then_dropped(house: House) -> None:
    here = house.request()
    inbox = inbox_of(here)
    async with here.transaction.looking():
        await inbox.set_aside(kept(11), FAULT, house.clock.now())
        assert await inbox.chats() == []
        assert (await inbox.count())[Standing.ASIDE][0] == 1
        # A late wish to keep it, or one more delivery, changes nothing.
        await inbox.keep([kept(11)], house.clock.now())
        assert (await inbox.count_try(kept(11), FAULT, house.clock.now()))[1] is Standing.ASIDE
        await inbox.retry(11, house.clock.now())
        with pytest.raises(UpdateNotThere):
            await inbox.retry(11, house.clock.now())
        with pytest.raises(UpdateNotThere):
            await inbox.drop(11)
        assert [(each.id, each.tries, each.put_back) for each in await inbox.of_chat(7, 10)] == [(11, 0, True)]
        await inbox.set_aside(kept(11), FAULT, house.clock.now())
        await inbox.drop(11)
        assert set((await inbox.count()).values()) == {(0, None)}


async def test_the_mark_of_what_may_be_handled_again_is_not_forgotten(house: House) -> None:
    here = house.request()
    async with here.transaction.looking():
        await here.updates.finish(11, house.clock.now())
        await here.updates.finish(12, house.clock.now())
        await inbox_of(here).set_aside(kept(11), FAULT, house.clock.now())
        await inbox_of(here).count_try(kept(13), FAULT, house.clock.now())
    async with here.transaction.looking():
        assert await here.updates.forget_before(house.clock.pass_(hours=48)) == 1
        assert await here.updates.state(11) is UpdateState.ANSWERED
        counted = {standing: number for standing, (number, _) in (await inbox_of(here).count()).items()}
        assert counted == {Standing.TRIED: 0, Standing.WAITING: 0, Standing.ASIDE: 1}
        assert await here.updates.forget_before(house.clock.pass_(days=31)) == 1
        assert (await inbox_of(here).count())[Standing.ASIDE][0] == 0


async def held_under(house: House, fence: int, update: int, language: str = "en") -> None:
    here = house.request(update=update)
    here.transaction._incoming.held = Held(7, fence)
    async with here.transaction:
        await here.chats.speak(ChatId(7), language)


async def met(house: House) -> str:
    here = house.request()
    async with here.transaction.looking():
        return (await here.chats.meet(ChatId(7), "ru", house.clock.now())).language


async def test_whoever_lost_the_chat_stores_nothing(house: House) -> None:
    await met(house)
    await held_under(house, 20, update=100)
    with pytest.raises(LostLock):
        await held_under(house, 19, update=101, language="ru")
    assert await met(house) == "en"
    here = house.request()
    async with here.transaction.looking():
        assert await here.updates.state(101) is UpdateState.NEW
        assert await here.transaction.session.scalar(select(ChatRow.fence)) == 20
    await held_under(house, 20, update=101, language="ru")
    assert await met(house) == "ru"


async def test_an_update_done_before_is_told_as_such_even_by_whoever_lost_the_chat(house: House) -> None:
    await met(house)
    await held_under(house, 20, update=100)
    for fence in (21, 20):
        with pytest.raises(AlreadyDone):
            await held_under(house, fence, update=100, language="ru")
    assert await met(house) == "en"


async def test_a_chat_that_nobody_has_met_has_no_fence_to_be_behind_of(house: House) -> None:
    await held_under(house, 20, update=100)
    here = house.request()
    async with here.transaction.looking():
        assert await here.updates.state(100) is UpdateState.DONE


async def test_a_further_block_of_the_same_update_is_fenced_as_well(house: House) -> None:
    await met(house)
    here = house.request(update=100)
    here.transaction._incoming.held = Held(7, 20)
    for language in ("en", "ru", "en"):
        async with here.transaction:
            await here.chats.speak(ChatId(7), language)
    await held_under(house, 21, update=101, language="ru")
    with pytest.raises(LostLock):
        async with here.transaction:
            await here.chats.speak(ChatId(7), "en")
    assert await met(house) == "ru"
