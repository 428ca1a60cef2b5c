"""The consent: read in full, given, withdrawn with a second tap, given again."""

import re
from datetime import UTC, datetime
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Row, Select, Start
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import Astray, answer, asks
from bot.dialogs.citizen import begin, citizen_of, for_citizens
from bot.dialogs.notice import NOTICE, carried, explain, note, only_notices, take
from bot.dialogs.parts import DANGER, FORWARD, leads, preview, to_menu
from bot.dialogs.shown import shown_moment
from bot.dialogs.typed import at_the_bottom
from bot.states import Card, Documents
from bot.states import Consent as Windows
from bot.text import Ready, T, escaped, language_of
from core.domain import consent as rules
from core.domain.account import TooYoung
from core.domain.consent import CURRENT_VERSION, DIGEST_SHOWN, Consent, ConsentState, NoConsent, TextChanged
from core.domain.ids import AccountId, ConsentId, new_id
from core.services.consent import ConsentView, GiveConsent, ShowConsent, WithdrawConsent

AGREEING = re.compile(r"^\W*(не\s+|я\s+|i\s+)*(соглас|agree|accept)", re.IGNORECASE)
"""What is said by somebody who agrees in words, or does not."""
FLOW, READ_IN = "flow", "read_in"
"""In the dialog's store: the application waits for the consent; the language of the text on the screen."""


async def on_start(start_data: object, manager: DialogManager) -> None:
    """Remember whether the application waits."""
    if not await begin(start_data, manager):
        return
    manager.dialog_data[FLOW] = isinstance(start_data, dict) and bool(start_data.get(FLOW))


@inject
async def text_getter(dialog_manager: DialogManager, show: FromDishka[ShowConsent], **_data: Any) -> dict[str, Any]:
    """The text and what stands."""
    return show_text(await show(citizen_of(dialog_manager), language_of(dialog_manager)), dialog_manager)


def show_text(view: ConsentView, manager: DialogManager) -> dict[str, Any]:
    """Return the text in full, its version, and what was done when."""
    latest, given = view.latest, view.state is ConsentState.GIVEN
    body = escaped({"body": view.text.body})["body"]
    manager.dialog_data[READ_IN] = view.text.language
    return {
        **take(manager),
        "text": f"<blockquote>«{body}»</blockquote>",
        "version": view.text.version,
        "given_at": shown_moment(latest.given_at, manager) if latest else "",
        "withdrawn_at": shown_moment(latest.withdrawn_at, manager) if latest and latest.withdrawn_at else "",
        "given": given,
        "offered": not given,
        "withdrawn": view.state is ConsentState.WITHDRAWN,
        "has_card": view.has_card,
        "digest": [] if given else [view.text.digest[:DIGEST_SHOWN]],
        "asked_for": not given and bool(manager.dialog_data.get(FLOW)),
        "goes_on": given and bool(manager.dialog_data.get(FLOW)),
        "stands": given and not manager.dialog_data.get(FLOW),
    }


@inject
async def on_agree(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, digest: str, give: FromDishka[GiveConsent]
) -> None:
    """«Согласен»: to the text that was on the screen, and to no other."""
    language: str = manager.dialog_data.get(READ_IN, language_of(manager))
    try:
        await give(citizen_of(manager), language, digest)
    except (TextChanged, TooYoung) as refusal:
        explain(manager, refusal)
        return
    note(manager, "consent.thanks")
    if manager.dialog_data.get(FLOW):
        await manager.start(Card.field, data=carried(manager), mode=StartMode.RESET_STACK)


async def on_card(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """To the application or the card."""
    await manager.start(Card.field, mode=StartMode.RESET_STACK)


async def on_ask_withdraw(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Withdrawing takes a second tap, after reading what stops."""
    await manager.switch_to(Windows.withdraw)


async def on_keep(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Not withdrawn."""
    await manager.switch_to(Windows.text)


@inject
async def on_withdraw(
    _callback: CallbackQuery, _button: object, manager: DialogManager, withdraw: FromDishka[WithdrawConsent]
) -> None:
    """Withdrawn; the receipt comes as a message of its own."""
    try:
        await withdraw(citizen_of(manager))
    except NoConsent as absence:
        explain(manager, absence)
    else:
        note(manager, "consent.withdrawn")
    manager.dialog_data.pop(FLOW, None)
    await manager.switch_to(Windows.text)


async def on_chatter(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """Agreement is given by the button alone, so that it is known to which text. A question is answered."""
    if asks(message) and not AGREEING.search(message.text or ""):
        await answer(message, manager)
        return
    at_the_bottom(manager)
    note(manager, "consent.button_wanted")


def text_window() -> Window:
    """The text in full."""
    return Window(
        Multi(
            NOTICE,
            T("consent.title"),
            T("consent.stands", when="given"),
            T("consent.was_withdrawn", when="withdrawn"),
            Ready("text"),
            T("consent.version"),
            T("consent.ask", when="offered"),
            sep="\n\n",
        ),
        Select(
            T("consent.agree"),
            id="text_agree",
            item_id_getter=str,
            items="digest",
            when="digest",
            on_click=on_agree,
            style=FORWARD,
        ),
        Button(T("consent.go_on"), id="text_next", on_click=on_card, when="goes_on", style=FORWARD),
        Button(T("consent.to_card"), id="text_card", on_click=on_card, when="stands"),
        Row(
            Start(T("menu.back"), id="text_back", state=Documents.list, mode=StartMode.RESET_STACK, when="asked_for"),
            Button(T("consent.to_withdraw"), id="text_withdraw", on_click=on_ask_withdraw, when="given"),
            to_menu("text_menu"),
        ),
        Astray(on_chatter),
        state=Windows.text,
        getter=text_getter,
        preview_data=preview(lambda manager: show_text(sample(language_of(manager)), manager)),
        preview_add_transitions=leads(Windows.withdraw),
    )


def withdraw_window() -> Window:
    """What stops and what stays."""
    return Window(
        Multi(NOTICE, T("consent.what_stops"), sep="\n\n"),
        Button(T("consent.keep"), id="withdraw_no", on_click=on_keep),
        Button(T("consent.withdraw"), id="withdraw_yes", on_click=on_withdraw, style=DANGER),
        Astray(on_chatter),
        state=Windows.withdraw,
        getter=only_notices,
        preview_data=only_notices,
        preview_add_transitions=leads(Windows.text),
    )


def sample(language: str) -> ConsentView:
    """Return the current text with an invented act."""
    day = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    text = rules.text(CURRENT_VERSION, language)
    act = Consent(ConsentId(new_id(day)), AccountId(new_id(day)), text.version, language, text.digest, day, "button")
    return ConsentView(text, ConsentState.GIVEN, act, has_card=True)


def dialog() -> Dialog:
    """Return the dialog of `states.Consent`."""
    return for_citizens(Dialog(text_window(), withdraw_window(), on_start=on_start))
