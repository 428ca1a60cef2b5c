"""The windows in which a request is written."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, CopyText, Row, Start, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi

from bot.dialogs.astray import buttons_only, text_only
from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.notice import NOTICE
from bot.dialogs.parts import FORWARD, back_or_menu, forward, leads, lists, preview, to_menu
from bot.dialogs.receiving import FILES
from bot.dialogs.ticket import samples
from bot.dialogs.ticket.writing import (
    on_drop,
    on_earlier,
    on_earlier_words,
    on_file,
    on_no_earlier,
    on_send,
    on_words,
    show_draft,
    show_sent,
    shown_draft,
    shown_sent,
)
from bot.states import Request as Windows
from bot.states import Support, Tickets
from bot.text import N, Ready, T


def _draft(manager: DialogManager) -> dict[str, Any]:
    return shown_draft(samples.draft(), manager)


def _sent(manager: DialogManager) -> dict[str, Any]:
    return shown_sent(samples.ticket(), manager)


def _asks(*question: T) -> Multi:
    """A question of the draft, below its topic and what is known of the person."""
    return Multi(
        NOTICE,
        T("ticket.draft_is_gone", when="gone"),
        T("ticket.ask_topic", when="here"),
        T("ticket.ask_known", when="known"),
        Ready("known"),
        *question,
        sep="\n\n",
    )


def earlier_window() -> Window:
    """Which request it goes on from, if any."""
    return Window(
        _asks(T("ticket.ask_earlier", when="here")),
        Column(lists("earlier_number", "recent", str, on_earlier)),
        forward("ticket.no_earlier", "earlier_none", on_no_earlier, when="here"),
        Row(_to_topics("earlier_topics"), to_menu("earlier_menu")),
        MessageInput(on_earlier_words, content_types="text"),
        text_only(),
        state=Windows.earlier,
        getter=show_draft,
        preview_data=preview(_draft),
        preview_add_transitions=leads(Windows.words),
    )


def words_window() -> Window:
    """What is wrong."""
    return Window(
        _asks(T("ticket.ask_words", when="here"), T("ticket.described", when="described")),
        SwitchTo(T("ticket.words_stay"), id="words_stay", state=Windows.files, when="described", style=FORWARD),
        Row(_to_topics("words_topics"), to_menu("words_menu")),
        MessageInput(on_words, content_types="text"),
        MessageInput(on_file, content_types=FILES),
        text_only(),
        state=Windows.words,
        getter=show_draft,
        preview_data=preview(_draft),
        preview_add_transitions=leads(Windows.files),
    )


def files_window() -> Window:
    """Photos and files, as many as ten."""
    return Window(
        Multi(
            NOTICE,
            T("ticket.draft_is_gone", when="gone"),
            T("ticket.ask_files", when="here"),
            N("ticket.files", by="files", when="files"),
            sep="\n\n",
        ),
        SwitchTo(T("ticket.to_check"), id="files_check", state=Windows.check, style=FORWARD),
        back_or_menu("files", Windows.words),
        MessageInput(on_file, content_types=FILES),
        buttons_only(),
        state=Windows.files,
        getter=show_draft,
        preview_data=preview(_draft),
    )


def check_window() -> Window:
    """All of it, before it is sent."""
    return Window(
        Multi(
            NOTICE,
            T("ticket.draft_is_gone", when="gone"),
            T("ticket.check", when="here"),
            Ready("known"),
            T("ticket.check_earlier", when="earlier"),
            T("ticket.described", when="described"),
            T("ticket.check_empty", when="empty"),
            N("ticket.files", by="files", when="files"),
            T("ticket.check_no_files", when="no_files"),
            sep="\n\n",
        ),
        forward("ticket.send", "check_send", on_send, when="ready"),
        Row(
            SwitchTo(T("ticket.fix_words"), id="check_words", state=Windows.words, when="here"),
            SwitchTo(T("ticket.fix_files"), id="check_files", state=Windows.files, when="here"),
        ),
        Row(
            _to_topics("check_topics"),
            SwitchTo(T("ticket.fix_earlier"), id="check_earlier", state=Windows.earlier, when="recent"),
        ),
        Button(T("ticket.drop"), id="check_drop", on_click=on_drop, when="here"),
        to_menu("check_menu"),
        MessageInput(on_file, content_types=FILES),
        buttons_only(),
        state=Windows.check,
        getter=show_draft,
        preview_data=preview(_draft),
        preview_add_transitions=leads(Windows.sent),
    )


def sent_window() -> Window:
    """The number, and when an answer can be expected."""
    return Window(
        Multi(
            NOTICE,
            T("ticket.gone", when="gone"),
            T("ticket.sent", when="here"),
            T("ticket.due", when="due"),
            T("ticket.sent_told", when="here"),
            sep="\n\n",
        ),
        CopyText(T("ticket.copy", when="number"), copy_text=Format("{number}"), when="number"),
        _to_mine("sent_mine"),
        to_menu("sent_menu"),
        buttons_only(),
        state=Windows.sent,
        getter=show_sent,
        preview_data=preview(_sent),
    )


def _to_topics(widget_id: str) -> Start:
    return Start(T("ticket.fix_topic"), id=widget_id, state=Support.main, mode=StartMode.RESET_STACK)


def _to_mine(widget_id: str) -> Start:
    return Start(T("ticket.mine"), id=widget_id, state=Tickets.main, mode=StartMode.RESET_STACK)


def dialog() -> Dialog:
    """Return the dialog of `states.Request`."""
    return for_citizens(
        Dialog(
            earlier_window(),
            words_window(),
            files_window(),
            check_window(),
            sent_window(),
            on_start=begin,
        )
    )
