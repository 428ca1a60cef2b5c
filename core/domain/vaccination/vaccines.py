"""The vaccines that can be chosen, by their codes: those whose Russian names are known."""

from core.domain.record.coding import CVX, Coding
from core.domain.record.names import known_names, table
from core.domain.record.search import likeliest, likeness


def _choices() -> tuple[Coding, ...]:
    """Return one vaccine a name, the first of the table: of flu the unspecified one, since a person cannot tell which."""
    named: dict[str, Coding] = {}
    for (system, code), (english, russian, _) in table().items():
        if system == CVX:
            named.setdefault(russian, Coding(system, code, english))
    return tuple(named.values())


VACCINES = _choices()


def vaccine_at(place: int) -> Coding | None:
    """Return the one at a place of the list."""
    return VACCINES[place] if 0 <= place < len(VACCINES) else None


def search_vaccines(words: str) -> list[int]:
    """Return the places of what was probably meant, the likeliest first."""
    return likeliest([likeness(words, known_names(each)) for each in VACCINES])
