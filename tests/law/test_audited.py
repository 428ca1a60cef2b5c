"""Every use case that somebody at the desk can call leaves a line in the journal, or says here why it does not."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2] / "core" / "services"
ACTORS = {"Staff", "Actor"}
UNAUDITED = {
    "ticket/enclosing.py:Enclosing": "checks the files of an answer, shows nothing; the answer that takes them has its line",
    "team.py:NotePresent": "attendance, noted by the open page itself every half a minute; a change by hand has its line",
    "conversation/noting.py:ShowTyping": "tells that somebody writes and nothing of what; it is kept nowhere",
    "conversation/hearing.py:ReadEvents": "the missed part of a stream, numbers without a word; its opening has its line",
    "conversation/hearing.py:SightOf": "a member's own rights",
}
"""Those that leave none, each with its reason: by their places, so that no namesake is excused along with them."""


@dataclass
class Kind:
    """A class of the use cases: its methods, and the types of its fields as far as they are classes too."""

    methods: dict[str, ast.AsyncFunctionDef | ast.FunctionDef] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    functions: dict[str, ast.AsyncFunctionDef | ast.FunctionDef] = field(default_factory=dict)


def kinds(sources: dict[str, str]) -> dict[str, Kind]:
    """Read the classes by their names, each with the functions of its module."""
    found: dict[str, Kind] = {}
    for name, text in sources.items():
        body = ast.parse(text).body
        functions = {each.name: each for each in body if isinstance(each, ast.AsyncFunctionDef | ast.FunctionDef)}
        for each in body:
            if isinstance(each, ast.ClassDef):
                kind = Kind(functions=functions)
                for part in each.body:
                    if isinstance(part, ast.AsyncFunctionDef | ast.FunctionDef):
                        kind.methods[part.name] = part
                    elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                        kind.fields[part.target.id] = ast.unparse(part.annotation)
                found[f"{name}:{each.name}"] = kind
    return found


def named(every: dict[str, Kind], name: str) -> Iterator[Kind]:
    return (kind for place, kind in every.items() if place.rpartition(":")[2] == name)


def audits(every: dict[str, Kind], kind: Kind, method: str, seen: set[tuple[int, str]]) -> bool:
    """Whether a method writes a line, itself or by what it calls."""
    function = kind.methods.get(method) or kind.functions.get(method)
    if function is None or (id(kind), method) in seen:
        return False
    seen.add((id(kind), method))
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    reached = [each for call in calls for each in called(every, kind, call)]
    return any(map(writes, calls)) or any(audits(every, *each, seen) for each in reached)


def writes(call: ast.Call) -> bool:
    """Whether it is a line."""
    return ast.unparse(call.func) in {"self.audit.record", "audit.record"}


def called(every: dict[str, Kind], kind: Kind, call: ast.Call) -> Iterator[tuple[Kind, str]]:
    """Give the methods and functions of ours that a call reaches."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            yield kind, name
            for each in named(every, kind.fields.get(name, "")):
                yield each, "__call__"
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="self"), attr=owner), attr=name):
            for each in named(every, kind.fields.get(owner, "")):
                yield each, name
        case ast.Name(id=name) if name in kind.functions:
            yield kind, name
            yield from given(every, kind, kind.functions[name], {ast.unparse(each) for each in call.args})


def given(
    every: dict[str, Kind], kind: Kind, function: ast.AsyncFunctionDef | ast.FunctionDef, passed: set[str]
) -> Iterator[tuple[Kind, str]]:
    """Give what a function calls of the fields that are passed on to it."""
    types = {type_ for name, type_ in kind.fields.items() if f"self.{name}" in passed}
    owners = {arg.arg: ast.unparse(arg.annotation) for arg in function.args.args if arg.annotation is not None}
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        match call.func:
            case ast.Attribute(value=ast.Name(id=name), attr=method) if owners.get(name) in types:
                for each in named(every, owners[name]):
                    yield each, method


def of_staff(kind: Kind) -> bool:
    called = kind.methods.get("__call__")
    if not isinstance(called, ast.AsyncFunctionDef):
        return False
    told = [*called.args.args, *called.args.kwonlyargs]
    return any(arg.annotation is not None and ACTORS & set(ast.unparse(arg.annotation).split(" | ")) for arg in told)


def silent(sources: dict[str, str]) -> set[str]:
    """Return the use cases of the desk that leave no line."""
    every = kinds(sources)
    return {
        place
        for place, kind in every.items()
        if of_staff(kind) and "transaction" in kind.fields and not audits(every, kind, "__call__", set())
    }


def test_every_use_case_of_the_desk_leaves_a_line_or_a_reason() -> None:
    sources = {path.relative_to(SERVICES).as_posix(): path.read_text("utf-8") for path in SERVICES.rglob("*.py")}
    assert sum(of_staff(kind) for kind in kinds(sources).values()) > 100
    assert silent(sources) == set(UNAUDITED)


USE_CASE = """
class Look:
    transaction: Transaction
    floor: Floor

    async def __call__(self, staff: Staff) -> None:
        {body}


class Floor:
    audit: AuditLog

    def note(self) -> None:
        self.audit.record()

    def seen(self) -> None: ...
"""


def test_a_use_case_that_leaves_none_is_found() -> None:
    assert silent({"look.py": USE_CASE.format(body="self.floor.note()")}) == set()
    assert silent({"look.py": USE_CASE.format(body="self.floor.seen()")}) == {"look.py:Look"}


def test_a_namesake_is_not_excused_along() -> None:
    silently = USE_CASE.format(body="self.floor.seen()")
    assert silent({"look.py": silently, "search.py": silently}) == {"look.py:Look", "search.py:Look"}
