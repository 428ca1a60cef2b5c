"""A durable block: all or nothing, once an update, never one inside another."""

import asyncio
import gc

import pytest

from core.domain.actor import System
from core.domain.audit import Operation
from core.domain.ids import ChatId
from core.domain.update import AlreadyDone, UpdateState
from core.storage.chat import ChatRow
from tests.core.storage.house import House

CHAT = ChatId(7)


async def language_of(house: House) -> str:
    """What the chat speaks, English being what it is met with here."""
    here = house.request()
    async with here.transaction.looking():
        chat = await here.chats.meet(CHAT, "en", house.clock.now())
    return chat.language


async def test_what_went_wrong_half_way_leaves_nothing(house: House) -> None:
    here = house.request()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the whole block fails
        async with here.transaction:
            await here.chats.meet(CHAT, "ru", house.clock.now())
            here.audit.record(System("test"), Operation.QUEUE_VIEWED)
            raise ZeroDivisionError
    async with here.transaction.looking():
        assert [line async for line in here.journal.lines()] == []
    assert await language_of(house) == "en"


async def test_an_update_takes_effect_once_even_when_it_comes_twenty_times_at_once(house: House) -> None:
    async def handle(number: int) -> bool:
        here = house.request(update=100)
        try:
            async with here.transaction:
                await here.chats.meet(ChatId(number), "ru", house.clock.now())
        except AlreadyDone:
            return False
        return True

    assert sum(await asyncio.gather(*(handle(number) for number in range(1, 21)))) == 1


async def test_an_update_done_before_stores_nothing(house: House) -> None:
    here, again = house.request(update=100), house.request(update=100)
    async with here.transaction:
        await here.chats.meet(CHAT, "ru", house.clock.now())
    with pytest.raises(AlreadyDone):  # noqa: PT012 - the whole block fails
        async with again.transaction:
            await again.chats.speak(CHAT, "en")
            again.audit.record(System("test"), Operation.QUEUE_VIEWED)
    async with again.transaction.looking():
        assert [line async for line in again.journal.lines()] == []
    assert await language_of(house) == "ru"


async def test_one_update_may_take_effect_in_several_blocks(house: House) -> None:
    here = house.request(update=100)
    async with here.transaction:
        await here.chats.meet(CHAT, "ru", house.clock.now())
    async with here.transaction:
        await here.chats.speak(CHAT, "en")
    assert await language_of(house) == "en"


async def test_a_failed_block_leaves_its_update_to_be_tried_again(house: House) -> None:
    here = house.request(update=100)
    with pytest.raises(ZeroDivisionError):
        async with here.transaction:
            raise ZeroDivisionError
    async with here.transaction:
        await here.chats.meet(CHAT, "ru", house.clock.now())
    assert await language_of(house) == "ru"


async def test_looking_keeps_its_audit_lines_and_marks_no_update(house: House) -> None:
    here = house.request(update=100)
    async with here.transaction.looking():
        here.audit.record(System("test"), Operation.QUEUE_VIEWED)
    async with here.transaction.looking():
        assert await here.updates.state(100) is UpdateState.NEW
        assert len([line async for line in here.journal.lines()]) == 1


async def test_an_update_is_new_then_done_then_answered_then_forgotten(house: House) -> None:
    here = house.request(update=100)
    async with here.transaction:
        assert await here.updates.state(100) is UpdateState.NEW
    async with here.transaction.looking():
        assert await here.updates.state(100) is UpdateState.DONE
        await here.updates.finish(100, house.clock.now())
        await here.updates.finish(101, house.clock.now())
        assert await here.updates.state(100) is UpdateState.ANSWERED
        assert await here.updates.state(101) is UpdateState.ANSWERED
    async with here.transaction.looking():
        assert await here.updates.forget_before(house.clock.now()) == 0
        assert await here.updates.forget_before(house.clock.pass_(hours=48)) == 2
        assert await here.updates.state(100) is UpdateState.NEW


@pytest.mark.parametrize("count", [0, 1, 2, 10, 11, 200])
async def test_a_list_may_be_of_any_length(house: House, count: int) -> None:
    here, now = house.request(), house.clock.now()
    blocked = [ChatId(number) for number in range(1, count + 1)]
    async with here.transaction:
        for chat in blocked:
            await here.chats.meet(chat, "ru", now)
            await here.chats.block(chat, now)
        await here.chats.meet(ChatId(1000), "ru", now)
    async with here.transaction.looking():
        assert await here.chats.blocked(blocked) == set(blocked)
        assert await here.chats.blocked({ChatId(1000)}) == frozenset()


async def test_a_block_inside_a_block_is_refused_and_harms_nothing(house: House) -> None:
    here = house.request()
    async with here.transaction:
        await here.chats.meet(CHAT, "ru", house.clock.now())
        with pytest.raises(RuntimeError, match="open already"):
            async with here.transaction:
                pass
        with pytest.raises(RuntimeError, match="open already"):
            async with here.transaction.looking():
                pass
    assert await language_of(house) == "ru"


async def test_nothing_is_read_or_recorded_outside_a_block(house: House) -> None:
    here = house.request()
    with pytest.raises(RuntimeError, match="no transaction"):
        await here.chats.bound_to((await house.newcomer()).account)
    with pytest.raises(RuntimeError, match="no transaction"):
        here.audit.record(System("test"), Operation.QUEUE_VIEWED)


async def test_a_block_cut_off_by_a_cancelled_task_lets_the_next_one_in(house: House) -> None:
    here, entered = house.request(), asyncio.Event()

    async def stay() -> None:
        async with here.transaction:
            await here.chats.meet(CHAT, "ru", house.clock.now())
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(stay())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await language_of(house) == "en"
    gc.collect()


async def test_an_error_of_the_database_shows_no_values(house: House) -> None:
    here = house.request()
    with pytest.raises(Exception, match="constraint") as caught:  # noqa: PT012 - the whole block fails
        async with here.transaction:
            values = {"id": 8, "language": None, "zone": "11223344595", "met_at": house.clock.now()}
            await here.transaction.insert(ChatRow, values)
    assert "11223344595" not in str(caught.value)
