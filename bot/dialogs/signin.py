"""Into the account through the portal, and out of it. Passwords never pass through the chat."""

from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.kbd import Button, Start, Url
from aiogram_dialog.widgets.text import Format
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import buttons_only
from bot.dialogs.notice import NOTICE, carry, note, only_notices, said, take
from bot.dialogs.parts import DANGER, FORWARD, to_menu
from bot.dialogs.portal_link import address, fresh_ticket
from bot.states import Menu, SignIn
from bot.text import T
from core.domain.actor import Citizen, Visitor
from core.services.account import WhoAmI
from core.services.signin import BeginSignIn, SignOut


@inject
async def begin(start_data: object, manager: DialogManager, begin_sign_in: FromDishka[BeginSignIn]) -> None:
    """The window opens: its link is made."""
    carry(start_data, manager)
    await fresh_ticket(manager, begin_sign_in)


@inject
async def renew(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, begin_sign_in: FromDishka[BeginSignIn]
) -> None:
    """«Новая ссылка»."""
    if await fresh_ticket(manager, begin_sign_in, instead=True):
        note(manager, "signin.renewed")


@inject
async def show_link(dialog_manager: DialogManager, who_am_i: FromDishka[WhoAmI], **data: Any) -> dict[str, Any]:
    """Show the link to a visitor, and to a citizen as whom they are signed in."""
    actor = data["actor"]
    if isinstance(actor, Citizen):
        me = await who_am_i(actor)
        return {"name": me.name, "visitor": False, "url": ""} | take(dialog_manager)
    return {"name": "", "visitor": True, "url": address(dialog_manager)} | take(dialog_manager)


@inject
async def sign_out(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, leave: FromDishka[SignOut]
) -> None:
    """The chat speaks for nobody from now on."""
    actor = manager.middleware_data["actor"]
    if isinstance(actor, Citizen):
        await leave(actor)
        manager.middleware_data["actor"] = Visitor(actor.chat)
    await manager.start(Menu.main, data=said("signin.signed_out"), mode=StartMode.RESET_STACK)


def _citizen(shown: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return not shown["visitor"]


def link() -> Window:
    """Return the window with the way to the portal."""
    return Window(
        NOTICE,
        T("signin.link", when="visitor"),
        T("signin.already", when=_citizen),
        Url(T("signin.open"), url=Format("{url}"), id="signin_open", when="url", style=FORWARD),
        Button(T("signin.renew"), id="signin_renew", on_click=renew, when="visitor"),
        Start(T("menu.sign_out"), id="signin_leave", state=SignIn.out, mode=StartMode.RESET_STACK, when=_citizen),
        to_menu("signin_menu"),
        buttons_only(),
        state=SignIn.link,
        getter=show_link,
        preview_data={"visitor": True, "name": "", "url": "https://medkarta.example.org/sign-in/ticket"},
    )


def out() -> Window:
    """Return the question before signing out."""
    return Window(
        NOTICE,
        T("signin.out"),
        Button(T("signin.out_yes"), id="signin_out_yes", on_click=sign_out, style=DANGER),
        Start(T("signin.out_no"), id="signin_out_no", state=Menu.main, mode=StartMode.RESET_STACK),
        buttons_only(),
        state=SignIn.out,
        getter=only_notices,
        preview_data={},
    )


def dialog() -> Dialog:
    """Return the dialog."""
    return Dialog(link(), out(), on_start=begin)
