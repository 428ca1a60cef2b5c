"""Windows that conclude: the summary, its code, waiting for registries, throwing away, the card, why there is none."""

from operator import itemgetter
from typing import Any

from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Row, Select, Start, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi

from bot.dialogs.astray import one_of
from bot.dialogs.card import rendering, samples
from bot.dialogs.card.answers import on_anything, on_chatter, on_code
from bot.dialogs.card.filling import drop_or_back, fix_or_show, steps_to_edit
from bot.dialogs.card.getters import (
    blocked_getter,
    card_getter,
    code_getter,
    plain_getter,
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
from bot.dialogs.notice import NOTICE, take
from bot.dialogs.shown import DANGER, forward, to_menu
from bot.states import Card, Consent, Status
from bot.text import Ready, T
from core.domain.code import Channel


def summary_window() -> Window:
    """Everything on one screen, each step one tap from being corrected."""

    async def preview(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return rendering.summary(samples.COMPLETE, dialog_manager)

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
        MessageInput(on_anything),
        state=Card.summary,
        getter=summary_getter,
        preview_data=preview,
        preview_add_transitions=[
            SwitchTo(T("card.back"), id="_", state=state) for state in (Card.field, Card.phone, Card.code, Card.drop)
        ],
    )


def code_window() -> Window:
    """The code that signs and sends the application."""

    async def preview(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return rendering.code(samples.SENT, dialog_manager)

    return Window(
        Multi(
            NOTICE,
            T("card.code.sent_{way}", when="sent"),
            T("code.enter", when="sent"),
            T("card.code.signs", when="sent"),
            T("card.code.gone", when="gone"),
            sep="\n\n",
        ),
        Column(
            Select(
                Format("{item[1]}"),
                id="code_way",
                item_id_getter=itemgetter(0),
                items="ways",
                type_factory=one_of(*Channel),
                on_click=on_resend,
            )
        ),
        Row(Button(T("card.code.back"), id="code_back", on_click=on_to_summary), to_menu("code_menu")),
        MessageInput(on_code),
        state=Card.code,
        getter=code_getter,
        preview_data=preview,
        preview_add_transitions=[
            SwitchTo(T("card.back"), id="_", state=state) for state in (Card.summary, Card.view, Card.waiting)
        ],
    )


def waiting_window() -> Window:
    """A registry is away: nothing is lost, and nothing is to be done."""

    async def preview(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return rendering.waiting(samples.COMPLETE, dialog_manager)

    return Window(
        Multi(NOTICE, T("card.waiting.title"), Ready("lines"), T("card.waiting.told"), sep="\n\n"),
        Button(T("card.waiting.check"), id="waiting_check", on_click=on_check),
        Row(Button(T("card.drop.ask"), id="waiting_drop", on_click=on_ask_drop), to_menu("waiting_menu")),
        MessageInput(on_anything),
        state=Card.waiting,
        getter=waiting_getter,
        preview_data=preview,
        preview_add_transitions=[SwitchTo(T("card.back"), id="_", state=state) for state in (Card.drop, Card.view)],
    )


def drop_window() -> Window:
    """Throwing the application away takes a second tap."""

    async def preview(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return take(dialog_manager)

    return Window(
        Multi(NOTICE, T("card.drop.text"), sep="\n\n"),
        Button(T("card.drop.no"), id="drop_no", on_click=on_stay),
        Button(T("card.drop.yes"), id="drop_yes", on_click=on_drop, style=DANGER),
        MessageInput(on_chatter),
        state=Card.drop,
        getter=plain_getter,
        preview_data=preview,
    )


def view_window() -> Window:
    """The card."""

    async def preview(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return {**show_card(samples.CARD, dialog_manager), "fresh": True}

    return Window(
        Multi(
            NOTICE,
            T("card.view.fresh", when="fresh"),
            T("card.view.active", when="active"),
            T("card.view.suspended", when="suspended"),
            sep="\n\n",
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
        MessageInput(on_chatter),
        state=Card.view,
        getter=card_getter,
        preview_data=preview,
    )


def blocked_window() -> Window:
    """Why there is no application, and the way on."""

    async def preview(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return show_blocked("not_verified", None, dialog_manager)

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
        MessageInput(on_chatter),
        state=Card.blocked,
        getter=blocked_getter,
        preview_data=preview,
    )
