"""The journal after a whole journey: `medkarta audit verify` finds it whole, and finds whatever was done to a copy of it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.journeys.applying import signed_in, with_card
from tests.journeys.house import House
from tests.journeys.person import Person


@pytest.fixture
def lived_in(house: House, person: Person, tmp_path: Path) -> Path:
    """A copy of the state of a house in which somebody got a card, its journal signed."""
    with_card(person, signed_in(person))
    signed = house.command("audit", "sign")
    assert signed.returncode == 0, signed.stderr
    state, copy = Path(house.settings["STATE_DIR"]), tmp_path / "var"
    shutil.copytree(state, copy, ignore=shutil.ignore_patterns("*.sqlite*", "files"))
    source, target = (sqlite3.connect(each / "medkarta.sqlite") for each in (state, copy))
    source.backup(target)
    source.close()
    target.close()
    return copy


def verified(state: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run the command on a state; return how it ended and what it said."""
    from typer.testing import CliRunner

    from ops.cli import app

    monkeypatch.setenv("STATE_DIR", str(state))
    done = CliRunner().invoke(app, ["audit", "verify"])
    return done.exit_code, done.output


def tampered(state: Path, *statements: str) -> Path:
    """Do what somebody with the file could do: drop the triggers, change the rows."""
    database = sqlite3.connect(state / "medkarta.sqlite")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        assert database.execute(statement).rowcount, statement
    database.commit()
    database.close()
    return state


def test_the_journal_is_whole_and_every_touch_is_found_and_named(
    lived_in: Path, house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live = house.command("audit", "verify")
    assert live.returncode == 0, live.stdout + live.stderr
    assert "whole" in live.stdout
    assert verified(lived_in, monkeypatch) == (0, "The journal is whole.\n")

    database = sqlite3.connect(lived_in / "medkarta.sqlite")
    ((chain, last),) = database.execute("SELECT chain, max(seq) FROM audit_lines GROUP BY chain").fetchall()
    with pytest.raises(sqlite3.DatabaseError):
        database.execute("DELETE FROM audit_lines")
    with pytest.raises(sqlite3.DatabaseError):
        database.execute("UPDATE audit_lines SET actor = 'nobody'")
    database.close()
    middle = last // 2
    touches = {
        "changed": [f"UPDATE audit_lines SET actor = 'system:nobody' WHERE seq = {middle}"],
        "removed": [f"DELETE FROM audit_lines WHERE seq = {middle}"],
        "reordered": [
            f"UPDATE audit_lines SET seq = -1 WHERE seq = {middle}",
            f"UPDATE audit_lines SET seq = {middle} WHERE seq = {middle + 1}",
            f"UPDATE audit_lines SET seq = {middle + 1} WHERE seq = -1",
        ],
        "cut off": [
            f"DELETE FROM audit_lines WHERE seq > {middle}",
            f"UPDATE audit_heads SET seq = {middle}, hash = (SELECT hash FROM audit_lines WHERE seq = {middle})",
        ],
        "cut off with its checkpoints": [
            f"DELETE FROM audit_lines WHERE seq > {middle}",
            f"UPDATE audit_heads SET seq = {middle}, hash = (SELECT hash FROM audit_lines WHERE seq = {middle})",
            "DELETE FROM audit_checkpoints",
        ],
    }
    for number, (touch, statements) in enumerate(touches.items()):
        state = shutil.copytree(lived_in, tmp_path / f"touched-{number}")
        code, said = verified(tampered(state, *statements), monkeypatch)
        assert code == 1, touch
        assert str(chain) in said
        assert any(str(each) in said for each in (middle, middle + 1, last)), f"{touch}: {said}"
