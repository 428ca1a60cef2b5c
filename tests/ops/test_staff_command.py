"""`medkarta staff`: people let in and out, given roles, duties and groups; bad input gets one line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keyring_folder: Path) -> None:
    """A state of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("KEYRING_PATH", str(keyring_folder))
    monkeypatch.setenv("COLUMNS", "200")


def said(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["staff", *arguments])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def test_somebody_is_added_promoted_put_out_and_let_in_again() -> None:
    added = said("add", "olga", "--name", "Ольга Речная", "--role", "operator")
    assert "Password" in added
    assert "Not replaced within 72 hours they lapse: `medkarta staff reset olga` gives new ones." in added
    assert "olga is senior" in said("role", "olga", "senior")
    listed = said("list")
    assert "senior" in listed
    assert "handed secrets, until" in listed
    assert "olga is out" in said("disable", "olga")
    assert "disabled" in said("list")
    assert "olga can sign in" in said("enable", "olga")
    assert "0 ended" in said("end-sessions", "olga")
    assert "Browser" in said("sessions", "olga")
    assert "nobody with this login" in said("role", "nobody", "operator", code=1)
    assert "nobody with this login" in said("sessions", "nobody", code=1)


def test_a_group_is_made_kept_to_its_networks_and_taken_apart() -> None:
    said("add", "olga", "--role", "operator")
    assert "Ночь is kept" in said("team", "Ночь", "--topic", "card")
    assert "Ночь: 203.0.113.0/24" in said("networks", "Ночь", "203.0.113.0/24")
    told = said("duty", "olga", "--capacity", "3", "--skill", "card", "--language", "ru", "--team", "Ночь")
    assert told == "olga: off, 0 of 3 at once, group Ночь, ru, card"
    assert said("duty", "olga") == told
    shown = said("teams")
    assert "203.0.113.0/24" in shown
    assert "olga" in shown
    assert "Утро is kept" in said("team", "Ночь", "--rename", "Утро")
    assert "from anywhere" in said("networks", "Утро")
    assert "Утро is gone" in said("team", "Утро", "--remove")
    assert "group none" in said("duty", "olga")
    assert "no group of this name" in said("networks", "Утро", code=1)
    assert "no group of this name" in said("duty", "olga", "--team", "Утро", code=1)
    assert "networks like" in said("team", "", code=1)
    assert "at once" in said("duty", "olga", "--capacity", "99", code=1)
