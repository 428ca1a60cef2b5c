"""The house that journeys walk through: one for the whole run, a new person for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.security.keyring import KeyRing
from tests.journeys.desk import Desk
from tests.journeys.house import House, standing
from tests.journeys.person import Person, hang_up


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One key ring for all houses, since making its RSA key takes seconds."""
    folder = tmp_path_factory.mktemp("house-keys") / "keys"
    KeyRing.open(folder)
    return folder


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[House]:
    """Everything in one process on embedded defaults, as `make run` starts it."""
    with standing(tmp_path_factory.mktemp("house"), keys) as house:
        yield house


@pytest.fixture(autouse=True)
def telephones() -> Iterator[None]:
    """Whoever took part in a story hangs up at its end."""
    yield
    hang_up()


@pytest.fixture
def person(house: House) -> Person:
    """Somebody new, whose phone speaks Russian."""
    return Person.new(house.playground)


@pytest.fixture(scope="module")
def desk(house: House) -> Desk:
    """A reviewer who sits at the desk of the common house: another one for each file, since idle sessions end after a while."""
    return Desk.of(house)
