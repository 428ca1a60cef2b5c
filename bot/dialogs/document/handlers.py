"""Scans taken from the chat, shown, relabelled, removed."""

from uuid import UUID

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode, StartMode
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import begin, citizen_of
from bot.dialogs.document.getters import ASKING, FLOW, KIND, OPEN, SURE, TAKEN, free_kinds, kind_for
from bot.dialogs.notice import NOTICES, carried, explain, note, with_earlier
from bot.dialogs.receiving import fetch, file_of, said_kind
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Card, Documents
from core.domain.account import WrongMove
from core.domain.application import Blocked, NoApplication
from core.domain.consent import NoConsent
from core.domain.document import BadFile, DocumentNotThere, Kind, Purpose
from core.domain.ids import DocumentId
from core.services.application import ViewApplication
from core.services.document import DocumentList, ListDocuments, RelabelDocument, RemoveDocument, UploadDocument

ALBUM, SAID = "album", "said"
"""In the dialog's store: the album under way, and what was said of its files so far."""


@inject
async def on_start(start_data: object, manager: DialogManager, view: FromDishka[ViewApplication]) -> None:
    """Remember whether an application is open: without one, scans are asked for again only where one was refused."""
    if not await begin(start_data, manager):
        return
    manager.dialog_data[FLOW] = isinstance(start_data, dict) and bool(start_data.get(FLOW))
    try:
        await view(citizen_of(manager))
    except NoApplication:
        manager.dialog_data[OPEN] = False
    else:
        manager.dialog_data[OPEN] = True


@inject
async def on_file(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    documents: FromDishka[ListDocuments],
    upload: FromDishka[UploadDocument],
) -> None:
    """A file, or one of an album: each is a message of its own. The window is drawn anew once, then edited in place."""
    continued = message.media_group_id is not None and message.media_group_id == manager.dialog_data.get(ALBUM)
    before = manager.dialog_data.get(SAID, []) if continued else []
    manager.dialog_data[ALBUM] = message.media_group_id
    if continued:
        manager.show_mode = ShowMode.EDIT
    else:
        at_the_bottom(manager)
    manager.dialog_data.pop(ASKING, None)
    await receive(message, manager, await documents(citizen_of(manager), Purpose.APPLICATION), upload)
    said = with_earlier(before, manager)
    manager.dialog_data[NOTICES] = said
    manager.dialog_data[SAID] = list(said)


async def receive(message: Message, manager: DialogManager, documents: DocumentList, upload: UploadDocument) -> None:
    """Take one file for the kind that was picked, named, or comes next."""
    file = file_of(message)
    if file is None:
        note(manager, "document.text_sent" if message.text else "document.no_file")
        return
    if manager.current_context().state == Documents.one:
        kind: Kind | None = Kind(manager.dialog_data[KIND])
    else:
        kind = said_kind(message, free_kinds(documents)) or kind_for(documents, manager)
    if kind is None:
        is_open = manager.dialog_data.get(OPEN, True)
        note(manager, "document.all_there" if is_open else "document.no_application")
        return
    try:
        content = await fetch(message, file)
        await upload(citizen_of(manager), Purpose.APPLICATION, kind, content)
    except BadFile as fault:
        note(manager, f"document.not_taken.{kind.value}")
        explain(manager, fault)
        return
    except NoApplication:
        manager.dialog_data[OPEN] = False
        note(manager, "document.no_application")
        return
    except (Blocked, DocumentNotThere, NoConsent) as refusal:
        explain(manager, refusal)
        return
    note(manager, f"document.taken.{kind.value}")
    manager.dialog_data[TAKEN] = kind.value
    await manager.switch_to(Documents.list)
    await forget(message)


async def on_kind(_callback: CallbackQuery, _widget: object, manager: DialogManager, kind: str) -> None:
    """One kind: what is there, and the next file is for it."""
    manager.dialog_data[KIND] = Kind(kind).value
    manager.dialog_data.pop(SURE, None)
    await manager.switch_to(Documents.one)


async def on_doubt(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Это другой документ»: which one, then?"""
    manager.dialog_data[ASKING] = True


async def on_no_doubt(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """It was taken for the right kind after all."""
    manager.dialog_data.pop(ASKING, None)


@inject
async def on_relabel(
    _callback: CallbackQuery,
    _widget: object,
    manager: DialogManager,
    kind: str,
    documents: FromDishka[ListDocuments],
    relabel: FromDishka[RelabelDocument],
) -> None:
    """The last file is of another kind; what stood there takes its place."""
    citizen, listed = citizen_of(manager), await documents(citizen_of(manager), Purpose.APPLICATION)
    taken, wanted = manager.dialog_data.pop(TAKEN, None), Kind(kind)
    manager.dialog_data.pop(ASKING, None)
    document = listed.of(Kind(taken)) if taken else None
    if document is None:
        note(manager, "state.changed_meanwhile")
        return
    try:
        await relabel(citizen, document.id, wanted)
    except (Blocked, DocumentNotThere, NoConsent, WrongMove) as refusal:
        explain(manager, refusal)
        return
    manager.dialog_data[TAKEN] = wanted.value
    note(manager, f"document.taken.{wanted.value}")


async def on_ask_remove(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Removing takes a second tap."""
    manager.dialog_data[SURE] = True


@inject
async def on_remove(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, document: str, remove: FromDishka[RemoveDocument]
) -> None:
    """Removed."""
    try:
        await remove(citizen_of(manager), DocumentId(UUID(document)))
    except (Blocked, DocumentNotThere, WrongMove) as refusal:
        explain(manager, refusal)
    else:
        note(manager, f"document.removed.{manager.dialog_data[KIND]}")
    await on_list(_callback, _widget, manager)


async def on_list(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Back to the list."""
    for name in (KIND, SURE, TAKEN, ASKING):
        manager.dialog_data.pop(name, None)
    await manager.switch_to(Documents.list)


async def on_next(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """On to what the application wants next."""
    await manager.start(Card.field, data=carried(manager), mode=StartMode.RESET_STACK)
