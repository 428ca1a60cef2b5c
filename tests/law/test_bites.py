"""The law bites: what is forbidden is found when somebody writes it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

BANNED = {
    "import asyncio\n\nasyncio.create_task(f())\n": "background work belongs to the worker",
    "import asyncio\n\nawait asyncio.sleep(1)\n": "hand in a clock",
    "import time\n\ntime.sleep(1)\n": "nothing waits in the product",
    "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n": "take a Clock",
    "import uuid\n\nuuid.uuid4()\n": "new_id",
    "from uuid import uuid4\n\nuuid4()\n": "new_id",
}

PLANTED = {
    "core/domain/ids.py": ("import ops.clock", "ops wires; bot and api are strangers; core knows neither"),
    "core/gateways/sms.py": ("import core.storage.chat", "inside core, use cases and adapters are strangers"),
    "api/words.py": ("import core.storage.chat", "only ops touches storage and gateways"),
    "bot/states.py": ("import core.security.keyring", "only adapters and ops touch keys"),
    "core/services/card.py": ("import httpx", "domain and use cases are plain Python"),
    "bot/places.py": ("import sqlalchemy", "bot and api speak to use cases, never to drivers"),
    "playground/settings.py": ("import core.domain.ids", "the playground is the outside world"),
    "api/context.py": ("import playground.settings", "the outside world is known to ops alone"),
    "ops/clock.py": ("import migrations.env", "migrations are known to nobody"),
    "core/domain/chat.py": ("import core.domain.notification\nimport core.domain.card", "nouns do not form cycles"),
    "core/domain/card.py": ("import core.domain.chat", "nouns do not form cycles"),
}


def ruff(snippet: str, place: str) -> str:
    done = subprocess.run(
        [BIN / "ruff", "check", "--select", "TID251", "--output-format", "concise", "--stdin-filename", place, "-"],
        input=snippet,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("snippet", BANNED)
def test_what_is_banned_is_found_in_the_product_and_allowed_in_ops(snippet: str) -> None:
    for place in ("core/services/new.py", "bot/dialogs/new.py", "api/routes/new.py"):
        assert BANNED[snippet] in ruff(snippet, place), place
    assert "TID251" not in ruff(snippet, "ops/new.py")


def test_every_contract_is_broken_by_what_it_forbids(tmp_path: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    for package in contracts["root_packages"]:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for place, (line, _) in PLANTED.items():
        with (tmp_path / place).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache", "--no-logo"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 1, done.stdout
    names = [contract["name"] for contract in contracts["contracts"]]
    assert sorted(names) == sorted({name for _, name in PLANTED.values()})
    kept = [name for name in names if f"{name} BROKEN" not in done.stdout]
    assert kept == []
