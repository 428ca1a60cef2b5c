"""A use case run from the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dishka import AsyncContainer

from core.storage.schema import upgrade
from ops.container import make_container
from ops.settings import Settings


@asynccontextmanager
async def scope(settings: Settings) -> AsyncIterator[AsyncContainer]:
    """Open the container and one request scope of it, on a database brought up to date."""
    settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    await upgrade(settings.database)
    container = make_container(settings)
    try:
        async with container() as request:
            yield request
    finally:
        await container.close()
