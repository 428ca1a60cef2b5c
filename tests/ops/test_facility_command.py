"""`medkarta facility`: buildings added and shown; bad input gets one line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app

ADD = ("facility", "add", "Поликлиника № 1", "--code", "690001", "--address", "Тверь, ул. Лесная, 1")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring_folder: Path) -> None:
    """A state of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("KEYRING_PATH", str(keyring_folder))
    monkeypatch.setenv("COLUMNS", "200")


def said(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def test_a_facility_is_added_with_the_clock_of_its_region_and_shown() -> None:
    assert "690001 is open: Поликлиника № 1, Europe/Moscow." in said(*ADD, "--region", "69")
    theirs = (*ADD[:3], "--code", "250901", "--address", "Владивосток", "--region", "25", "--zone", "Asia/Magadan")
    said(
        *theirs,
        "--source",
        "fhir",
        "--url",
        "https://clinic.example/fhir",
        "--latitude",
        "43.1",
        "--longitude",
        "131.9",
    )
    shown = said("facility", "list")
    assert "kept at the desk" in shown
    assert "Asia/Magadan" in shown
    assert "https://clinic.example/fhir" in shown


def test_what_makes_no_sense_gets_one_line_and_adds_nothing() -> None:
    said(*ADD, "--region", "69")
    assert "already" in said(*ADD, "--region", "69", code=1)
    other = (*ADD[:3], "--code", "690002", "--address", "Тверь")
    assert "region" in said(*other, "--region", "00", code=1)
    assert "server's address" in said(*other, "--region", "69", "--source", "fhir", code=1)
    assert "no organisation" in said(*other, "--region", "69", "--clinic", "nobody", code=1)
    assert "690002" not in said("facility", "list")
