"""The documents say what is so: generated parts are fresh, what they name exists, the worked example follows the tree."""

import ast
import re
from pathlib import Path

import pytest

from ops.commands import docs
from ops.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
OURS = ("api", "bot", "core", "ops", "playground", "tests")
BLOCK = re.compile(r"(?:^`(?P<path>[\w/]+\.py)`\n\n)?^```python\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_architecture_page_is_what_the_code_says_now() -> None:
    page = docs.PAGE.read_text("utf-8")
    assert page == docs.written(page), "stale: run `make docs`"


def test_a_page_without_a_place_for_a_generated_part_is_refused() -> None:
    with pytest.raises(ValueError, match="packages"):
        docs.written("# A page\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    for file, name in re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", page.read_text("utf-8")):
        if file in examples():
            continue
        path = ROOT / file
        assert path.exists(), f"{page.name} names {file}, which is not there"
        assert not name or re.search(rf"def {name}\(", path.read_text("utf-8")), f"{page.name}: {file} has no {name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_ours_that_a_page_names_exists(page: Path) -> None:
    for file in re.findall(rf"`((?:{'|'.join(OURS)}|docs|locales|migrations)/[\w/.-]+)`", page.read_text("utf-8")):
        made_up = file in examples() or "/kin." in file
        assert made_up or (ROOT / file).exists(), f"{page.name} names {file}"


def test_every_setting_that_a_page_sets_is_a_setting() -> None:
    known = {name.upper() for name in Settings.model_fields}
    for page in (ROOT / "README.md", ROOT / "docs" / "administrators.md"):
        text = page.read_text("utf-8")
        told = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", text)) | set(
            re.findall(r"^ *([A-Z]+_[A-Z_]+)=", text, re.MULTILINE)
        )
        strange = {name for name in told - known if not name.startswith(("MEDKARTA_", "STAFF_", "WALK_"))}
        assert not strange, f"{page.name} names settings that are none: {strange}"


def test_every_decision_is_on_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_the_worked_example_imports_what_is_there() -> None:
    made = {path.removesuffix(".py").replace("/", "."): defined(code) for path, code in examples().items()}
    made["bot.states"] = defined((ROOT / "bot" / "states.py").read_text("utf-8")) | {"Kin"}
    for path, code in examples().items():
        for node in ast.walk(ast.parse(code)):
            if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] not in OURS:
                continue
            module = node.module or ""
            there = made[module] if module in made else defined(source(module))
            lacking = {each.name for each in node.names} - there
            assert not lacking, f"{path} imports {lacking} from {module}"


def test_the_worked_example_uses_words_that_it_writes() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    used = set(re.findall(r'"(kin\.\w+)"', examples()["bot/dialogs/kin.py"]))
    written = re.findall(r'^msgid "(kin\.\w+)"', text, re.MULTILINE)
    assert used == set(written)
    assert all(written.count(key) == len(("ru", "en")) for key in used)


def examples() -> dict[str, str]:
    """The files that the worked example writes."""
    found = BLOCK.finditer((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    return {each["path"]: each["code"] for each in found if each["path"]}


def source(module: str) -> str:
    """The text of a module of ours."""
    path = ROOT.joinpath(*module.split("."))
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")


def defined(code: str) -> set[str]:
    """The names that a module has at its top."""
    found: set[str] = set()
    for node in ast.parse(code).body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {each.id for each in targets if isinstance(each, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found |= {alias.asname or alias.name for alias in aliases}
    return found


def test_every_event_of_the_logs_is_told_to_administrators() -> None:
    page = (ROOT / "docs" / "administrators.md").read_text("utf-8")
    logged = {
        name
        for package in ("api", "bot", "core", "ops")
        for file in (ROOT / package).rglob("*.py")
        for name in re.findall(r'\blog\.(?:info|warning|error|exception)\(\s*"([\w.]+)"', file.read_text("utf-8"))
    }
    assert len(logged) > 30
    untold = {name for name in logged if f"`{name}`" not in page}
    assert not untold, f"docs/administrators.md does not say what these mean: {sorted(untold)}"
