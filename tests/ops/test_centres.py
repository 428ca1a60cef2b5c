"""The regional centres: read as they are told, and a file that is wrong is refused with a word that helps."""

from pathlib import Path

import pytest

from core.domain.region import REGIONS
from core.domain.ticket import Centre
from ops.centres import centres_of, read_centres
from ops.settings import Settings
from playground.centres import CENTRES

TOLD = """
[[centre]]
region = "69"
name = "Центр"
phone = "+7 4822 00-00-01"
"""


def test_a_file_is_read_and_what_is_not_told_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "centres.toml"
    file.write_text(TOLD, "utf-8")
    assert read_centres(file) == (Centre("69", "Центр", phone="+7 4822 00-00-01"),)
    assert Settings(_env_file=None, contacts_path=file).centres == read_centres(file)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("[[centre", "TOML"),
        (TOLD.replace('"69"', '"00"'), "region"),
        (TOLD.replace('"69"', "69"), "region"),
        (TOLD.replace("name", "nome"), "name"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, told: str, said: str) -> None:
    file = tmp_path / "centres.toml"
    file.write_text(told, "utf-8")
    with pytest.raises(ValueError, match=said):
        read_centres(file)


def test_the_playground_has_some_and_a_real_bot_none_unless_told() -> None:
    assert {each.region for each in centres_of(CENTRES)} <= set(REGIONS)
    assert Settings(_env_file=None).centres == centres_of(CENTRES)
