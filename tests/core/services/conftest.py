"""The town on both databases."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.security.keyring import KeyRing
from tests.core.services.town import Town, settle
from tests.databases import KINDS, fresh_database


@pytest.fixture(params=KINDS)
async def town(request: pytest.FixtureRequest, tmp_path: Path, keyring: KeyRing) -> AsyncIterator[Town]:
    """A town of its own for each test."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(fresh_database(request.param, tmp_path))
        yield await settle(stack, url, tmp_path, keyring)
