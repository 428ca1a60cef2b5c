"""The windows of handing over: tick boxes, the term, for whom, and what was handed over."""

from aiogram_dialog import Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Group
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import an_id, buttons_only, one_of, text_only
from bot.dialogs.notice import NOTICE, only_notices, take
from bot.dialogs.paging import turning
from bot.dialogs.parts import back_or_menu, forward, leads, lists, preview
from bot.dialogs.visit import samples
from bot.dialogs.visit.handed import handed_getter, on_revoke, show_handed
from bot.dialogs.visit.position import HANDED_PAGE, PICK_PAGE
from bot.dialogs.visit.ticking import (
    on_nobody,
    on_recipient,
    on_term,
    on_tick,
    on_tick_all,
    on_ticked,
    on_untick_all,
    pick_getter,
    show_pick,
    show_terms,
    term_getter,
)
from bot.states import Visits as Windows
from bot.text import Ready, T
from core.domain.handover import Term


def pick_window() -> Window:
    """Tick boxes."""
    return Window(
        Multi(
            NOTICE,
            T("handover.pick_title"),
            T("visit.narrowed"),
            T("handover.ticked", when="some"),
            Ready("page"),
            sep="\n\n",
        ),
        Column(lists("pick_box", "boxes", an_id, on_tick)),
        turning("pick_page", PICK_PAGE),
        Button(T("handover.tick_all"), id="pick_all", on_click=on_tick_all, when="can_tick_all"),
        Button(T("handover.untick_all"), id="pick_none", on_click=on_untick_all, when="some"),
        forward("handover.go_on", "pick_on", on_ticked),
        back_or_menu("pick", Windows.main),
        buttons_only(),
        state=Windows.pick,
        getter=pick_getter,
        preview_data=preview(lambda manager: show_pick(samples.page(), manager)),
        preview_add_transitions=leads(Windows.term),
        protect_content=True,
    )


def term_window() -> Window:
    """For how long."""
    return Window(
        Multi(NOTICE, T("handover.term_title"), sep="\n\n"),
        Column(lists("term_choice", "terms", one_of(*Term), on_term)),
        back_or_menu("term", Windows.pick),
        buttons_only(),
        state=Windows.term,
        getter=term_getter,
        preview_data=preview(show_terms),
        preview_add_transitions=leads(Windows.recipient),
        protect_content=True,
    )


def recipient_window() -> Window:
    """For whom."""
    return Window(
        Multi(NOTICE, T("handover.recipient_title"), sep="\n\n"),
        Button(T("handover.no_recipient"), id="recipient_nobody", on_click=on_nobody),
        back_or_menu("recipient", Windows.term),
        MessageInput(on_recipient, content_types="text"),
        text_only(),
        state=Windows.recipient,
        getter=only_notices,
        preview_data=preview(take),
        preview_add_transitions=leads(Windows.handed, Windows.pick),
        protect_content=True,
    )


def handed_window() -> Window:
    """What was handed over."""
    return Window(
        Multi(
            NOTICE,
            T("handover.handed_title"),
            T("handover.handed_none", when="none"),
            Ready("text"),
            T("handover.handed_hint", when="some"),
            Ready("page"),
            sep="\n\n",
        ),
        Group(lists("handed_revoke", "revocable", an_id, on_revoke), width=2),
        turning("handed_page", HANDED_PAGE),
        back_or_menu("handed", Windows.main),
        buttons_only(),
        state=Windows.handed,
        getter=handed_getter,
        preview_data=preview(lambda manager: show_handed(samples.handed(), manager)),
        protect_content=True,
    )
