"""Help: whom to call in an emergency, what the bot can do, which commands there are, and who helps."""

from typing import Any

from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.kbd import Start
from aiogram_dialog.widgets.text import Text
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import buttons_only
from bot.dialogs.notice import NOTICE, begin_with_notices, take
from bot.dialogs.parts import FORWARD, to_menu, to_operator
from bot.places import COMMANDS
from bot.states import Card, Help, Support
from bot.text import T, language_of
from bot.words import say
from core.domain.actor import Citizen
from core.services.account import WhoAmI


class CommandList(Text):
    """The commands with what they do, a line each: Telegram makes them links."""

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:  # noqa: ARG002 (the widget's shape)
        language = language_of(manager)
        return "\n".join(f"/{name} — {say(f'command.{name}', language)}" for name in COMMANDS)


@inject
async def show_help(
    dialog_manager: DialogManager,
    who_am_i: FromDishka[WhoAmI],
    hotline: str | None = None,
    support_mail: str | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Show what is known of contacts, and the way back to an application that was left."""
    actor = data["actor"]
    me = await who_am_i(actor) if isinstance(actor, Citizen) else None
    return {
        "hotline": hotline,
        "support_mail": support_mail,
        "open_application": me is not None and me.application is not None,
        "nobody": not hotline and not support_mail,
    } | take(dialog_manager)


def dialog() -> Dialog:
    """Return the dialog."""
    return Dialog(
        Window(
            NOTICE,
            T("help.emergency"),
            T("help.what"),
            T("help.commands"),
            CommandList(),
            T("help.contacts"),
            T("help.hotline", when="hotline"),
            T("help.mail", when="support_mail"),
            T("help.nobody", when="nobody"),
            T("help.kept", when="open_application"),
            Start(
                T("menu.card_continue"),
                id="help_card",
                state=Card.field,
                mode=StartMode.RESET_STACK,
                when="open_application",
                style=FORWARD,
            ),
            to_operator("help_operator"),
            Start(T("menu.support"), id="help_support", state=Support.main, mode=StartMode.RESET_STACK),
            to_menu("help_menu"),
            buttons_only(),
            state=Help.main,
            getter=show_help,
            preview_data={
                "hotline": "+7 800 000-00-00, 09:00–20:00 МСК",
                "support_mail": "help@example.org",
                "open_application": True,
                "nobody": False,
            },
        ),
        on_start=begin_with_notices,
    )
