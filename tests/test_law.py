"""What import contracts cannot say: where things stand, how they are named, how long they are, what may not be written."""

import ast
import os
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {".git", ".venv", "var", "build", "shots", "__pycache__", ".hypothesis"}
MADE = ("_cache", ".egg-info")
PRODUCT = ("api", "bot", "core", "migrations", "ops", "playground")
UNTAUGHT = {"tests", "bench"}
"""Python that stands beside the product: it may import everything, nobody may import it."""

LONGEST = 300
LONGER: dict[str, str] = {}
"""Files past the length, each with its reason."""

FORBIDDEN = {"utils", "helpers", "common", "manager", "misc", "base", "process", "handle", "data"}
ALLOWED = {"core/storage/base.py": "the base of SQLAlchemy's tables is called so everywhere"}

NOUNS = {
    "account": "domain services storage dialogs",
    "application": "domain services storage",
    "card": "domain services storage dialogs",
    "chat": "domain services storage",
    "code": "domain services storage",
    "consent": "domain services storage dialogs",
    "document": "domain services storage dialogs routes",
    "notification": "domain services storage routes",
    "region": "domain",
    "reminder": "domain services storage",
    "signin": "domain services storage dialogs routes",
    "staff": "domain services storage routes",
    "subscription": "domain services storage dialogs",
    "clinic": "domain services storage routes",
    "resource": "domain services storage routes",
    "update": "domain services storage routes",
    "verification": "domain services storage routes",
    "audit": "domain services storage routes",
    "idempotency": "domain services storage",
    "live": "domain services storage routes",
    "page": "domain services storage routes",
    "activity": "domain services storage dialogs",
    "access": "domain services",
    "extract": "domain services storage dialogs routes",
    "booking": "domain services storage dialogs",
    "appointment": "dialogs routes",
    "broadcast": "domain services storage routes",
    "record": "domain services storage",
    "schedule": "domain services storage routes",
    "speciality": "domain",
    "result": "dialogs",
    "visit": "dialogs",
    "handover": "domain services storage routes",
    "factor": "domain services storage dialogs",
    "proof": "domain services storage routes",
    "vaccination": "domain services storage dialogs routes",
    "support": "domain",
    "worktime": "domain services storage routes",
    "knowledge": "domain services storage dialogs routes",
    "ticket": "domain services storage dialogs routes",
    "conversation": "domain services storage dialogs routes",
    "canned": "domain services storage routes",
    "team": "domain services storage routes",
    "sla": "domain services storage routes",
    "figures": "domain services storage routes",
    "hook": "domain services storage routes",
    "past": "domain storage",
}
"""Where each noun stands, under its own name. A new noun is a new line; a new room of an old one, a new word."""

OTHERS = {
    "domain": "actor browser cells consent_texts distress identifiers ids lockout reach",
    "services": "telling",
    "storage": "alive base engine glance key mark rotation schema straight token trail transaction",
    "dialogs": "astray calendar citizen fitting help menu notice paging parts period pointing portal_link receiving shown "
    "talking typed",
    "routes": "health queue slip talks verify",
}
"""What is no noun, and serves several of them."""

LAYERS = {
    "domain": "core/domain",
    "services": "core/services",
    "storage": "core/storage",
    "dialogs": "bot/dialogs",
    "routes": "api/routes",
}

UNFINISHED = [rf"pytest\.{word}" for word in ("skip", "importorskip", "xfail", r"mark\.skip", r"mark\.xfail")]
UNFINISHED += [rf"\b{first}{second}\b" for first, second in (("TO", "DO"), ("FIX", "ME"))]
WRITTEN = {".py", ".js", ".css", ".html", ".md", ".toml", ".yaml", ".po", ".mako", ".sh"}


@cache
def tree() -> tuple[Path, ...]:
    """Every file of ours."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.endswith(MADE)]
        found += [Path(folder) / name for name in names]
    return tuple(found)


def files(*folders: str, ending: str | None = ".py") -> list[Path]:
    """Every file of ours with the ending, in the folders or everywhere."""
    return [
        path
        for path in tree()
        if ending in {None, path.suffix} and (not folders or path.relative_to(ROOT).parts[0] in folders)
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def project() -> dict[str, dict[str, object]]:
    tool: dict[str, dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    return tool


def test_every_package_is_under_the_law() -> None:
    packages = {path.relative_to(ROOT).parts[0] for path in files() if path.parent != ROOT}
    assert packages - UNTAUGHT == set(PRODUCT)
    assert project()["importlinter"]["root_packages"] == list(PRODUCT)


def test_only_the_transaction_commits() -> None:
    committing = {
        name_of(path)
        for path in files(*PRODUCT)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing == {"core/storage/transaction.py"}


def test_no_file_is_past_its_length() -> None:
    long = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in files()}
    long = {name: length for name, length in long.items() if length > LONGEST}
    assert {name: length for name, length in long.items() if name not in LONGER} == {}
    assert set(LONGER) <= set(long), "an exception that nobody needs any more"


def test_every_file_has_a_name_that_says_something() -> None:
    named = {name_of(path) for path in files() if FORBIDDEN & {path.stem, *path.relative_to(ROOT).parent.parts}}
    assert named == set(ALLOWED)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_noun_stands_where_the_table_says(layer: str) -> None:
    found = {
        path.stem if path.suffix == ".py" else path.name
        for path in (ROOT / LAYERS[layer]).iterdir()
        if path.name not in {"__init__.py", "__pycache__"} and (path.suffix == ".py" or path.is_dir())
    }
    nouns = {noun for noun, layers in NOUNS.items() if layer in layers.split()}
    assert found == nouns | set(OTHERS[layer].split())


def test_nothing_unfinished_is_left() -> None:
    unfinished = re.compile("|".join(UNFINISHED))
    found = [
        f"{name_of(path)}:{number}"
        for path in files(ending=None)
        if path.suffix in WRITTEN
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if unfinished.search(line) and path != Path(__file__)
    ]
    assert found == []


def test_what_is_unfinished_would_be_found() -> None:
    unfinished = re.compile("|".join(UNFINISHED))
    for line in ("@pytest.mark.ski" + "p", "pytest.xfai" + "l()", "# TO" + "DO later", "# FIX" + "ME"):
        assert unfinished.search(line), line


def test_locks_and_settings_name_no_place() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"://|^-|^#|file:|/", text, re.MULTILINE), name
        pins = re.findall(r"^[a-z0-9].*$", text, re.MULTILINE)
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins), name


def test_the_lock_for_tests_holds_the_lock_for_running() -> None:
    run, dev = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run < dev
