"""The short run: a storm of a quarter of a minute over a few people. `make faults` is the long one."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.plan import Plan
from tests.faults.run import Run
from tests.faults.trial import tried


@pytest.mark.needs_servers
def test_whatever_breaks_nothing_typed_is_lost_or_doubled_and_every_push_arrives(
    tmp_path: Path, keyring_folder: Path, record_property: Callable[[str, object], None]
) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbelow(10**6))
    record_property("said", f"faults: FAULTS_SEED={seed} replays this storm")
    verdict = Run(Plan.short(seed), tmp_path, keyring_folder)(tried)
    (tmp_path / "verdict.txt").write_text(str(verdict), "utf-8")
    assert not verdict.breaches, f"FAULTS_SEED={seed}\n{verdict}"
