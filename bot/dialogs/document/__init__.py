"""The application's scans: sent in any order, one by one or as an album; replaced, relabelled, removed."""

from datetime import UTC, datetime
from typing import Any

from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Group, Row, Select, Start
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import an_id, one_of
from bot.dialogs.citizen import for_citizens
from bot.dialogs.document.getters import KIND, TAKEN, list_getter, one_getter, show_list, show_one
from bot.dialogs.document.handlers import (
    on_ask_remove,
    on_doubt,
    on_file,
    on_kind,
    on_list,
    on_next,
    on_no_doubt,
    on_relabel,
    on_remove,
    on_start,
)
from bot.dialogs.notice import NOTICE
from bot.dialogs.parts import DANGER, forward, leads, lists, preview, to_menu
from bot.states import Card, Documents
from bot.text import Ready, T
from core.domain.document import Document, DocumentState, Kind, Purpose, kinds_for
from core.domain.ids import AccountId, DocumentId, new_id
from core.services.document import DocumentList

KINDS = kinds_for(Purpose.APPLICATION, benefits=True)
DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def _sample(kind: Kind, state: DocumentState, reason: str | None = None) -> Document:
    owner, own = AccountId(new_id(DAY)), DocumentId(new_id(DAY))
    return Document(own, owner, Purpose.APPLICATION, kind, state, "application/pdf", 120_000, 2, DAY, reason)


def sample() -> DocumentList:
    """Return an invented list with one of each: there, refused, missing, optional."""
    return DocumentList(
        (Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION, Kind.DISABILITY),
        (
            _sample(Kind.PASSPORT, DocumentState.RECEIVED),
            _sample(Kind.SNILS, DocumentState.REFUSED, "Не видно номера: снимите без блика"),
        ),
        (Kind.SNILS, Kind.REGISTRATION),
    )


def _listed(manager: DialogManager) -> dict[str, Any]:
    manager.dialog_data[TAKEN] = Kind.PASSPORT.value
    return show_list(sample(), manager)


def list_window() -> Window:
    """The list; the next file fills the first gap."""
    return Window(
        Multi(
            NOTICE,
            T("document.title"),
            T("document.closed", when="closed"),
            Ready("lines"),
            T("document.which", when="asking"),
            T("document.next", when="wanted"),
            T("document.optional", when="optional"),
            T("document.how", when="asked"),
            T("document.complete", when="complete"),
            sep="\n\n",
        ),
        forward("document.go_on", "list_next", on_next, when="complete"),
        lists("list_is", "others", one_of(*KINDS), on_relabel),
        Button(T("document.no_doubt"), id="list_same", on_click=on_no_doubt, when="asking"),
        Button(T("document.doubt"), id="list_other", on_click=on_doubt, when="doubtful"),
        Group(lists("list_kind", "kinds", one_of(*KINDS), on_kind), width=2),
        Button(T("document.to_card"), id="list_card", on_click=on_next, when="to_card"),
        Start(
            T("document.benefits"),
            id="list_benefits",
            state=Card.benefits,
            mode=StartMode.RESET_STACK,
            when="is_open",
        ),
        to_menu("list_menu"),
        MessageInput(on_file),
        state=Documents.list,
        getter=list_getter,
        preview_data=preview(_listed),
        preview_add_transitions=leads(Documents.one, Card.field),
    )


def _opened(manager: DialogManager) -> dict[str, Any]:
    manager.dialog_data[KIND] = Kind.SNILS.value
    return show_one(sample(), manager)


def one_window() -> Window:
    """One kind: a file sent here is for it."""
    return Window(
        Multi(
            NOTICE,
            Ready("line"),
            T("document.sent_at", when="there"),
            Ready("hint"),
            T("document.replace", when="there"),
            T("document.send", when="absent"),
            T("document.sure", when="sure"),
            sep="\n\n",
        ),
        Button(T("document.remove"), id="one_remove", on_click=on_ask_remove, when="removable"),
        Select(
            T("document.remove_yes"),
            id="one_sure",
            item_id_getter=str,
            items="document",
            type_factory=an_id,
            when="document",
            on_click=on_remove,
            style=DANGER,
        ),
        Row(Button(T("document.to_list"), id="one_list", on_click=on_list), to_menu("one_menu")),
        MessageInput(on_file),
        state=Documents.one,
        getter=one_getter,
        preview_data=preview(_opened),
        preview_add_transitions=leads(Documents.list),
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Documents`."""
    return for_citizens(Dialog(list_window(), one_window(), on_start=on_start))
