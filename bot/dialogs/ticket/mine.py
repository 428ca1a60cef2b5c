"""/tickets («Мои обращения»): the windows."""

from collections.abc import Callable
from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Row, Start, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi

from bot.dialogs.astray import among, an_id, buttons_only, text_only
from bot.dialogs.citizen import for_citizens
from bot.dialogs.notice import NOTICE
from bot.dialogs.paging import turning
from bot.dialogs.parts import DANGER, FORWARD, back_or_menu, leads, lists, preview, to_menu
from bot.dialogs.receiving import FILES
from bot.dialogs.ticket import samples
from bot.dialogs.ticket.fetching import a_file, on_file, show_files, shown_files
from bot.dialogs.ticket.following import (
    STARS,
    on_answer,
    on_close,
    on_paper,
    on_reopen,
    on_review,
    on_stars,
    on_start,
    on_ticket,
    show_list,
    show_one,
    shown_list,
    shown_one,
)
from bot.dialogs.ticket.position import FILES_PAGE, TALK_PAGE
from bot.states import Support
from bot.states import Tickets as Windows
from bot.text import Ready, T
from core.domain.ticket import TicketState


def _files(manager: DialogManager) -> dict[str, Any]:
    return shown_files(samples.view(TicketState.ANSWERED), manager)


def _list(manager: DialogManager) -> dict[str, Any]:
    return shown_list(samples.some(), manager)


def _one(state: TicketState) -> Callable[[DialogManager], dict[str, Any]]:
    return lambda manager: shown_one(samples.view(state), manager)


def main_window() -> Window:
    """The list."""
    return Window(
        Multi(
            NOTICE,
            T("ticket.list", when="some"),
            T("ticket.list_none", when="none"),
            Format("{page}", when="page"),
            sep="\n\n",
        ),
        Column(lists("main_ticket", "tickets", an_id, on_ticket)),
        turning("main_turn"),
        Start(T("ticket.new"), id="main_new", state=Support.main, mode=StartMode.RESET_STACK, style=FORWARD),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=show_list,
        preview_data=preview(_list),
        preview_add_transitions=leads(Windows.one),
    )


def one_window() -> Window:
    """One: what was said in it, and what can be done."""
    return Window(
        Multi(
            NOTICE,
            T("ticket.came_from", when="came_from"),
            T("ticket.head", when="here"),
            T("ticket.due", when="due"),
            T("ticket.waits", when="asks"),
            Ready("text"),
            Format("{page}", when="page"),
            T("ticket.until", when="until"),
            T("ticket.over", when="over"),
            sep="\n\n",
        ),
        turning("one_turn", TALK_PAGE),
        SwitchTo(T("ticket.sent_files"), id="one_files", state=Windows.files, when="files"),
        SwitchTo(T("ticket.add_paper"), id="one_paper", state=Windows.paper, when="asks", style=FORWARD),
        Row(
            SwitchTo(T("ticket.answer"), id="one_answer", state=Windows.answer, when="going"),
            SwitchTo(
                T("ticket.attach"),
                id="one_attach",
                state=Windows.paper,
                when=lambda shown, _widget, _manager: bool(shown["going"] and not shown["asks"]),
            ),
        ),
        SwitchTo(T("ticket.reopen"), id="one_reopen", state=Windows.reopen, when="reopen"),
        Row(
            SwitchTo(T("ticket.rate"), id="one_rate", state=Windows.rate, when="rate"),
            SwitchTo(T("ticket.close"), id="one_close", state=Windows.close, when="going"),
        ),
        Row(SwitchTo(T("ticket.mine"), id="one_back", state=Windows.main), to_menu("one_menu")),
        MessageInput(on_answer, content_types="text"),
        MessageInput(on_paper, content_types=FILES),
        buttons_only(),
        state=Windows.one,
        getter=show_one,
        preview_data=preview(_one(TicketState.WAITING)),
    )


def files_window() -> Window:
    """What specialists have sent: each goes into the chat when it is tapped."""
    return Window(
        Multi(
            NOTICE,
            T("ticket.files_list", when="sent"),
            T("ticket.files_none", when="none"),
            Format("{page}", when="page"),
            sep="\n\n",
        ),
        Column(lists("files_file", "sent", a_file, on_file)),
        turning("files_turn", FILES_PAGE),
        back_or_menu("files", Windows.one),
        buttons_only(),
        state=Windows.files,
        getter=show_files,
        preview_data=preview(_files),
    )


def _in_words(prefix: str, ask: str, take: Callable[..., Any], window: State, state: TicketState) -> Window:
    """Return a window that is answered in words."""
    return Window(
        Multi(NOTICE, T(ask), sep="\n\n"),
        back_or_menu(prefix, Windows.one),
        MessageInput(take, content_types="text"),
        text_only(),
        state=window,
        getter=show_one,
        preview_data=preview(_one(state)),
        preview_add_transitions=leads(Windows.one),
    )


def paper_window() -> Window:
    """Photos and files, with words below them if one likes."""
    return Window(
        Multi(NOTICE, T("ticket.ask_paper"), sep="\n\n"),
        SwitchTo(T("ticket.paper_done"), id="paper_done", state=Windows.one, style=FORWARD),
        to_menu("paper_menu"),
        MessageInput(on_paper, content_types=FILES),
        MessageInput(on_answer, content_types="text"),
        buttons_only(),
        state=Windows.paper,
        getter=show_one,
        preview_data=preview(_one(TicketState.WAITING)),
    )


def close_window() -> Window:
    """Asked once more."""
    return Window(
        Multi(NOTICE, T("ticket.close_sure"), sep="\n\n"),
        Button(T("ticket.close_yes"), id="close_yes", on_click=on_close, style=DANGER, when="going"),
        back_or_menu("close", Windows.one),
        buttons_only(),
        state=Windows.close,
        getter=show_one,
        preview_data=preview(_one(TicketState.ANSWERED)),
        preview_add_transitions=leads(Windows.rate),
    )


def rate_window() -> Window:
    """1 to 5."""
    return Window(
        Multi(NOTICE, T("ticket.ask_stars"), sep="\n\n"),
        Column(lists("rate_stars", "stars", among({str(each) for each in STARS}), on_stars)),
        back_or_menu("rate", Windows.one),
        buttons_only(),
        state=Windows.rate,
        getter=show_one,
        preview_data=preview(_one(TicketState.CLOSED)),
        preview_add_transitions=leads(Windows.review),
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Tickets`."""
    return for_citizens(
        Dialog(
            main_window(),
            one_window(),
            files_window(),
            _in_words("answer", "ticket.ask_answer", on_answer, Windows.answer, TicketState.WAITING),
            paper_window(),
            close_window(),
            _in_words("reopen", "ticket.ask_reopen", on_reopen, Windows.reopen, TicketState.CLOSED),
            rate_window(),
            _in_words("review", "ticket.ask_review", on_review, Windows.review, TicketState.CLOSED),
            on_start=on_start,
        )
    )
