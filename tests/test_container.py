"""The container of bot, api and worker: complete, strict, and every use case comes out of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dishka import STRICT_VALIDATION, AsyncContainer, Provider, Scope, make_async_container

from core import ports
from core.ports import Messenger, Push, Unavailable
from ops.container import Outside, Storage, make_container
from ops.paperwork import Paperwork
from ops.records import Records
from ops.settings import Settings
from ops.use_cases import services, use_cases
from tests.databases import fresh_database


class Mute:
    """A messenger that reaches nobody."""

    async def send(self, chat: int, push: Push) -> int:
        return 1


def telegram() -> Provider:
    provider = Provider(scope=Scope.APP)
    provider.provide(Mute, provides=Messenger, override=True)
    return provider


@pytest.fixture
async def settings(tmp_path: Path, keyring_folder: Path) -> AsyncIterator[Settings]:
    async with fresh_database("sqlite", tmp_path) as url:
        yield Settings(database_url=url, state_dir=tmp_path / "state", keyring_path=keyring_folder)  # type: ignore[arg-type]


@pytest.fixture
async def container(settings: Settings) -> AsyncIterator[AsyncContainer]:
    # Strict: nothing is overridden unless it says so, and whoever says so overrides something.
    strict = make_async_container(
        Outside(settings),
        Paperwork(settings),
        Storage(settings),
        Records(),
        services(),
        telegram(),
        skip_validation=False,
        validation_settings=STRICT_VALIDATION,
    )
    yield strict
    await strict.close()


async def test_every_use_case_comes_out_of_the_container(container: AsyncContainer) -> None:
    assert len(use_cases()) > 20
    async with container() as scope:
        for use_case in use_cases():
            assert type(await scope.get(use_case)) is use_case


async def test_every_need_of_a_use_case_is_one_object_in_a_scope(container: AsyncContainer) -> None:
    async with container() as scope:
        transaction = await scope.get(ports.Transaction)
        for use_case in use_cases():
            found = await scope.get(use_case)
            assert getattr(found, "transaction", transaction) is transaction
    async with container() as scope:
        assert await scope.get(ports.Transaction) is not transaction


async def test_without_a_bot_nothing_is_sent_and_everything_else_works(settings: Settings) -> None:
    container = make_container(settings)
    try:
        async with container() as scope:
            for use_case in use_cases():
                await scope.get(use_case)
            with pytest.raises(Unavailable):
                await (await scope.get(Messenger)).send(1, Push("Здравствуйте"))
    finally:
        await container.close()
