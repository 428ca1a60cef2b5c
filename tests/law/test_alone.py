"""Tests stay on this machine, and what they could not run is said."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "postgresql://postgres@127.0.0.1:1/postgres"


def run_tests(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env={**os.environ, "MEDKARTA_REQUIRE": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as probe, pytest.raises(RuntimeError, match=r"reached for 192\.0\.2\.1"):
        probe.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match=r"looked for medkarta\.example\.org"):
        await httpx.AsyncClient(trust_env=False).get("http://medkarta.example.org/")


def test_tests_whose_service_is_absent_are_told() -> None:
    done = run_tests("tests/core/storage/test_consent.py", MEDKARTA_TEST_POSTGRES=NOWHERE)
    assert done.returncode == 0
    *lines, closing = done.stdout.splitlines()
    (told,) = [line for line in lines if line.startswith("not run: ")]
    assert "PostgreSQL (not found at 127.0.0.1:1/postgres" in told
    assert "passed" in closing
    assert "deselected" in closing


def test_a_service_that_must_be_there_stops_the_run() -> None:
    done = run_tests("tests/test_law.py", MEDKARTA_TEST_POSTGRES=NOWHERE, MEDKARTA_REQUIRE="postgresql")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, done.stderr.splitlines())
    assert line.startswith("ERROR: MEDKARTA_REQUIRE asks for PostgreSQL, but: not found at 127.0.0.1:1")
