"""Invented clinics whose schedule the product keeps itself, let in by whoever runs the machine; and what time does to them."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, time, timedelta
from itertools import count
from pathlib import Path
from time import monotonic as time_now
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.domain.actor import Role, Staff, System
from core.domain.ids import StaffId
from core.domain.region import REGIONS
from core.domain.schedule import Point
from core.domain.schedule.resting import worked_as
from core.ports import Clock
from core.services.schedule import Brought, BroughtDoctor, BroughtHours, JoinFacility, MakeSlots, PutException
from ops.acquaintance import meet_playground_facilities
from ops.commands.work import scope
from ops.container import make_container
from ops.settings import Settings
from tests.journeys.applying import signed_in, with_card
from tests.journeys.house import House
from tests.journeys.person import Person

ADMINISTRATOR = Staff(StaffId(UUID(int=1)), Role.ADMINISTRATOR)
PATIENCE_S = 120
COMPANY = count(1)
QUIET = (
    "40",
    "71",
    "37",
    "57",
    "62",
    "67",
    "68",
    "76",
    "48",
    "46",
    "32",
    "33",
    "44",
    "60",
    "35",
    "51",
    "53",
    "69",
    "31",
)
"""Regions by the clock of Moscow in which nobody else has a clinic: one a story."""


class Clinic:
    """A clinic of one story, in a region of its own, open every day from eight to eight."""

    def __init__(
        self, house: House, *doctors: tuple[str, str], point: Point | None = None, short: bool = False
    ) -> None:
        """`doctors` are (name, code of a speciality); each sees somebody every half an hour.

        `short`: on tomorrow's weekday alone, from nine to half past ten.
        """
        self.house, self.number, self.doctors, self.short = house, next(COMPANY), doctors, short
        self.region = REGIONS[QUIET[self.number % len(QUIET)]]
        self.name, self.address = f"Поликлиника «Ромашка-{self.number}»", f"ул. Лесная, {self.number}"
        asyncio.run(self._join(point))

    async def _join(self, point: Point | None) -> None:
        async with scope(settings_of(self.house)) as request:
            now = (await request.get(Clock)).now()
            self.tomorrow = now.astimezone(ZoneInfo(self.region.zone)).date() + timedelta(days=1)
            told = Brought(
                f"9{self.number:05}", self.name, self.address, self.region.code, self.region.zone,
                point, "+7 900 000-00-09", doctors=[self._doctor(place) for place in range(len(self.doctors))],
            )  # fmt: skip
            facility, _ = await (await request.get(JoinFacility))(System("tests"), told)
            if worked_as(self.tomorrow) != self.tomorrow.weekday():
                # A holiday: the clinics of these stories work all the same.
                put = await request.get(PutException)
                await put(ADMINISTRATOR, facility.id, self.tomorrow, as_weekday=self.tomorrow.weekday())
            await (await request.get(MakeSlots))(facility.id)
            self.id = facility.id

    def _doctor(self, place: int) -> BroughtDoctor:
        name, speciality = self.doctors[place]
        week = [BroughtHours(weekday, time(8), time(20), 30) for weekday in range(7)]
        if self.short:
            week = [BroughtHours(self.tomorrow.weekday(), time(9), time(10, 30), 30)]
        return BroughtDoctor(f"{self.number}-{place}", name, speciality, str(200 + place), "Возьмите выписку.", week)

    async def closes(self, day: date) -> None:
        """Nobody receives on a day, as the desk would say it."""
        async with scope(settings_of(self.house)) as request:
            await (await request.get(PutException))(ADMINISTRATOR, self.id, day, why="Авария")

    def find(self, person: Person, complaint: str, speciality: str) -> None:
        """From /book to this clinic's doctors, by a complaint."""
        person.say("/book", "Запись к врачу")
        person.say(complaint, "Вот кто подходит")
        person.tap(f"^{speciality}", "в какой клинике")
        person.tap("^Другой регион", "Напишите регион")
        person.say(self.region.name("ru"), f"{self.name}")
        person.tap(f"^{self.name}", f"{speciality}: к кому" if len(self.doctors) > 1 else "На какой день")

    def times(self, person: Person, surname: str, day: str = "^завтра, ") -> None:
        """From the doctors, where there are several, to the times of a day."""
        if len(self.doctors) > 1:
            person.tap(f"^{surname}", "На какой день")
        person.tap(day, "Во сколько")


def settle(house: House, statement: str, *values: Any) -> int:
    """Change what stands in the database, as time would have done; returns how many rows that was."""
    database = Path(house.settings["STATE_DIR"]) / "medkarta.sqlite"
    with closing(sqlite3.connect(database, timeout=30)) as store, store:
        return store.execute(statement, values).rowcount


def meet_the_playgrounds(house: House, code: str, person: Person) -> None:
    """Let the playground's clinics in, where they do not come by themselves, and wait until one has free times."""

    async def meet() -> None:
        settings = settings_of(house)
        container = make_container(settings)
        try:
            await meet_playground_facilities(settings, container)
        finally:
            await container.close()

    asyncio.run(meet())
    database = Path(house.settings["STATE_DIR"]) / "medkarta.sqlite"
    counted = "SELECT count(*) FROM slots JOIN facilities ON facilities.id = slots.facility WHERE facilities.code = ?"
    end = time_now() + PATIENCE_S
    while True:
        with closing(sqlite3.connect(database, timeout=30)) as store:
            if store.execute(counted, (code,)).fetchone()[0]:
                return
        assert time_now() < end, f"the worker did not fetch the times of {code}"
        person.chat(person.chat()["seq"], 1)


def settings_of(house: House) -> Settings:
    """Return what the house runs by."""
    return Settings(_env_file=None, **{name.lower(): value for name, value in house.settings.items()})


def with_a_card(person: Person, **wanted: Any) -> dict[str, Any]:
    """Become a citizen with a card."""
    citizen = signed_in(person, **({"age": 34, "level": "PR"} | wanted))
    with_card(person, citizen)
    return citizen


def labels_of(person: Person) -> Sequence[str]:
    """Return the labels of the window that is open."""
    return [button["text"] for row in person.last().get("keyboard") or [] for button in row]
