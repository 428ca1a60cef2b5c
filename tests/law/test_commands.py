"""Every command that the design promises is there and starts."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from ops.cli import app

ROOT = Path(__file__).resolve().parents[2]
PROMISED = {
    *("run", "bot", "worker", "api", "playground", "migrate", "seed"),
    *("keys", "backup", "restore", "audit", "staff"),
}


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    # typer brings a click of its own, whose groups no public name tells from commands: a group is what has some.
    yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, (*path, name))


ALL = list(commands(typer.main.get_command(app)))


def test_every_promised_command_is_there() -> None:
    assert {path[0] for path in ALL if path} >= PROMISED


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_tells_what_it_does(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*path, "--help"])
    assert told.exit_code == 0
    assert "Usage:" in told.output


def test_every_program_starts() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    starts = [[str(Path(sys.executable).parent / name)] for name in scripts]
    starts += [[sys.executable, "-m", package] for package in ("ops", "bot", "api")]
    for start in starts:
        done = subprocess.run([*start, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), start
        assert "Usage:" in done.stdout
