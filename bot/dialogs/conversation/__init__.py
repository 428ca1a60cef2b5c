"""The talk with an operator: the queue, kept up while it is looked at, and the way out of it."""

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Button

from bot.dialogs.astray import Astray, buttons_only
from bot.dialogs.conversation.getters import show_closed, show_talk
from bot.dialogs.conversation.handlers import begin, call_again, go_back, leave, request_instead
from bot.dialogs.conversation.sharing import ask_what, question, sections
from bot.dialogs.notice import NOTICE, begin_with_notices
from bot.dialogs.parts import FORWARD, to_menu
from bot.dialogs.pointing import on_typed_in_vain, show_telephone
from bot.dialogs.talking import MARK
from bot.states import Conversation
from bot.text import N, T

WAITING = {
    "waiting": True,
    "taken": False,
    "over": False,
    "next": False,
    "before": 2,
    "minutes": 10,
    "answers_by": "12:40",
    "operator": "",
    "named": False,
    "nameless": False,
    "may_share": False,
}
"""As the previews show it."""


def talk() -> Window:
    """Return the window of the queue, and of the conversation itself."""
    return Window(
        NOTICE,
        T("talk.next", when="next"),
        N("talk.before", by="before", when="before"),
        N("talk.wait", by="minutes", when="minutes"),
        T("talk.answers_by", when="answers_by"),
        T("talk.write", when="waiting"),
        T("talk.taken", when="named"),
        T("talk.taken_nameless", when="nameless"),
        T("talk.over", when="over"),
        Button(T("talk.share"), id=f"{MARK}share", on_click=ask_what, when="may_share"),
        Button(T("talk.end"), id=f"{MARK}end", on_click=leave, when="taken"),
        Button(T("talk.back_waiting"), id=f"{MARK}back_waiting", on_click=go_back, when="waiting"),
        Button(T("talk.request_instead"), id=f"{MARK}request", on_click=request_instead, when="waiting"),
        Button(T("talk.leave_queue"), id=f"{MARK}leave", on_click=leave, when="waiting"),
        Button(T("talk.again"), id=f"{MARK}again", on_click=call_again, when="over"),
        Button(T("talk.back"), id=f"{MARK}back", on_click=go_back, when="over"),
        buttons_only(),
        state=Conversation.main,
        getter=show_talk,
        preview_data=WAITING,
    )


def closed() -> Window:
    """Return the window for when nobody answers."""
    return Window(
        NOTICE,
        T("talk.closed"),
        T("talk.opens", when="when"),
        T("talk.closed_request"),
        Button(T("talk.request"), id=f"{MARK}closed_request", on_click=request_instead, style=FORWARD),
        Button(T("talk.back"), id=f"{MARK}closed_back", on_click=go_back),
        to_menu(f"{MARK}closed_menu"),
        buttons_only(),
        state=Conversation.closed,
        getter=show_closed,
        preview_data={"when": "понедельник, 30 ноября, 09:00"},
    )


def dialog() -> Dialog:
    """Return the dialog."""
    return Dialog(talk(), closed(), sections(), question(), on_start=begin)


def _elsewhere(state: State) -> Window:
    name = (state.state or "").rpartition(":")[2]
    return Window(
        NOTICE,
        T("talk.not_by_chat"),
        T("talk.not_by_chat_phone", when="hotline"),
        Button(T("talk.request"), id=f"{MARK}{name}_request", on_click=request_instead, style=FORWARD),
        Button(T("talk.back"), id=f"{MARK}{name}_back", on_click=go_back),
        Astray(on_typed_in_vain),
        state=state,
        getter=show_telephone,
        preview_data={"hotline": "+7 800 000-00-00, 09:00–20:00 МСК", "nobody": False},
    )


def elsewhere() -> Dialog:
    """Return what there is where nothing personal is said in the chat: a request on a page, and the telephone."""
    return Dialog(*(_elsewhere(state) for state in Conversation.__states__), on_start=begin_with_notices)
