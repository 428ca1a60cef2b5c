"""The town on both databases, and who a clinic delivers to in it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.domain.actor import Citizen, Clinic
from core.security.keyring import KeyRing
from tests.core.services.delivering import a_reader, a_sender
from tests.core.services.town import Town, settle
from tests.databases import KINDS, fresh_database


@pytest.fixture(params=KINDS)
async def town(request: pytest.FixtureRequest, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Town]:
    """A town of its own for each test."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(request.param, tmp_path))
        yield await settle(stack, url, tmp_path, keyring)


@pytest.fixture
async def citizen(town: Town) -> Citizen:
    """Анна, with a card and a standing consent."""
    return await a_reader(town)


@pytest.fixture
async def clinic(town: Town) -> Clinic:
    """The clinic that delivers."""
    return await a_sender(town)
