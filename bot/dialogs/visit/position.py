"""Where a person stands among the visits: what they are narrowed down to, the open visit, what is ticked. Ids alone."""

from collections.abc import Sequence
from uuid import UUID

from aiogram_dialog import DialogManager

from bot.dialogs.astray import an_id, kept_id
from bot.dialogs.paging import PAGE
from bot.dialogs.period import span_of
from core.domain.ids import RecordId
from core.domain.record.history import Filters

SPECIALITY, INSTITUTION, VISIT = "speciality", "institution", "visit"
TICKED, TERM, PICK_PAGE, HANDED_PAGE = "ticked", "term", "pick_page", "handed_page"
ANY = "any"
"""Instead of a speciality or an institution: all of them."""


def filters_of(manager: DialogManager) -> Filters:
    """Return what was chosen: everything, until something was."""
    return Filters(span_of(manager), _known(manager, SPECIALITY), _known(manager, INSTITUTION))


def choose(manager: DialogManager, key: str, item: str) -> None:
    """Keep a speciality or an institution, by a visit that has it; the list begins anew."""
    if item == ANY:
        manager.dialog_data.pop(key, None)
    else:
        manager.dialog_data[key] = item
    manager.dialog_data[PAGE] = 1


def visit_of(manager: DialogManager) -> RecordId:
    """Return the open visit. Raises NotOffered where none is."""
    return RecordId(kept_id(manager, VISIT))


def ticked_of(manager: DialogManager) -> Sequence[RecordId]:
    """Return the visits that are ticked, in the order of ticking."""
    kept: list[str] = manager.dialog_data.get(TICKED, [])
    return [RecordId(UUID(each)) for each in kept]


def tick(manager: DialogManager, item: str) -> None:
    """Tick a visit, or take the tick back."""
    kept: list[str] = manager.dialog_data.get(TICKED, [])
    manager.dialog_data[TICKED] = [each for each in kept if each != item] if item in kept else [*kept, item]


def an_id_or_any(item: str) -> str:
    """Read the item of a pressed button: an id of a visit, or all. Raises NotOffered."""
    return item if item == ANY else an_id(item)


def _known(manager: DialogManager, key: str) -> RecordId | None:
    kept: str | None = manager.dialog_data.get(key)
    return None if kept is None else RecordId(UUID(kept))
