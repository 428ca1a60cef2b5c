"""Where somebody is in their requests: ids and numbers of pages, never words."""

from uuid import UUID

from aiogram_dialog import DialogManager

from core.domain.ids import TicketId
from core.domain.ticket import TicketNotThere

TICKET, TALK_PAGE, FILES_PAGE, REGION, CENTRES_PAGE = "ticket", "talk_page", "files_page", "region", "centres_page"
ALBUM, CAME = "album", "came"
"""In the dialog's store. `CAME`: files of the album that is under way."""


def ticket_of(manager: DialogManager) -> TicketId:
    """Return the request that is open. Raises TicketNotThere."""
    try:
        return TicketId(UUID(manager.dialog_data.get(TICKET) or ""))
    except ValueError:
        raise TicketNotThere from None


def open_ticket(manager: DialogManager, ticket: str) -> None:
    """Turn to a request, at its newest words. Raises ValueError for what is no id."""
    manager.dialog_data[TICKET] = str(UUID(ticket))
    for page in (TALK_PAGE, FILES_PAGE):
        manager.dialog_data.pop(page, None)


def begun_with(data: object, name: str) -> str:
    """Return what the dialog was begun with."""
    return str(data.get(name) or "") if isinstance(data, dict) else ""
