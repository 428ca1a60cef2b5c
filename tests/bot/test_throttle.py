"""One person's flood is slowed down, told so once, and slows nobody else; ways out always pass."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dishka import AsyncContainer

from bot.intake.arrival import Arrival, Outcome
from bot.intake.lines import WAITING
from bot.middlewares.throttle import BURST, Throttle
from bot.tongues import Tongues
from tests.bot.street import Street, a_moment, laid_out, message, until


@pytest.fixture
async def container(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[AsyncContainer]:
    async with laid_out(tmp_path, keyring_folder) as container:
        yield container


async def test_a_flood_of_a_thousand_does_not_slow_the_others(container: AsyncContainer) -> None:
    order: list[int] = []

    async def handle(chat: int, _number: int) -> None:
        order.append(chat)
        await a_moment()

    street = Street(container, handle, at_once=1)
    async with street.lines.open():
        for number in range(1000):
            street.put(number, chat=1)
        for number in range(1000, 1010):
            street.put(number, chat=number)
        await until(lambda: len(street.outcomes) == 1010)
    others = [place for place, chat in enumerate(order) if chat != 1]
    assert len(others) == 10
    # Even with a single server each of the others has at most one of the flood before it.
    assert max(others) <= 2 * len(others)
    assert order.count(1) == WAITING


async def test_what_waits_is_read_in_order_and_what_is_too_much_is_said_once(container: AsyncContainer) -> None:
    async def handle(_chat: int, _number: int) -> None:
        return

    street = Street(container, handle)
    async with street.lines.open():
        for number in range(200):
            street.put(number)
        street.put(200, text="/cancel")
        await until(lambda: len(street.outcomes) == 201)
        await until(lambda: len(street.telegram.said()) == 2)
    read = street.done
    assert read == sorted(read)
    assert len(read) == WAITING + 1
    assert read[-1] == 200
    assert street.waited == pytest.approx((WAITING - BURST) / 1.5, abs=0.1)
    assert sorted(street.telegram.said()) == [
        "Последние сообщения я не прочитал: их слишком много. Пришлите их ещё раз через минуту.",
        "Сообщений сразу много. Читаю их по порядку, это займёт около минуты. Новых пока не присылайте.",
    ]


async def test_three_albums_of_ten_are_no_flood_and_the_next_flood_is_told_again(container: AsyncContainer) -> None:
    async def handle(_chat: int, _number: int) -> None:
        return

    street = Street(container, handle)
    async with street.lines.open():
        for number in range(30):
            street.put(number)
        await until(lambda: len(street.done) == 30)
        assert street.telegram.said() == []
        for flood in (100, 200):
            street.now += 60
            for number in range(flood, flood + 35):
                street.put(number)
            await until(lambda flood=flood: flood + 34 in street.done)
        await until(lambda: len(street.telegram.said()) == 2)


def test_tokens_come_back_with_time() -> None:
    now = [1000.0]
    throttle = Throttle(2.0, lambda: now[0], burst=2)
    assert [throttle.take(1) for _ in range(3)] == [True, True, False]
    assert throttle.take(2)
    assert throttle.wait(1) == pytest.approx(0.5)
    now[0] += 0.5
    assert throttle.take(1)
    assert not throttle.calm(1)
    now[0] += 10
    assert throttle.calm(1)


async def nothing(_chat: int, _number: int) -> None:
    return


@pytest.mark.parametrize("said", ["/start", "/menu", "/cancel", "/help", "/help@medkarta_bot", "103", "Скорую, срочно"])
async def test_a_way_out_and_a_call_for_help_are_never_thrown_away_and_keep_their_place(
    container: AsyncContainer, said: str
) -> None:
    street = Street(container, nothing)
    async with street.lines.open():
        for number in range(100):
            street.put(number)
        street.put(100, text=said)
        await until(lambda: len(street.outcomes) == 101)
    assert len(street.done) == WAITING + 1
    assert street.done == sorted(street.done)
    assert street.done[-1] == 100


async def test_a_flood_of_ways_out_is_a_flood(container: AsyncContainer) -> None:
    street = Street(container, nothing, most=WAITING)
    async with street.lines.open():
        for number in range(500):
            street.put(number, text="/start")
        await until(lambda: len(street.outcomes) == 500)
    assert len(street.done) <= WAITING + 1


async def test_whoever_calls_for_help_in_a_flood_is_told_whom_to_call_before_it_is_read(
    container: AsyncContainer,
) -> None:
    slow = asyncio.Event()

    async def handle(_chat: int, _number: int) -> None:
        await slow.wait()

    street = Street(container, handle)
    async with street.lines.open():
        street.put(0, text="Помогите, она не дышит", chat=2)
        for number in range(1, 40):
            street.put(number)
        street.put(40, text="Помогите, она не дышит")
        await until(lambda: any("103" in each for each in street.telegram.said()))
        assert street.done == []
        slow.set()
        await until(lambda: 40 in street.done)
    # Who is read at once needs no such word.
    assert sum("103" in each for each in street.telegram.said()) == 1


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("103", True),
        ("звонить 112?", True),
        ("Мама без сознания", True),
        ("I need an ambulance", True),
        ("112-233-445 95", False),
        ("4510 103112", False),
        ("Скоростная, 5", False),
        ("ул. Помощи, 3", False),
    ],
)
def test_numbers_of_documents_are_no_calls_for_help(text: str, urgent: bool) -> None:
    assert Arrival.of(message(1, text=text)).urgent is urgent


@pytest.mark.parametrize(("data", "passes"), [("go:menu", True), ("go:help", True), ("go:card", False)])
def test_the_buttons_of_ways_out_pass_too(data: str, passes: bool) -> None:
    pressed = {"update_id": 1, "callback_query": {"id": "1", "from": {"id": 1}, "data": data}}
    assert Arrival.of(pressed).passes is passes


async def test_of_the_languages_that_were_chosen_the_latest_are_remembered() -> None:
    tongues = Tongues(most=2)
    for chat, language in ((1, "en"), (2, "en"), (1, "ru"), (3, "en")):
        await tongues.note(chat, language)
    assert [await tongues.of(chat) for chat in (1, 2, 3)] == ["ru", None, "en"]


async def test_when_everybody_writes_at_once_each_hears_a_kind_word_once_and_is_read_later(
    container: AsyncContainer,
) -> None:
    going = asyncio.Event()

    async def handle(_chat: int, _number: int) -> None:
        await going.wait()

    street = Street(container, handle, most=3, at_once=1)
    async with street.lines.open():
        for number in range(3):
            street.put(number, chat=number)
        for number in (10, 11, 12):
            street.put(number, chat=9, repeats=True)
        await until(lambda: street.telegram.said() != [])
        assert [street.outcomes[number] for number in (10, 11, 12)] == [Outcome.AWAY] * 3
        going.set()
        await until(lambda: len(street.done) == 3)
        await street.lines.look()
        street.put(13, chat=9)
        await until(lambda: 13 in street.done)
    (said,) = street.telegram.said()
    assert "пишут очень многие" in said
