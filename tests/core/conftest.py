"""What the tests of the core share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.security.keyring import KeyRing
from tests.zones import zones_in


@pytest.fixture(scope="session")
def keyring(keyring_folder: Path) -> KeyRing:
    """The ring of the whole run. Whoever rotates keys makes a copy."""
    return KeyRing.open(keyring_folder)


@pytest.fixture
def laws(tmp_path: Path) -> Iterator[Path]:
    """A folder of zones of our own, that laws can be changed in."""
    with zones_in(tmp_path / "zones") as folder:
        folder.mkdir()
        yield folder
