"""An office with a reviewer at the desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.app import create_app
from api.settings import ApiSettings
from core.security.keyring import KeyRing
from ops.container import make_container
from ops.settings import Settings
from tests.api.clinics import ClinicSide, registered, with_card
from tests.api.office import Browser, Office, Town
from tests.api.pages import Visitor
from tests.databases import fresh_database

SETTINGS = ApiSettings(
    "http://desk.example.org", cookie_secure=False, version="0.1.0", chat_url="https://t.me/medkarta_test_bot"
)


@pytest.fixture(scope="session")
def keyring(keyring_folder: Path) -> KeyRing:
    """The ring of the whole run."""
    return KeyRing.open(keyring_folder)


@asynccontextmanager
async def opened(keyring: KeyRing, tmp_path: Path, kind: str = "sqlite") -> AsyncIterator[Office]:
    """Open an office and close it afterwards."""
    async with fresh_database(kind, tmp_path) as url:
        town = Town(keyring)
        told = Settings(_env_file=None, database_url=url, state_dir=tmp_path)
        container = make_container(told, town)
        yield Office(create_app(container, SETTINGS), container, town)
        await container.close()


@pytest.fixture
async def office(keyring: KeyRing, tmp_path: Path) -> AsyncIterator[Office]:
    async with opened(keyring, tmp_path) as office:
        yield office


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Browser]:
    """A browser in which the reviewer `zoya` is signed in."""
    await office.hires("zoya")
    async with office.browser() as browser:
        await browser.sits(office, "zoya")
        yield browser


@pytest.fixture
async def side(office: Office) -> AsyncIterator[ClinicSide]:
    """A clinic that is signed in, and one citizen with a card."""
    await registered(office)
    await with_card(office)
    async with office.browser() as http:
        side = ClinicSide(office, http)
        await side.signs_in()
        yield side


@pytest.fixture
async def owner(office: Office) -> AsyncIterator[Visitor]:
    """Somebody with a card and an authenticator, in front of a browser."""
    async with Visitor(office, await with_card(office)) as owner:
        await owner.has_factor()
        yield owner


@pytest.fixture
async def inside(owner: Visitor) -> Visitor:
    """The same, on the page and through the lock."""
    await owner.enters()
    assert (await owner.unlocks()).headers["location"] == "/my"
    return owner
