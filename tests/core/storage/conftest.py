"""A migrated database of each kind, and a house of Sql twins over it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.security.keyring import KeyRing
from core.storage.engine import make_engine
from tests.core.storage.house import House
from tests.databases import KINDS, fresh_database


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a fresh migrated database."""
    async with fresh_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def house(database: str, keyring: KeyRing, tmp_path: Path) -> AsyncIterator[House]:
    engine = make_engine(database)
    yield House(engine, keyring, engine.dialect.name, tmp_path / "checkpoints.jsonl")
    await engine.dispose()
