"""A place in the journal, as a program hands it back."""

import pytest

from core.domain.audit import BadPlace, Place


def test_a_place_is_read_as_it_was_told() -> None:
    assert str(Place.read("2026-11-23T06:00:00+00:00_1_7")) == "2026-11-23T06:00:00+00:00_1_7"


@pytest.mark.parametrize(
    "said", ["", "x_1_2", "2026-11-23T06:00:00_1_2", "0001-01-01T00:00:00+05:00_1_2", "2026-11-23T06:00:00+00:00_-1_2"]
)
def test_what_is_none_is_refused(said: str) -> None:
    with pytest.raises(BadPlace):
        Place.read(said)
