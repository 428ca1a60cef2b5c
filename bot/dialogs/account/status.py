"""The account's state in the article's three words, what it means, the one next step, and the contacts."""

from typing import Any

from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.kbd import Button, Row, Start, SwitchTo
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.account.refusals import REFUSALS, refusals
from bot.dialogs.account.scans import send
from bot.dialogs.astray import buttons_only
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, take
from bot.dialogs.parts import FORWARD, to_menu
from bot.states import Card, Status
from bot.text import T
from core.domain.account import ADULT, CHILD_LEVEL, Verification
from core.services.account import StatusView, ViewStatus


def situation(view: StatusView) -> str:
    """Return which of the state's meanings applies: what is to be done next differs within «Не подтверждена»."""
    if view.verification is Verification.VERIFIED and view.age is not None and view.age < ADULT:
        return "minor"
    if view.verification is not Verification.UNVERIFIED:
        return view.verification.value
    if view.level == CHILD_LEVEL:
        return "child"
    if not view.lacking:
        return "ready"
    if view.refused:
        return "refused"
    return f"lacks_{view.lacking[0].value}" if len(view.lacking) == 1 else "unverified"


@inject
async def show_status(
    dialog_manager: DialogManager, view_status: FromDishka[ViewStatus], **_data: Any
) -> dict[str, Any]:
    """Show the account."""
    view = await view_status(citizen_of(dialog_manager))
    situated = situation(view)
    return {
        "name": view.name,
        "state": view.verification.value,
        "situation": situated,
        "refusals": refusals(view, dialog_manager),
        "ready": situated == "ready",
        "send": situated in {"unverified", "refused"} or situated.startswith("lacks_"),
        "apply": situated == "verified",
        "phone": view.phone or "",
        "email": view.email or "",
    } | take(dialog_manager)


def window() -> Window:
    """Return the window."""
    return Window(
        NOTICE,
        T("account.title"),
        T("account.state.{state}"),
        REFUSALS,
        T("account.means.{situation}"),
        T("account.contacts"),
        T("account.phone", when="phone"),
        T("account.no_phone", when=lambda shown, _widget, _manager: not shown["phone"]),
        T("account.email", when="email"),
        T("account.no_email", when=lambda shown, _widget, _manager: not shown["email"]),
        Button(T("account.send"), id="status_send", on_click=send, when="ready", style=FORWARD),
        SwitchTo(
            T("account.send_documents"), id="status_documents", state=Status.documents, when="send", style=FORWARD
        ),
        Start(
            T("menu.card"),
            id="status_card",
            state=Card.field,
            mode=StartMode.RESET_STACK,
            when="apply",
            style=FORWARD,
        ),
        Row(
            SwitchTo(T("account.change_phone"), id="status_phone", state=Status.phone),
            SwitchTo(T("account.change_email"), id="status_email", state=Status.email),
        ),
        to_menu("status_menu"),
        buttons_only(),
        state=Status.main,
        getter=show_status,
        preview_data={
            "name": "Анна И.",
            "state": "unverified",
            "situation": "unverified",
            "refusals": "",
            "ready": False,
            "send": True,
            "apply": False,
            "phone": "+7 900 •••-••-01",
            "email": "a•••@example.org",
        },
    )
