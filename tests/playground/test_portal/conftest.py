"""A portal with a clock in hand."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from playground.outside import Outside
from tests.playground.test_portal.browser import SETTINGS, Browser, Hands


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def app(clock: Hands) -> Starlette:
    return Starlette(routes=Outside(SETTINGS, clock).routes())


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SETTINGS.public_url) as http:
        yield Browser(http)
