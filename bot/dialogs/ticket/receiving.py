"""Photos and files for a request: one by one, or an album, whose every picture is a message of its own."""

from aiogram.types import Message, PhotoSize
from aiogram_dialog import DialogManager, ShowMode

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain, note
from bot.dialogs.receiving import fetch, file_of
from bot.dialogs.ticket.position import ALBUM, CAME
from bot.dialogs.typed import at_the_bottom
from core.domain.document import BadFile
from core.domain.ids import TicketId
from core.domain.ticket import TooManyFiles, TooManyRemarks
from core.services.ticket import AttachToTicket


async def receive(message: Message, manager: DialogManager, attach: AttachToTicket, ticket: TicketId | None) -> bool:
    """Take one file and say how many there are; the window is drawn anew once for an album, then edited.

    Raises what AttachToTicket raises about drafts and requests.
    """
    continued = message.media_group_id is not None and message.media_group_id == manager.dialog_data.get(ALBUM)
    manager.dialog_data[ALBUM] = message.media_group_id
    if continued:
        manager.show_mode = ShowMode.EDIT
    else:
        at_the_bottom(manager)
        manager.dialog_data.pop(CAME, None)
    file = file_of(message)
    if file is None:
        note(manager, "document.no_file")
        return False
    name = "photo.jpg" if isinstance(file, PhotoSize) else file.file_name or "file"
    try:
        content = await fetch(message, file)
        await attach(citizen_of(manager), name, content, ticket, message.caption or "")
    except (BadFile, TooManyFiles, TooManyRemarks) as fault:
        explain(manager, fault)
        return False
    manager.dialog_data[CAME] = manager.dialog_data.get(CAME, 0) + 1
    note(manager, "ticket.file_taken", {"count": str(manager.dialog_data[CAME])})
    return True
