"""The regional centres of support: out of a file that the owner keeps, or the playground's."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.domain.region import REGIONS
from core.domain.ticket import Centre

NAMES = {"region", "name", "address", "phone", "hours"}


def read_centres(path: Path) -> tuple[Centre, ...]:
    """Read a TOML file of `[[centre]]` tables. Raises ValueError that says what is wrong with it."""
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
    except OSError:
        raise ValueError("must be a file that can be read") from None
    except ValueError:
        raise ValueError("must be a file in TOML") from None
    return centres_of(told.get("centre", []))


def centres_of(tables: Iterable[Mapping[str, str]]) -> tuple[Centre, ...]:
    """Return the centres of tables. Raises ValueError."""
    found = []
    for table in tables:
        texts = all(isinstance(value, str) for value in table.values())
        if not texts or not set(table) <= NAMES or not table.get("name") or table.get("region") not in REGIONS:
            raise ValueError('each centre needs a region like "77" and a name; address, phone and hours are texts')
        found.append(Centre(**table))
    return tuple(found)
