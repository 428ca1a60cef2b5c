"""Every dialog, listed once: router, previews, map and tests read this list."""

from aiogram_dialog import Dialog

from bot.dialogs.account import dialog as account
from bot.dialogs.card import dialog as card
from bot.dialogs.consent import dialog as consent
from bot.dialogs.document import dialog as document
from bot.dialogs.help import dialog as help_
from bot.dialogs.menu import dialog as menu
from bot.dialogs.signin import dialog as signin


def dialogs() -> tuple[Dialog, ...]:
    """Return fresh dialogs: one Dialog joins one Dispatcher only."""
    return tuple(make() for make in (menu, signin, account, card, document, consent, help_))
