"""Many people hold, book, move, cancel, wait and are called off at random, and after each step everything holds."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.security.keyring import KeyRing
from core.services.booking import (
    CancelBooking,
    ConfirmBooking,
    DeclineOffer,
    EndWaits,
    HoldSlot,
    JoinWaiting,
    LeaveWaiting,
    LetGo,
    ReleaseHolds,
    TakeOffer,
    ViewComing,
)
from tests.core.services.booking_truth import Truth, call_off, refused
from tests.core.services.polyclinic import a_doctor, a_slot, open_times, somebody
from tests.core.services.town import START, Town, settle
from tests.databases import KINDS, fresh_database

PEOPLE, SLOTS = 4, 6
DOCTORS = (a_doctor(1), a_doctor(2))
TIMES = [a_slot(number, doctor) for doctor in DOCTORS for number in range(1, SLOTS // 2 + 1)]
PERSON, TIME = st.integers(0, PEOPLE - 1), st.integers(0, SLOTS - 1)


class Waiting(RuleBasedStateMachine):
    """What people, clinics and the worker can do, in any order."""

    town: Town
    people: list[Any]
    run: Any

    def __init__(self) -> None:
        super().__init__()
        self.town.clock.moment = START
        self.run(self._empty())
        self.truth = Truth(self.town)

    async def _empty(self) -> None:
        await Truth(self.town).forget_all()
        for doctor in DOCTORS:
            await open_times(self.town, *(each for each in TIMES if each.doctor == doctor.id), doctor=doctor)

    @rule(who=PERSON, which=TIME)
    def hold(self, who: int, which: int) -> None:
        self.run(refused(self.town.call(HoldSlot, self.people[who], TIMES[which].id)))

    @rule(who=PERSON, which=TIME)
    def book(self, who: int, which: int) -> None:
        held: Any = self.run(refused(self.town.call(HoldSlot, self.people[who], TIMES[which].id)))
        if held is not None:
            self.run(refused(self.town.call(ConfirmBooking, self.people[who], held.booking.id)))

    @rule(who=PERSON, which=TIME)
    def move(self, who: int, which: int) -> None:
        for each in self._coming(who)[:1]:
            held: Any = self.run(refused(self.town.call(HoldSlot, self.people[who], TIMES[which].id, each.booking.id)))
            if held is not None:
                self.run(refused(self.town.call(ConfirmBooking, self.people[who], held.booking.id)))

    @rule(who=PERSON, which=TIME)
    def hold_to_move(self, who: int, which: int) -> None:
        for each in self._coming(who)[:1]:
            self.run(refused(self.town.call(HoldSlot, self.people[who], TIMES[which].id, each.booking.id)))

    @rule(who=PERSON)
    def confirm(self, who: int) -> None:
        for held in self.run(self.truth.held_by(self.people[who])):
            self.run(refused(self.town.call(ConfirmBooking, self.people[who], held)))

    @rule(who=PERSON)
    def let_go(self, who: int) -> None:
        for held in self.run(self.truth.held_by(self.people[who])):
            self.run(refused(self.town.call(LetGo, self.people[who], held)))

    @rule(who=PERSON)
    def cancel(self, who: int) -> None:
        for each in self._coming(who)[:1]:
            self.run(refused(self.town.call(CancelBooking, self.people[who], each.booking.id, "не приду")))

    @rule(who=PERSON)
    def wait(self, who: int) -> None:
        for each in self._coming(who)[-1:]:
            self.run(refused(self.town.call(JoinWaiting, self.people[who], each.booking.id)))

    @rule(who=PERSON)
    def wait_no_more(self, who: int) -> None:
        for each in self._coming(who):
            if each.wait is not None:
                self.run(refused(self.town.call(LeaveWaiting, self.people[who], each.wait.id)))

    @rule(who=PERSON, take=st.booleans())
    def answer(self, who: int, take: bool) -> None:
        for each in self.run(self.town.call(ViewComing, self.people[who])).offers:
            answer = TakeOffer if take else DeclineOffer
            self.run(refused(self.town.call(answer, self.people[who], each.wait.id)))

    @rule(which=TIME)
    def clinic_cancels(self, which: int) -> None:
        self.run(call_off(self.town, TIMES[which].id))

    @precondition(lambda self: self.town.clock.now() < TIMES[0].starts_at - timedelta(hours=3))
    @rule(minutes=st.sampled_from([1, 4, 5, 9, 10]))
    def time_passes(self, minutes: int) -> None:
        self.town.clock.turn(minutes=minutes)

    @rule()
    def the_worker_comes_round(self) -> None:
        while self.run(self.town.call(ReleaseHolds)):
            pass
        self.run(self.town.call(EndWaits))
        self.run(self.truth.no_hold_is_past_its_time())

    @invariant()
    def all_holds(self) -> None:
        self.run(self.truth.holds())

    def _coming(self, who: int) -> Any:
        return self.run(self.town.call(ViewComing, self.people[who])).bookings


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_no_time_is_given_twice_and_nobody_is_forgotten(
    kind: str, tmp_path: Path, keyring: KeyRing
) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        url = runner.run(stack.enter_async_context(fresh_database(kind, tmp_path)))
        town = runner.run(settle(stack, url, tmp_path, keyring))
        Waiting.town, Waiting.run = town, staticmethod(runner.run)
        Waiting.people = [runner.run(somebody(town, chat)) for chat in range(1, PEOPLE + 1)]
        try:
            run_state_machine_as_test(
                Waiting,
                settings=settings(
                    max_examples=25 if kind == "sqlite" else 8,
                    stateful_step_count=30,
                    # A run is long: what failed is told as it was, not made shorter first.
                    phases=[Phase.generate],
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(stack.aclose())
