"""Where a person stands in the results: the category, the open record. Ids and positions, nothing typed."""

from collections.abc import Sequence
from uuid import UUID

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager

from bot.dialogs.astray import NotOffered, kept_id
from bot.states import Results
from core.domain.ids import RecordId
from core.domain.record import Category

EVERY = "all"
"""Instead of a category: all of them."""
CATEGORY, PANEL, PANEL_PAGE, RECORD, COURSE_PAGE, FOUND, CAME_FROM = (
    "category", "panel", "panel_page", "record", "course_page", "found", "came_from",
)  # fmt: skip
WAYS: dict[str, State] = {"list": Results.list, "panel": Results.panel, "search": Results.search}
"""Where the course of a value is opened from, and goes back to."""


def category_of(manager: DialogManager) -> Category | None:
    """Return the chosen category, None for all."""
    chosen = manager.dialog_data.get(CATEGORY, EVERY)
    return None if chosen == EVERY else Category(chosen)


def record_of(manager: DialogManager, key: str) -> RecordId:
    """Return the open record. Raises NotOffered where none is."""
    return RecordId(kept_id(manager, key))


def found_of(manager: DialogManager) -> Sequence[RecordId] | None:
    """Return what was found, None before anything was looked for."""
    kept: list[str] | None = manager.dialog_data.get(FOUND)
    return None if kept is None else [RecordId(UUID(each)) for each in kept]


def a_category(item: str) -> str:
    """Read the item of a pressed button: a category, or all. Raises NotOffered."""
    if item not in {EVERY, *(category.value for category in Category)}:
        raise NotOffered
    return item


def came_from(manager: DialogManager, way: str) -> None:
    """Remember the way into a course, which begins with its first page."""
    manager.dialog_data.update({CAME_FROM: way, COURSE_PAGE: 1})
