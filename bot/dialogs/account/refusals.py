"""What a reviewer refused, with the reviewer's own words."""

from html import escape

from aiogram_dialog import DialogManager

from bot.text import Ready, language_of
from bot.words import say
from core.services.account import StatusView

REFUSALS = Ready("refusals")


def refusals(view: StatusView, manager: DialogManager) -> str:
    """Return a line for each refused document, in HTML; empty when none was refused."""
    language = language_of(manager)
    return "\n".join(
        say(f"account.refused.{each.kind.value}", language, {"reason": escape(each.reason or "", quote=False)})
        for each in view.refused
    )
