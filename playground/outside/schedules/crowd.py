"""People who book at random, on the clinics' own servers, so that times vanish while somebody looks at them."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from playground.outside.schedules import grid
from playground.outside.schedules.doctors import doctors_of
from playground.outside.schedules.grid import Time
from playground.outside.schedules.server import Server

PACES = (0, 6, 60, 600)
"""Deeds a minute over all clinics; 0: nobody comes."""
SEED = 7
LIMIT = 1_000
"""Times that they hold in one clinic; past that they give back."""
GIVE_BACK = 0.25
SOONEST = 3
"""They want one of the soonest days, as people do."""


class Crowd:
    """The same people with every start: what they do follows from the seed, and from what is free."""

    def __init__(self, servers: Mapping[str, Server], pace: int, seed: int = SEED) -> None:
        self._servers = tuple(servers.values())
        self._random = random.Random(seed)
        self.pace, self.booked, self.given_back = pace, 0, 0
        self._turned = asyncio.Event()

    def turn(self, pace: int) -> None:
        """Let them come so often; `pace` is one of PACES."""
        self.pace = pace
        self._turned.set()

    def step(self) -> None:
        """One of them books a time somewhere, or gives one back."""
        server = self._random.choice(self._servers)
        with server.all_or_nothing():
            theirs = [id_ for id_, mark in server.marks.items() if mark.crowd and mark.status == "busy"]
            if theirs and (len(theirs) >= LIMIT or self._random.random() < GIVE_BACK):
                server.turn(server.time(self._random.choice(theirs)), "free", crowd=True)
                self.given_back += 1
            elif free := list(self._free(server)):
                server.turn(self._random.choice(free), "busy", crowd=True)
                self.booked += 1

    @asynccontextmanager
    async def coming(self) -> AsyncIterator[None]:
        """Let them come while the block runs."""
        self._turned = asyncio.Event()
        task = asyncio.create_task(self._come())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _come(self) -> None:
        while True:
            self._turned.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._turned.wait(), 60 / self.pace if self.pace else None)
                continue
            self.step()

    def _free(self, server: Server) -> Iterator[Time]:
        """The free times of one doctor on the soonest days that have any."""
        now = server.clock()
        doctor = self._random.choice(doctors_of(server.town))
        first, last = grid.window(server.town, now)
        days = 0
        for after in range((last - first).days + 1):
            times = grid.times_of(server.town, doctor, first + timedelta(days=after))
            free = [time for time in times if time.start > now and server.status(time) == "free"]
            yield from free
            days += bool(free)
            if days == SOONEST:
                return
