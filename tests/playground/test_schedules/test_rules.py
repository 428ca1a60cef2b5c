"""Whatever happens at a clinic's server in whatever order: no slot has two appointments, and versions only grow."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from playground.outside.schedules import acting, grid, server
from playground.outside.schedules.crowd import Crowd
from playground.outside.schedules.doctors import doctors_of
from playground.outside.schedules.resources import Refused, Resource
from playground.outside.schedules.server import OVER, Server, slots_of
from playground.outside.schedules.towns import BY_CODE
from tests.playground.test_schedules.conftest import Hand
from tests.playground.test_schedules.test_server import appointment

TOWN = BY_CODE["770901"]
DOCTOR = doctors_of(TOWN)[4]
DAY = grid.today(TOWN, Hand().at) + timedelta(days=1)
TIMES = grid.times_of(TOWN, DOCTOR, DAY)
PLACE = st.integers(0, len(TIMES) - 1)
WHO = st.integers(1, 6)


class Life(RuleBasedStateMachine):
    """A dentist's day."""

    def __init__(self) -> None:
        super().__init__()
        self.server = Server(TOWN, Hand())
        self.crowd = Crowd({TOWN.code: self.server}, 0)
        self.seen: dict[str, int] = {}

    @rule(place=PLACE, who=WHO, stale=st.booleans())
    def book(self, place: int, who: int, stale: bool) -> None:
        time = TIMES[place]
        slot, before = self.server.slot(time), dict(self.server.appointments)
        match = f'W/"{int(slot["meta"]["versionId"]) - stale}"'
        try:
            with self.server.all_or_nothing():
                self.server.post("Appointment", appointment(slot, f"b{who}"), f"identifier=urn:x|b{who}")
                self.server.put("Slot", time.id, {**slot, "status": "busy"}, match)
        except Refused:
            assert self.server.appointments == before
            assert self.server.slot(time) == slot
        else:
            assert not stale

    @rule(who=WHO)
    def cancel(self, who: int) -> None:
        for each in self._living(who):
            acting.cancel(self.server, each["id"], "")

    @rule(who=WHO, place=PLACE)
    def move(self, who: int, place: int) -> None:
        is_free = self.server.status(TIMES[place]) == "free"
        for each in self._living(who):
            if is_free:
                acting.move(self.server, each["id"], TIMES[place].id)
            else:
                with pytest.raises(Refused):
                    acting.move(self.server, each["id"], TIMES[place].id)

    @rule(times=st.integers(1, 20))
    def others(self, times: int) -> None:
        for _ in range(times):
            self.crowd.step()

    @invariant()
    def every_appointment_has_its_slot_for_itself(self) -> None:
        held = [
            id_ for each in self.server.appointments.values() if each["status"] not in OVER for id_ in slots_of(each)
        ]
        assert len(held) == len(set(held))
        assert all(self.server.status(self.server.time(id_)) != "free" for id_ in held)
        assert all(not self.server.mark(self.server.time(id_)).crowd for id_ in held)

    @invariant()
    def versions_only_grow(self) -> None:
        for time in TIMES:
            now = self.server.mark(time).version
            assert now >= self.seen.get(time.id, 1)
            self.seen[time.id] = now

    def _living(self, who: int) -> list[Resource]:
        return [each for each in self.server.named(f"urn:x|b{who}") if each["status"] not in OVER]


Life.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase


def test_what_people_gave_back_is_forgotten_before_what_citizens_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MARKS", 2)
    one, (given_back, taken, ours) = Server(TOWN, Hand()), TIMES[:3]
    with one.all_or_nothing():
        one.turn(ours, "busy")
        one.turn(taken, "busy", crowd=True)
        one.turn(given_back, "free", crowd=True)
    assert set(one.marks) == {ours.id, taken.id}
    with one.all_or_nothing():
        one.turn(TIMES[3], "busy")
    assert set(one.marks) == {ours.id, TIMES[3].id}
