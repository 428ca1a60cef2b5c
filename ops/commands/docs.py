"""`python -m ops.commands.docs`: writes what `docs/architecture.md` says by itself, from the code, between its markers."""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import cast

from core.domain import account, application, booking, card, document, notification, signin, verification

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = ("api", "bot", "core", "migrations", "ops", "playground")
SPLIT = "core"
"""The package whose rooms are shown one by one."""

NOUNS = {
    "domain": "core/domain",
    "use cases": "core/services",
    "storage": "core/storage",
    "dialog": "bot/dialogs",
    "desk": "api/routes",
}

MACHINES: Mapping[str, Mapping[StrEnum, frozenset[StrEnum]]] = {
    name: cast("Mapping[StrEnum, frozenset[StrEnum]]", moves)
    for name, moves in (
        ("The account's verification (`core/domain/account.py`)", account.MOVES),
        ("A request for verification (`core/domain/verification.py`)", verification.MOVES),
        ("The application (`core/domain/application/entity.py`)", application.MOVES),
        ("The card (`core/domain/card.py`)", card.MOVES),
        ("A document (`core/domain/document.py`)", document.MOVES),
        ("An attempt to sign in (`core/domain/signin.py`)", signin.MOVES),
        ("A notification (`core/domain/notification/states.py`)", notification.MOVES),
        ("A booking (`core/domain/booking/states.py`)", booking.MOVES),
        ("A place in the waiting list (`core/domain/booking/states.py`)", booking.WAIT_MOVES),
    )
}


def room(module: str) -> str:
    """Return the package that a module is shown in: `bot.dialogs.card` is `bot`, `core.storage.key` is `core.storage`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == SPLIT and len(parts) > 1 else parts[0]


def imports() -> set[tuple[str, str]]:
    """Return which room imports which, by the graph that the import contracts are checked with."""
    from grimp import build_graph  # of the tools that check; what runs does not need it

    graph = build_graph(*PACKAGES)
    found = {
        (room(importer), room(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    return {(importer, imported) for importer, imported in found if importer != imported}


def packages() -> str:
    """Draw the rooms and their imports."""
    lines = ["flowchart TD"]
    edges = sorted(imports())
    inner = sorted({each for edge in edges for each in edge if each.startswith(f"{SPLIT}.")})
    lines += [f"  subgraph {SPLIT}", *(f"    {_id(each)}[{each}]" for each in inner), "  end"]
    lines += [f"  {_id(importer)} --> {_id(imported)}" for importer, imported in edges]
    return _mermaid(lines)


def machines() -> str:
    """Draw every table of moves."""
    return "\n\n".join(f"### {name}\n\n{machine(moves)}" for name, moves in MACHINES.items())


def machine(moves: Mapping[StrEnum, frozenset[StrEnum]]) -> str:
    """Draw one: it begins with the first state of its enumeration, and ends where no way leads on."""
    states = list(type(next(iter(moves))))
    lines = ["stateDiagram-v2", f"  [*] --> {states[0].value}"]
    for state in states:
        onward = [each for each in states if each in moves[state]]
        lines += [f"  {state.value} --> {each.value}" for each in onward]
        if not onward:
            lines.append(f"  {state.value} --> [*]")
    return _mermaid(lines)


def nouns() -> str:
    """Return the table of nouns: which layers have a room of that name."""
    rooms = {layer: dict(_rooms(folder)) for layer, folder in NOUNS.items()}
    names = sorted({name for found in rooms.values() for name in found})
    shared = [name for name in names if sum(name in found for found in rooms.values()) > 1]
    lines = [f"| noun | {' | '.join(NOUNS)} |", f"| --- | {' | '.join('---' for _ in NOUNS)} |"]
    for name in shared:
        cells = (f"`{found[name]}`" if name in found else "" for found in rooms.values())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def collections() -> str:
    """Return the table of collections: the Protocol, and the class that keeps it."""
    lines = ["| collection | in | kept by |", "| --- | --- | --- |"]
    for protocol, twin in sorted(_twins()):
        module, _, name = protocol.rpartition(".")
        keeper, _, kept_by = twin.rpartition(".")
        lines.append(f"| `{name}` | `{module}` | `{kept_by}` in `{keeper}` |")
    return "\n".join(lines)


PARTS: Mapping[str, Callable[[], str]] = {
    "packages": packages,
    "nouns": nouns,
    "machines": machines,
    "collections": collections,
}
"""What stands between `<!-- name -->` and `<!-- /name -->`."""


def written(page: str) -> str:
    """Return the page with every generated part as the code has it now. ValueError when a marker is missing."""
    for name, make in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        head, found, rest = page.partition(begin)
        _, ended, tail = rest.partition(end)
        if not (found and ended):
            raise ValueError(f"{PAGE.name} has no place for {name}: {begin} and {end}")
        page = f"{head}{begin}\n\n{make()}\n\n{end}{tail}"
    return page


def main() -> None:
    """Write the page anew where it differs."""
    before = PAGE.read_text("utf-8")
    after = written(before)
    if after != before:
        PAGE.write_text(after, "utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} {'is written anew' if after != before else 'is up to date'}.\n")


def _rooms(folder: str) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / folder).iterdir()):
        if path.suffix == ".py" and path.stem != "__init__":
            yield path.stem, f"{path.stem}.py"
        elif (path / "__init__.py").exists():
            yield path.name, f"{path.name}/"


def _twins() -> Iterator[tuple[str, str]]:
    # Read, not imported: a class says in its docstring which Protocol it keeps.
    for path in sorted((ROOT / "core" / "storage").rglob("*.py")):
        for each in ast.parse(path.read_text("utf-8")).body:
            if isinstance(each, ast.ClassDef):
                kept = re.match(r"`(core\.domain\.[\w.]+)`", ast.get_docstring(each) or "")
                if kept:
                    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                    yield kept[1], f"{module}.{each.name}"


def _id(name: str) -> str:
    return name.replace(".", "_")


def _mermaid(lines: list[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```"])


if __name__ == "__main__":
    main()
