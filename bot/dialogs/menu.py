"""The menu: who am I, what is this, and only what makes sense now."""

from typing import Any

from aiogram import Bot
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.api.internal import StyleWidget
from aiogram_dialog.widgets.common import WhenCondition
from aiogram_dialog.widgets.kbd import Button, Row, Start, SwitchTo, Url
from aiogram_dialog.widgets.style import EMPTY_STYLE
from aiogram_dialog.widgets.text import Format
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.commands import speak_in
from bot.dialogs.astray import buttons_only
from bot.dialogs.notice import NOTICE, carry, note, only_notices, take
from bot.dialogs.parts import FORWARD, back, to_operator
from bot.dialogs.portal_link import address, fresh_ticket
from bot.states import (
    Activity,
    Appointments,
    Booking,
    Card,
    Consent,
    Documents,
    Extracts,
    Help,
    Menu,
    Notifications,
    Results,
    Security,
    SignIn,
    Status,
    Support,
    Tickets,
    Vaccinations,
    Visits,
)
from bot.text import T
from bot.tongues import Tongues
from core.domain.account import ADULT, Verification
from core.domain.actor import Citizen
from core.domain.application import ApplicationState
from core.domain.card import CardState
from core.domain.chat import LANGUAGES
from core.domain.consent import ConsentState
from core.services.account import Me, WhoAmI
from core.services.chat import ChooseLanguage
from core.services.signin import BeginSignIn

CANCELLED = "cancelled"
"""Start data: the person said /cancel."""
OWN_PASSPORT = 14
"""From this age a person has a passport to verify the account with (FACTS: ages)."""

WAY: dict[ApplicationState | None, str] = {
    None: "create",
    ApplicationState.DRAFT: "continue",
    ApplicationState.CODE_SENT: "continue",
    ApplicationState.WAITING: "waiting",
}

VISITOR = {
    "signed_in": False,
    "url": "",
    "name": "",
    "account": "",
    "card": "",
    "way": "",
    "verify": False,
    "consent": False,
    "documents": False,
    "record": False,
}
PREVIEW = {
    "signed_in": True,
    "url": "",
    "name": "Анна И.",
    "account": "verified",
    "card": "active",
    "way": "mine",
    "verify": False,
    "consent": True,
    "documents": True,
    "record": True,
}


def card_line(me: Me) -> str:
    """Return how the menu speaks of the card: its state, the open application's, or why there is none yet."""
    if me.card is not None:
        return me.card.value
    if me.age is not None and me.age < ADULT:
        return "minor"
    if me.verification is not Verification.VERIFIED:
        return "later"
    if me.application is not None and me.consent is ConsentState.WITHDRAWN:
        return "no_consent"
    return me.application.value if me.application else "none"


def offered(me: Me) -> dict[str, Any]:
    """Return what the menu shows to who is signed in. `way` names the button that leads to the card, or is empty."""
    line = card_line(me)
    own_way = "" if line in {"minor", "later"} else WAY[me.application]
    return {
        "signed_in": True,
        "url": "",
        "name": me.name,
        "account": me.verification.value,
        "card": line,
        "way": own_way if me.card is None else "mine",
        "verify": me.verification is Verification.UNVERIFIED and (me.age is None or me.age >= OWN_PASSPORT),
        "consent": me.card is not None or me.consent is not ConsentState.NEVER,
        "documents": me.card is not None or me.application is not None,
        "record": me.card is CardState.ACTIVE,
    }


@inject
async def show_front(dialog_manager: DialogManager, who_am_i: FromDishka[WhoAmI], **data: Any) -> dict[str, Any]:
    """Ask who this is; after /cancel say whether something waits to be gone on with."""
    cancelled = dialog_manager.dialog_data.pop(CANCELLED, False)
    actor = data["actor"]
    if not isinstance(actor, Citizen):
        return VISITOR | {"url": address(dialog_manager)} | take(dialog_manager)
    me = await who_am_i(actor)
    if cancelled and me.application is not None:
        note(dialog_manager, "menu.kept")
    return offered(me) | take(dialog_manager)


@inject
async def begin(start_data: object, manager: DialogManager, begin_sign_in: FromDishka[BeginSignIn]) -> None:
    """Take along what is to be said first; a visitor gets the link to the portal at once."""
    carry(start_data, manager)
    await fresh_ticket(manager, begin_sign_in)
    if isinstance(start_data, dict) and start_data.get(CANCELLED):
        manager.dialog_data[CANCELLED] = True


@inject
async def choose_language(
    _callback: CallbackQuery, button: Button, manager: DialogManager, choose: FromDishka[ChooseLanguage]
) -> None:
    """The language takes effect with the very next window; the list of commands follows."""
    language = (button.widget_id or "").removeprefix("speak_")
    chat, person, bot = (manager.middleware_data[name] for name in ("event_chat", "event_from_user", "bot"))
    await choose(chat.id, language)
    manager.middleware_data["language"] = language
    tongues: Tongues | None = manager.middleware_data.get("tongues")
    if tongues is not None:
        await tongues.note(chat.id, language)
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    await speak_in(bot, chat.id, language, person.language_code)
    note(manager, "language.chosen")
    await manager.switch_to(Menu.main)


def _goes(way: str) -> Start:
    return Start(
        T(f"menu.card_{way}"),
        id=f"menu_card_{way}",
        state=Card.field,
        mode=StartMode.RESET_STACK,
        when=lambda shown, _widget, _manager: shown["way"] == way,
        style=FORWARD,
    )


def _place(key: str, state: State, when: WhenCondition = None, style: StyleWidget = EMPTY_STYLE) -> Start:
    return Start(T(key), id=key.replace(".", "_"), state=state, mode=StartMode.RESET_STACK, when=when, style=style)


def _visits(shown: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return not shown["signed_in"]


def front() -> Window:
    """Return the first window."""
    return Window(
        NOTICE,
        T("menu.visitor", when=_visits),
        T("menu.citizen", when="signed_in"),
        T("menu.account.{account}", when="signed_in"),
        T("menu.has_card.{card}", when="signed_in"),
        Url(T("signin.open"), url=Format("{url}"), id="menu_sign_in", when="url", style=FORWARD),
        _place("menu.verify", Status.documents, when="verify", style=FORWARD),
        *(_goes(way) for way in ("create", "continue", "waiting", "mine")),
        Row(
            _place("menu.book", Booking.main, when="record"),
            _place("menu.appointments", Appointments.main, when="record"),
        ),
        Row(
            _place("menu.results", Results.main, when="record"),
            _place("menu.visits", Visits.main, when="record"),
        ),
        Row(
            _place("menu.vaccinations", Vaccinations.main, when="record"),
            _place("menu.extracts", Extracts.main, when="record"),
        ),
        Row(
            _place("menu.documents", Documents.list, when="documents"),
            _place("menu.consent", Consent.text, when="consent"),
        ),
        Row(
            _place("menu.status", Status.main, when="signed_in"),
            _place("menu.notifications", Notifications.main, when="signed_in"),
        ),
        _place("activity.open", Activity.main, when="consent"),
        _place("menu.security", Security.main, when="record"),
        Row(
            SwitchTo(T("menu.about"), id="menu_about", state=Menu.about, when=_visits),
            SwitchTo(T("menu.language"), id="menu_language", state=Menu.language),
            _place("menu.help", Help.main),
        ),
        to_operator("menu_operator"),
        Row(
            _place("menu.support", Support.main),
            _place("menu.tickets", Tickets.main, when="signed_in"),
        ),
        _place("menu.sign_out", SignIn.out, when="signed_in"),
        buttons_only(),
        state=Menu.main,
        getter=show_front,
        preview_data=PREVIEW,
    )


def about() -> Window:
    """Return the answer to «what is this»."""
    return Window(
        NOTICE,
        T("menu.about_text"),
        _place("menu.about_sign_in", SignIn.link, when=_is_visitor, style=FORWARD),
        back("about_back", Menu.main),
        buttons_only(),
        state=Menu.about,
        getter=only_notices,
        preview_data={},
    )


def _is_visitor(_shown: dict[str, Any], _widget: object, manager: DialogManager) -> bool:
    return not isinstance(manager.middleware_data.get("actor"), Citizen)


def language() -> Window:
    """Return the choice of language, each named in itself."""
    return Window(
        NOTICE,
        T("language.ask"),
        *(Button(T(f"language.{name}"), id=f"speak_{name}", on_click=choose_language) for name in LANGUAGES),
        back("language_back", Menu.main),
        buttons_only(),
        state=Menu.language,
        getter=only_notices,
        preview_data={},
    )


def dialog() -> Dialog:
    """Return the dialog."""
    return Dialog(front(), about(), language(), on_start=begin)
