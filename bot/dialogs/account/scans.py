"""The passport scan and the INN: what is there, what is missing, what was refused; sent to be checked when both are there."""

from html import escape
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.common.when import Predicate
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Row, SwitchTo
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.account.files import begin_file, end_file
from bot.dialogs.astray import buttons_only, text_only
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, explain, note, take
from bot.dialogs.parts import FORWARD, back, to_menu
from bot.dialogs.receiving import FILES, fetch, file_of, said_kind
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Status
from bot.text import Ready, T, language_of
from bot.words import say
from core.domain.account import Verification
from core.domain.application import Blocked
from core.domain.consent import NoConsent
from core.domain.document import BadFile, DocumentNotThere, DocumentState, Kind, Purpose, kinds_for
from core.domain.identifiers import InvalidValue
from core.domain.verification import DocumentsMissing
from core.services.account import StatusView, ViewStatus
from core.services.document import ListDocuments, UploadDocument
from core.services.verification import AskVerification, TypeInn

KIND = "kind"
"""In the dialog's store: which document the person said the next file is."""
KINDS = kinds_for(Purpose.VERIFICATION)
DIGITS_OF_A_NUMBER = 6
"""Text with at least so many digits is taken for a try at the INN; anything else is talk."""


def state_of(view: StatusView, kind: Kind) -> str:
    """Return how a document stands: received, approved, refused, or missing."""
    found = next((each for each in view.documents if each.kind is kind), None)
    return found.state.value if found and found.state is not DocumentState.REMOVED else "missing"


@inject
async def show_scans(
    dialog_manager: DialogManager, view_status: FromDishka[ViewStatus], **_data: Any
) -> dict[str, Any]:
    """Show the two documents. `next` is the kind that the next file is taken for, empty when both are there."""
    view = await view_status(citizen_of(dialog_manager))
    language = language_of(dialog_manager)
    wanted = view.verification is Verification.UNVERIFIED
    following = dialog_manager.dialog_data.get(KIND) or (view.lacking[0].value if view.lacking else "")
    reasons = {each.kind: each.reason or "" for each in view.refused}
    lines = [
        say(
            f"account.document.{kind.value}", language, {"state": say(f"account.scan.{state_of(view, kind)}", language)}
        )
        + (
            f"\n    {say('account.scan.reason', language, {'reason': escape(reasons[kind], quote=False)})}"
            if kind in reasons
            else ""
        )
        for kind in KINDS
    ]
    return {
        "wanted": wanted,
        "closed": not wanted,
        "state": view.verification.value,
        "lines": "\n".join(lines) if wanted else "",
        "next": following if wanted else "",
        "choose": wanted,
        "verb": "choose" if view.lacking else "replace",
        "type_inn": wanted and Kind.INN in view.lacking,
        "ready": wanted and not view.lacking,
        "lacking": wanted and bool(view.lacking),
    } | take(dialog_manager)


async def choose_kind(_callback: CallbackQuery, button: Button, manager: DialogManager) -> None:
    """«Следующий файл — паспорт»."""
    manager.dialog_data[KIND] = (button.widget_id or "").removeprefix("scan_")


@inject
async def take_scan(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    documents: FromDishka[ListDocuments],
    upload: FromDishka[UploadDocument],
) -> None:
    """A file came: it is the document that the person chose, or the first one that is missing."""
    before = begin_file(manager, message)
    await _receive(message, manager, documents, upload)
    end_file(manager, message, before)


@inject
async def take_inn_scan(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    documents: FromDishka[ListDocuments],
    upload: FromDishka[UploadDocument],
) -> None:
    """The number was asked for and a scan of it came: just as good, and what follows stands in the list."""
    manager.dialog_data[KIND] = Kind.INN.value
    before = begin_file(manager, message)
    await _receive(message, manager, documents, upload)
    end_file(manager, message, before)
    await manager.switch_to(Status.documents)


async def _receive(message: Message, manager: DialogManager, documents: ListDocuments, upload: UploadDocument) -> None:
    citizen, chosen = citizen_of(manager), manager.dialog_data.get(KIND)
    kind = Kind(chosen) if chosen else said_kind(message, KINDS)
    kind = kind or (await documents(citizen, Purpose.VERIFICATION)).next_kind
    if kind is None:
        note(manager, "account.scan.which")
        return
    try:
        file = file_of(message)
        content = await fetch(message, file) if file else b""
        await upload(citizen, Purpose.VERIFICATION, kind, content)
    except BadFile as fault:
        note(manager, f"account.scan.not_taken_{kind.value}")
        explain(manager, fault)
        return
    except (Blocked, DocumentNotThere, NoConsent) as refusal:
        explain(manager, refusal)
        return
    manager.dialog_data.pop(KIND, None)
    note(manager, f"account.scan.taken_{kind.value}")
    await forget(message)


@inject
async def take_text(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    keep: FromDishka[TypeInn],
    ask: FromDishka[AskVerification],
) -> None:
    """Digits are the INN, typed where files are waited for."""
    text = message.text or ""
    if sum(character.isdigit() for character in text) < DIGITS_OF_A_NUMBER:
        at_the_bottom(manager)
        note(manager, "account.scan.file_please")
        return
    await take_inn(message, manager, keep, ask)


@inject
async def on_inn(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    keep: FromDishka[TypeInn],
    ask: FromDishka[AskVerification],
) -> None:
    """The INN was typed in its own window."""
    await take_inn(message, manager, keep, ask)


async def take_inn(message: Message, manager: DialogManager, keep: TypeInn, ask: AskVerification) -> None:
    """The number is kept as it is typed; where it is the last thing lacking, all is sent to be checked at once."""
    at_the_bottom(manager)
    try:
        lacking = await keep(citizen_of(manager), message.text or "")
        if not lacking:
            await ask(citizen_of(manager))
    except (InvalidValue, DocumentNotThere) as fault:
        explain(manager, fault)
    else:
        manager.dialog_data.pop(KIND, None)
        note(manager, "account.scan.inn_kept" if lacking else "account.asked")
        await manager.switch_to(Status.documents if lacking else Status.main)
    await forget(message)


@inject
async def send(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, ask: FromDishka[AskVerification]
) -> None:
    """«Отправить на проверку»."""
    try:
        await ask(citizen_of(manager))
    except DocumentsMissing as missing:
        explain(manager, missing)
        return
    note(manager, "account.asked")
    await manager.switch_to(Status.main)


@inject
async def show_inn(dialog_manager: DialogManager, view_status: FromDishka[ViewStatus], **_data: Any) -> dict[str, Any]:
    """`last`: the number is all that is lacking, and sends everything."""
    view = await view_status(citizen_of(dialog_manager))
    return {"last": view.lacking == (Kind.INN,)} | take(dialog_manager)


def _is_next(kind: Kind) -> Predicate:
    return lambda shown, _widget, _manager: shown["choose"] and shown["next"] != kind.value


def window() -> Window:
    """Return the window that takes files."""
    return Window(
        NOTICE,
        T("account.documents", when="wanted"),
        T("account.documents_ask", when="lacking"),
        Ready("lines"),
        T("account.next_file.{next}", when="next"),
        T("account.all_there", when="ready"),
        T("account.state.{state}", when="closed"),
        T("account.means.{state}", when="closed"),
        Button(T("account.send"), id="scan_send", on_click=send, when="ready", style=FORWARD),
        SwitchTo(T("account.type_inn"), id="scan_type_inn", state=Status.inn, when="type_inn"),
        Row(
            *(
                Button(
                    T(f"account.{{verb}}.{kind.value}"),
                    id=f"scan_{kind.value}",
                    on_click=choose_kind,
                    when=_is_next(kind),
                )
                for kind in KINDS
            )
        ),
        back("scan_back", Status.main),
        to_menu("scan_menu"),
        MessageInput(take_scan, content_types=FILES),
        MessageInput(take_text, content_types="text"),
        buttons_only(),
        state=Status.documents,
        getter=show_scans,
        preview_data={
            "wanted": True,
            "closed": False,
            "state": "unverified",
            "lines": "",
            "next": "inn",
            "choose": True,
            "verb": "choose",
            "type_inn": True,
            "ready": False,
            "lacking": True,
        },
    )


def inn_window() -> Window:
    """Return the window that takes the number."""
    return Window(
        NOTICE,
        T("account.inn"),
        T("account.inn_last", when="last"),
        T("account.inn_forgotten"),
        back("inn_back", Status.documents),
        MessageInput(on_inn, content_types="text"),
        MessageInput(take_inn_scan, content_types=FILES),
        text_only(),
        state=Status.inn,
        getter=show_inn,
        preview_data={"last": True},
    )
