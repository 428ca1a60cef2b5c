"""Twenty clinics with three hundred doctors: the same on every start, by their own clocks, and never too much in memory."""

import asyncio
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from playground.outside.schedules import Schedules, grid
from playground.outside.schedules.crowd import LIMIT, Crowd
from playground.outside.schedules.doctors import SPECIALITIES, doctors_of
from playground.outside.schedules.server import MARKS, Server
from playground.outside.schedules.towns import BY_CODE, TOWNS, attached
from playground.settings import PlaygroundSettings
from tests.playground.test_schedules.conftest import MONDAY, Hand


async def test_all_clinics_are_listed_with_where_they_are_and_who_keeps_their_schedule(http: httpx.AsyncClient) -> None:
    clinics = (await http.get("/clinics")).json()
    assert len(clinics) == len({each["code"] for each in clinics}) == len({each["name"] for each in clinics}) == 20
    assert Counter(each["source"] for each in clinics) == {"fhir": 10, "own": 10}
    assert {"77", "78", "66", "54", "39", "25"} <= {each["region"] for each in clinics}
    assert len({each["zone"] for each in clinics}) == 7
    for each in clinics:
        assert ZoneInfo(each["zone"])
        assert 41 < each["latitude"] < 70
        assert 19 < each["longitude"] < 180
        assert bool(each["url"]) == (each["source"] == "fhir") == (not each["doctors"])
    hours = [hours for each in clinics for doctor in each["doctors"] for hours in doctor["hours"]]
    assert all(time.fromisoformat(one["start"]) < time.fromisoformat(one["end"]) for one in hours)
    assert {one["weekday"] for one in hours} == {0, 1, 2, 3, 4, 5}


def test_three_hundred_doctors_have_names_and_every_speciality_has_somebody() -> None:
    doctors = [doctor for town in TOWNS for doctor in doctors_of(town)]
    assert len(doctors) == 300
    assert len({doctor.name for doctor in doctors}) > 250
    assert all(len(doctor.name.split()) == 3 for doctor in doctors)
    assert {doctor.speciality.code for doctor in doctors} == SPECIALITIES.keys()
    children = [town for town in TOWNS if town.children]
    assert all("therapist" not in {each.speciality.code for each in doctors_of(town)} for town in children)


def test_thirty_days_of_slots_are_the_same_on_every_start() -> None:
    town = BY_CODE["770901"]
    first, last = grid.window(town, MONDAY)
    assert (last - first).days == 29
    assert first == date(2026, 11, 23)
    days = [first + timedelta(days=after) for after in range(30)]
    slots = [slot for doctor in doctors_of(town) for day in days for slot in grid.times_of(town, doctor, day)]
    grid.times_of.cache_clear()
    assert slots == [slot for doctor in doctors_of(town) for day in days for slot in grid.times_of(town, doctor, day)]
    assert len({slot.id for slot in slots}) == len(slots) > 5_000
    assert 0.4 < sum(slot.taken for slot in slots) / len(slots) < 0.5
    assert not any(slot.start.weekday() == 6 for slot in slots)
    assert all(grid.time_of(town, slot.id) == slot for slot in slots[:50])


def test_a_clinic_lives_by_its_own_clock_and_rests_on_holidays() -> None:
    kamchatka = BY_CODE["410901"]
    assert grid.today(kamchatka, datetime.fromisoformat("2026-11-23T13:00:00+00:00")) == date(2026, 11, 24)
    (doctor, *_) = doctors_of(kamchatka)
    slot = grid.times_of(kamchatka, doctor, date(2026, 11, 24))[0]
    assert slot.start.utcoffset() == timedelta(hours=12)
    assert slot.id.endswith(f"{slot.start:%Y%m%d-%H%M}")
    assert grid.times_of(kamchatka, doctor, date(2027, 1, 5)) == ()
    assert grid.time_of(kamchatka, "d01-20261124-0801") is None
    assert grid.time_of(kamchatka, "nobody") is None


@pytest.mark.parametrize("region", ["77", "78", "66", "54", "39", "25", "16", "63", "41"])
def test_whoever_lives_there_is_attached_there(region: str) -> None:
    for child in (True, False):
        town = attached("somebody", region, child=child)
        assert town is not None
        assert town.region == region
        assert town == attached("somebody", region, child=child)
    assert attached("somebody", "99", child=False) is None


def fresh(clock: Hand) -> tuple[dict[str, Server], Crowd]:
    servers = {town.code: Server(town, clock) for town in TOWNS if town.source == "fhir"}
    return servers, Crowd(servers, 0)


def test_people_at_random_take_soon_times_and_give_some_back_by_the_seed() -> None:
    (one, crowd), (other, again) = fresh(Hand()), fresh(Hand())
    for _ in range(400):
        crowd.step()
        again.step()
    taken = {code: set(server.marks) for code, server in one.items()}
    assert taken == {code: set(server.marks) for code, server in other.items()}
    assert crowd.booked > crowd.given_back > 0
    assert crowd.booked + crowd.given_back == 400
    soon = [id_ for marks in taken.values() for id_ in marks if id_.split("-")[1] < "20261201"]
    assert len(soon) > 0.8 * sum(map(len, taken.values()))
    assert all(server.marks[id_].crowd for server in one.values() for id_ in server.marks)


def test_what_a_server_remembers_is_bounded_and_the_past_is_forgotten() -> None:
    clock = Hand()
    servers, crowd = fresh(clock)
    one = {"770901": servers["770901"]}
    crowd = Crowd(one, 0)
    for _ in range(LIMIT * 3):
        crowd.step()
    server = one["770901"]
    assert sum(mark.status == "busy" for mark in server.marks.values()) <= LIMIT
    assert len(server.marks) <= MARKS
    clock.at += timedelta(days=40)
    with server.all_or_nothing():
        server.turn(server.time(next(iter(times(server)))), "busy")
    assert len(server.marks) == 1


def times(server: Server) -> list[str]:
    first, last = grid.window(server.town, server.clock())
    days = [first + timedelta(days=after) for after in range((last - first).days + 1)]
    return [slot.id for day in days for slot in grid.times_of(server.town, doctors_of(server.town)[0], day)]


async def test_the_crowd_comes_as_often_as_it_is_told(world: Schedules, monkeypatch: pytest.MonkeyPatch) -> None:
    enough = asyncio.Event()
    steps: list[int] = []

    def step() -> None:
        steps.append(1)
        if len(steps) == 3:
            enough.set()

    monkeypatch.setattr(world.crowd, "step", step)
    assert PlaygroundSettings().crowd == 0, "in tests nobody comes"
    async with world.working():
        assert steps == []
        world.crowd.turn(10**6)
        await asyncio.wait_for(enough.wait(), 20)
