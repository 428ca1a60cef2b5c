"""What the windows of the scans show."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import take
from bot.dialogs.shown import shown_moment
from bot.text import escaped, language_of
from bot.words import say
from core.domain.document import OPTIONAL, Document, DocumentState, Kind, Purpose
from core.services.document import DocumentList, ListDocuments

KIND, TAKEN, ASKING, OPEN, SURE = "kind", "taken", "asking", "open", "sure"
"""In the dialog's store: the kind looked at, the kind that the last file was taken for, whether it is asked what that file is,
whether an application is open, whether removal was asked for."""
FLOW = "flow"
"""The application sent the person here, and waits."""


@inject
async def list_getter(
    dialog_manager: DialogManager, documents: FromDishka[ListDocuments], **_data: Any
) -> dict[str, Any]:
    """The list."""
    return show_list(await documents(citizen_of(dialog_manager), Purpose.APPLICATION), dialog_manager)


def kind_for(documents: DocumentList, manager: DialogManager) -> Kind | None:
    """Return what the next file is taken for; without an open application only what was refused is asked for again."""
    if manager.dialog_data.get(OPEN, True):
        return documents.next_kind
    return next((each.kind for each in documents.documents if each.state is DocumentState.REFUSED), None)


def show_list(documents: DocumentList, manager: DialogManager) -> dict[str, Any]:
    """Return what is there, missing and refused."""
    language, is_open = language_of(manager), bool(manager.dialog_data.get(OPEN, True))
    wanted = kind_for(documents, manager)
    closed = not is_open and wanted is None
    kinds = documents.wanted if is_open else tuple(each.kind for each in documents.documents)
    complete = not documents.missing
    taken = manager.dialog_data.get(TAKEN)
    others = tuple(kind for kind in documents.wanted if kind.value != taken) if is_open and taken else ()
    asking = bool(manager.dialog_data.get(ASKING)) and bool(others)
    return {
        **take(manager),
        "lines": "\n".join(line_of(kind, documents.of(kind), language) for kind in kinds),
        "closed": closed,
        "asked": not closed and wanted is not None and not asking,
        "next": say(f"document.kind.{wanted.value}", language) if wanted else "",
        "optional": is_open and complete and wanted in OPTIONAL and not asking,
        "wanted": not closed and wanted is not None and wanted not in OPTIONAL and not asking,
        "complete": is_open and complete and not asking,
        "is_open": is_open,
        "to_card": closed or (is_open and not complete and not manager.dialog_data.get(FLOW)),
        "kinds": [] if closed or asking else labelled(kinds, language),
        "others": labelled(others, language) if asking else [],
        "asking": asking,
        "at_rest": not asking,
        "was": say(f"document.kind.{taken}", language) if taken else "",
        "doubtful": bool(others) and not asking,
    }


def free_kinds(documents: DocumentList) -> tuple[Kind, ...]:
    """Return the kinds that have no usable scan."""
    have = {each.kind for each in documents.documents if each.state is not DocumentState.REFUSED}
    return tuple(kind for kind in documents.wanted if kind not in have)


def labelled(kinds: tuple[Kind, ...], language: str) -> list[tuple[str, str]]:
    """Return ids and labels of buttons."""
    return [(kind.value, say(f"document.button.{kind.value}", language)) for kind in kinds]


def line_of(kind: Kind, document: Document | None, language: str) -> str:
    """Return «✓ Паспорт: есть», or what is missing or refused, and why."""
    values = {"kind": say(f"document.kind.{kind.value}", language), "reason": (document and document.reason) or ""}
    if document is None:
        key = "document.line.optional" if kind in OPTIONAL else "document.line.missing"
    else:
        key = f"document.line.{document.state.value}"
    return say(key, language, escaped(values))


@inject
async def one_getter(
    dialog_manager: DialogManager, documents: FromDishka[ListDocuments], **_data: Any
) -> dict[str, Any]:
    """One kind."""
    return show_one(await documents(citizen_of(dialog_manager), Purpose.APPLICATION), dialog_manager)


def show_one(documents: DocumentList, manager: DialogManager) -> dict[str, Any]:
    """Return one kind's state and what can be done with it."""
    language = language_of(manager)
    kind = Kind(manager.dialog_data.get(KIND, Kind.PASSPORT.value))
    document = documents.of(kind)
    sure = bool(manager.dialog_data.get(SURE)) and document is not None
    return {
        **take(manager),
        "line": line_of(kind, document, language),
        "hint": say(f"document.hint.{kind.value}", language),
        "when": shown_moment(document.uploaded_at, manager) if document else "",
        "there": document is not None,
        "absent": document is None,
        "sure": sure,
        "removable": document is not None and not sure and bool(manager.dialog_data.get(OPEN, True)),
        "document": [str(document.id)] if document and sure else [],
    }
