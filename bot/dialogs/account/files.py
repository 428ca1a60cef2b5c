"""One window for a whole album: each of its files is an update of its own."""

from typing import Any

from aiogram.types import Message
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs.notice import NOTICES, with_earlier
from bot.dialogs.typed import at_the_bottom

ALBUM = "album"
"""In the dialog's store: the album under way and what was said of its files so far."""


def begin_file(manager: DialogManager, message: Message) -> list[dict[str, Any]]:
    """Return what was said of the album's earlier files: each file is an update of its own, in one window for all."""
    album: dict[str, Any] = manager.dialog_data.get(ALBUM, {})
    if message.media_group_id is None or message.media_group_id != album.get("id"):
        at_the_bottom(manager)
        return []
    manager.show_mode = ShowMode.EDIT
    return list(album[NOTICES])


def end_file(manager: DialogManager, message: Message, before: list[dict[str, Any]]) -> None:
    """Say the outcomes of all the album's files."""
    told = with_earlier(before, manager)
    manager.dialog_data[NOTICES] = told
    manager.dialog_data[ALBUM] = {"id": message.media_group_id, NOTICES: list(told)}
