"""Windows that conclude: the summary, its code, waiting for registries, throwing away, the card, why there is none."""

from aiogram_dialog import StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Row, Start
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import Astray, one_of
from bot.dialogs.card import rendering, samples
from bot.dialogs.card.answers import on_anything, on_chatter, on_code
from bot.dialogs.card.filling import drop_or_back, fix_or_show, steps_to_edit
from bot.dialogs.card.getters import (
    blocked_getter,
    card_getter,
    code_getter,
    show_blocked,
    show_card,
    summary_getter,
    waiting_getter,
)
from bot.dialogs.card.taps import (
    on_ask_drop,
    on_check,
    on_consent,
    on_documents,
    on_drop,
    on_resend,
    on_send,
    on_stay,
    on_to_summary,
)
from bot.dialogs.notice import NOTICE, only_notices, take
from bot.dialogs.parts import DANGER, forward, leads, lists, preview, to_menu
from bot.states import Booking, Card, Consent, Results, Status
from bot.text import Ready, T
from core.domain.code import Channel


def summary_window() -> Window:
    """Everything on one screen, each step one tap from being corrected."""
    return Window(
        Multi(
            T("card.summary.title"),
            Ready("fields"),
            Ready("documents"),
            Ready("consent"),
            # Not first: on a phone the top of this window is out of sight.
            NOTICE,
            T("card.summary.later", when="later"),
            T("card.summary.send", when="ready"),
            T("card.summary.unready", when="unready"),
            T("card.fix.which", when="fixing"),
            sep="\n\n",
        ),
        forward("card.summary.button", "summary_send", on_send, when="reading"),
        fix_or_show("summary"),
        steps_to_edit("summary_edit"),
        Row(
            Button(T("card.summary.documents"), id="summary_documents", on_click=on_documents),
            Button(T("card.summary.consent"), id="summary_consent", on_click=on_consent),
            when="fixing",
        ),
        drop_or_back("summary"),
        to_menu("summary_menu", when="reading"),
        Astray(on_anything),
        state=Card.summary,
        getter=summary_getter,
        preview_data=preview(lambda manager: rendering.summary(samples.COMPLETE, manager)),
        preview_add_transitions=leads(Card.field, Card.phone, Card.code, Card.drop),
    )


def code_window() -> Window:
    """The code that signs and sends the application."""
    return Window(
        Multi(
            NOTICE,
            T("card.code.sent_{way}", when="sent"),
            T("code.enter", when="sent"),
            T("card.code.signs", when="sent"),
            T("card.code.gone", when="gone"),
            sep="\n\n",
        ),
        Column(lists("code_way", "ways", one_of(*Channel), on_resend)),
        Row(Button(T("card.code.back"), id="code_back", on_click=on_to_summary), to_menu("code_menu")),
        MessageInput(on_code),
        state=Card.code,
        getter=code_getter,
        preview_data=preview(lambda manager: rendering.code(samples.SENT, manager)),
        preview_add_transitions=leads(Card.summary, Card.view, Card.waiting),
    )


def waiting_window() -> Window:
    """A registry is away: nothing is lost, and nothing is to be done."""
    return Window(
        Multi(NOTICE, T("card.waiting.title"), Ready("lines"), T("card.waiting.told"), sep="\n\n"),
        Button(T("card.waiting.check"), id="waiting_check", on_click=on_check),
        Row(Button(T("card.drop.ask"), id="waiting_drop", on_click=on_ask_drop), to_menu("waiting_menu")),
        Astray(on_anything),
        state=Card.waiting,
        getter=waiting_getter,
        preview_data=preview(lambda manager: rendering.waiting(samples.COMPLETE, manager)),
        preview_add_transitions=leads(Card.drop, Card.view),
    )


def drop_window() -> Window:
    """Throwing the application away takes a second tap."""
    return Window(
        Multi(NOTICE, T("card.drop.text"), sep="\n\n"),
        Button(T("card.drop.no"), id="drop_no", on_click=on_stay),
        Button(T("card.drop.yes"), id="drop_yes", on_click=on_drop, style=DANGER),
        Astray(on_chatter),
        state=Card.drop,
        getter=only_notices,
        preview_data=preview(take),
    )


def view_window() -> Window:
    """The card."""
    return Window(
        Multi(
            NOTICE,
            T("card.view.fresh", when="fresh"),
            T("card.view.active", when="active"),
            T("card.view.suspended", when="suspended"),
            T("card.view.next", when="fresh"),
            sep="\n\n",
        ),
        Row(
            Start(T("menu.book"), id="view_book", state=Booking.main, mode=StartMode.RESET_STACK, when="active"),
            Start(T("menu.results"), id="view_results", state=Results.main, mode=StartMode.RESET_STACK, when="active"),
        ),
        Start(
            T("card.view.give_consent"),
            id="view_give",
            state=Consent.text,
            mode=StartMode.RESET_STACK,
            when="suspended",
        ),
        Row(
            Start(
                T("card.view.consent"), id="view_consent", state=Consent.text, mode=StartMode.RESET_STACK, when="active"
            ),
            to_menu("view_menu"),
        ),
        Astray(on_chatter),
        state=Card.view,
        getter=card_getter,
        preview_data=preview(lambda manager: {**show_card(samples.CARD, manager), "fresh": True}),
    )


def blocked_window() -> Window:
    """Why there is no application, and the way on."""
    return Window(
        Multi(NOTICE, T("card.blocked.{reason}"), sep="\n\n"),
        Start(
            T("card.blocked.to_status"),
            id="blocked_status",
            state=Status.main,
            mode=StartMode.RESET_STACK,
            when="to_status",
        ),
        Start(
            T("card.blocked.to_consent"),
            id="blocked_consent",
            state=Consent.text,
            mode=StartMode.RESET_STACK,
            when="to_consent",
        ),
        to_menu("blocked_menu"),
        Astray(on_chatter),
        state=Card.blocked,
        getter=blocked_getter,
        preview_data=preview(lambda manager: show_blocked("not_verified", None, manager)),
    )
