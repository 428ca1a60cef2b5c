"""An update's way: met, tried, kept, given up, put back, dropped, answered; at random, and always as a model of it says."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.domain.actor import NotAllowed, Role, Staff, Visitor
from core.domain.ids import ChatId, StaffId, new_id
from core.domain.update import Fault, Kept, Standing, UpdateNotThere, UpdateState
from core.security.keyring import KeyRing
from core.services.update import (
    CountKept,
    CountTry,
    DropUpdate,
    FindWaiting,
    FinishUpdate,
    KeepUpdates,
    LeaveInbox,
    MeetUpdate,
    RetryUpdate,
    SetUpdateAside,
    TakeWaiting,
    ViewAside,
)
from tests.core.services.town import START, Town, settle
from tests.databases import KINDS, fresh_database

FAULT = Fault("ValueError", "card.py:7")
NUMBERS = st.integers(1, 3)
ADMINISTRATOR = Staff(StaffId(new_id(START)), Role.ADMINISTRATOR)


def kept(number: int) -> Kept:
    """Two chats share the numbers."""
    return Kept(number, number % 2, "message", f'{{"text": "{number}"}}')


class UpdateMachine(RuleBasedStateMachine):
    """What stands in the model is (standing, tries); what is absent is nowhere."""

    keyring: ClassVar[KeyRing]
    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.model: dict[int, tuple[Standing, int]] = {}
        self.answered: set[int] = set()
        self.town: Town = self.runner.run(self._settle())

    async def _settle(self) -> Town:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="machine-")))
        (folder / "base").mkdir()
        url = await self.stack.enter_async_context(fresh_database(self.kind, folder / "base"))
        return await settle(self.stack, url, folder, self.keyring)

    def call(self, use_case: type[Any], *arguments: object) -> Any:
        return self.runner.run(self.town.call(use_case, *arguments))

    @rule(number=NUMBERS)
    def tried(self, number: int) -> None:
        standing, tries = self.model.get(number, (Standing.TRIED, 0))
        assert self.call(CountTry, kept(number), FAULT) == (tries + 1, standing)
        self.model[number] = standing, tries + 1

    @rule(numbers=st.sets(NUMBERS, min_size=1))
    def put_away(self, numbers: set[int]) -> None:
        self.call(KeepUpdates, [kept(number) for number in numbers])
        for number in numbers:
            standing, tries = self.model.get(number, (Standing.WAITING, 0))
            self.model[number] = (Standing.WAITING if standing is Standing.TRIED else standing), tries

    @rule(number=NUMBERS)
    def given_up(self, number: int) -> None:
        _, tries = self.model.get(number, (None, 0))
        self.call(SetUpdateAside, kept(number), FAULT)
        self.model[number] = Standing.ASIDE, tries

    @rule(number=NUMBERS)
    def put_back(self, number: int) -> None:
        if self.model.get(number, (None, 0))[0] is Standing.ASIDE:
            self.call(RetryUpdate, ADMINISTRATOR, number)
            self.model[number] = Standing.WAITING, 0
        else:
            with pytest.raises(UpdateNotThere):
                self.call(RetryUpdate, ADMINISTRATOR, number)

    @rule(number=NUMBERS)
    def dropped(self, number: int) -> None:
        if self.model.get(number, (None, 0))[0] is Standing.ASIDE:
            self.call(DropUpdate, ADMINISTRATOR, number)
            del self.model[number]
        else:
            with pytest.raises(UpdateNotThere):
                self.call(DropUpdate, ADMINISTRATOR, number)

    @rule(number=NUMBERS)
    def seen_through(self, number: int) -> None:
        self.call(FinishUpdate, number)
        self.call(LeaveInbox, number)
        self.model.pop(number, None)
        self.answered.add(number)

    @rule(number=NUMBERS)
    def met(self, number: int) -> None:
        expected = UpdateState.ANSWERED if number in self.answered else UpdateState.NEW
        assert self.call(MeetUpdate, number) is expected

    @invariant()
    def stands_as_the_model_says(self) -> None:
        waiting = sorted(number for number, (standing, _) in self.model.items() if standing is Standing.WAITING)
        assert sorted(self.call(FindWaiting)) == sorted({number % 2 for number in waiting})
        for chat in (0, 1):
            found = self.call(TakeWaiting, chat, 10)
            assert [(each.id, each.raw, each.tries) for each in found] == [
                (number, kept(number).raw, self.model[number][1]) for number in waiting if number % 2 == chat
            ]
        aside = {number: tries for number, (standing, tries) in self.model.items() if standing is Standing.ASIDE}
        assert {each.id: each.tries for each in self.call(ViewAside, ADMINISTRATOR, 10)} == aside
        counted = self.call(CountKept).states
        assert counted == {each: sum(found is each for found, _ in self.model.values()) for each in Standing}

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_to_updates_each_stands_where_it_should(kind: str, keyring: KeyRing) -> None:
    class Machine(UpdateMachine):
        pass

    Machine.keyring, Machine.kind = keyring, kind
    Machine.TestCase.settings = settings(
        max_examples=6, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Machine.TestCase("runTest").runTest()


async def test_the_oldest_that_waits_is_as_old_as_its_waiting(town: Town) -> None:
    await town.call(KeepUpdates, [kept(1)])
    town.clock.turn(minutes=2)
    await town.call(KeepUpdates, [kept(2)])
    await town.call(CountTry, kept(1), FAULT)
    town.clock.turn(minutes=1)
    measured: Any = await town.call(CountKept)
    assert measured.oldest_s == {Standing.TRIED: 0.0, Standing.WAITING: 180.0, Standing.ASIDE: 0.0}


async def test_only_administrators_see_what_was_given_up_put_it_back_and_drop_it(town: Town) -> None:
    await town.call(SetUpdateAside, kept(1), FAULT)
    reviewer = Staff(StaffId(new_id(START)), Role.REVIEWER)
    for actor in (reviewer, Visitor(ChatId(1))):
        for use_case, asked in ((ViewAside, 10), (RetryUpdate, 1), (DropUpdate, 1)):
            with pytest.raises(NotAllowed):
                await town.call(use_case, actor, asked)
    measured: Any = await town.call(CountKept)
    assert measured.states[Standing.ASIDE] == 1


async def test_two_administrators_who_put_back_and_drop_at_once_do_one_of_both(town: Town) -> None:
    for number in range(1, 6):
        await town.call(SetUpdateAside, kept(number), FAULT)
        outcomes = await asyncio.gather(
            town.call(RetryUpdate, ADMINISTRATOR, number),
            town.call(DropUpdate, ADMINISTRATOR, number),
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "UpdateNotThere"]


async def test_tries_counted_at_once_by_many_are_all_counted(town: Town) -> None:
    counted = await asyncio.gather(*(town.call(CountTry, kept(1), FAULT) for _ in range(10)))
    assert sorted(tries for tries, _ in counted) == list(range(1, 11))  # type: ignore[misc]


async def test_what_is_put_back_has_all_its_tries_again_and_stays_where_it_was_given_up_until_then(town: Town) -> None:
    for _ in range(3):
        await town.call(CountTry, kept(1), FAULT)
    await town.call(SetUpdateAside, kept(1), FAULT)
    await town.call(KeepUpdates, [kept(1)])
    assert await town.call(TakeWaiting, 1, 10) == []
    await town.call(RetryUpdate, ADMINISTRATOR, 1)
    assert await town.call(TakeWaiting, 1, 10) == [replace(kept(1), put_back=True)]
    assert await town.call(CountTry, kept(1), FAULT) == (1, Standing.WAITING)
