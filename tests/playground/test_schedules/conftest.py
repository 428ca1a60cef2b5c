"""The clinics of a world whose clock is handed in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from playground.outside.schedules import Schedules
from playground.settings import PlaygroundSettings

MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)
"""08:00 in Moscow, 17:00 on Kamchatka."""


@dataclass
class Hand:
    """A clock that stands until it is turned."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def world(clock: Hand) -> Schedules:
    return Schedules(PlaygroundSettings(public_url="http://world"), clock)


@pytest.fixture
async def http(world: Schedules) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=world.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://world") as client:
        yield client
