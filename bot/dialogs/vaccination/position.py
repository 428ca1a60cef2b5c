"""Where a person stands in the vaccinations: the open dose, the open claim. Ids and positions, nothing typed."""

from aiogram_dialog import DialogManager

from bot.dialogs.astray import NotOffered, kept_id
from core.domain.ids import ClaimId, RecordId
from core.domain.vaccination import ClaimKind

DOSE, CLAIM, FIXING, VACCINE_PAGE = "dose", "claim", "fixing", "vaccine_page"
"""FIXING: an answer of a filled-in draft is changed, and then its summary is shown again."""
CORRECTING = "correcting"
"""The windows of answers are for a correction."""


def dose_of(manager: DialogManager) -> RecordId:
    """Return the open dose. Raises NotOffered where none is."""
    return RecordId(kept_id(manager, DOSE))


def claim_of(manager: DialogManager) -> ClaimId:
    """Return the open claim. Raises NotOffered where none is."""
    return ClaimId(kept_id(manager, CLAIM))


def a_place(item: str) -> int:
    """Read the item of a pressed button: a place in the list of vaccines. Raises NotOffered."""
    if not (item.isascii() and item.isdecimal()) or len(item) > 4:
        raise NotOffered
    return int(item)


def kind_of(manager: DialogManager) -> ClaimKind:
    """Return what is put together."""
    return ClaimKind.CORRECTION if manager.dialog_data.get(CORRECTING) else ClaimKind.NEW
