"""What the tests of the core share."""

from pathlib import Path

import pytest

from core.security.keyring import KeyRing


@pytest.fixture(scope="session")
def keyring(keyring_folder: Path) -> KeyRing:
    """The ring of the whole run. Whoever rotates keys makes a copy."""
    return KeyRing.open(keyring_folder)
