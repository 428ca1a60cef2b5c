"""Places that a command, a push's button or a deep link opens: one word, one window."""

from aiogram.fsm.state import State

from bot.states import Card, Consent, Documents, Help, Menu, SignIn, Status

PLACES: dict[str, State] = {
    "menu": Menu.main,
    "language": Menu.language,
    "about": Menu.about,
    "signin": SignIn.link,
    "status": Status.main,
    "card": Card.field,
    "documents": Documents.list,
    "consent": Consent.text,
    "help": Help.main,
}
"""`card` opens through the dialog's own first getter, which goes to where the application stands."""

COMMANDS = ("start", "menu", "status", "card", "consent", "documents", "language", "help", "cancel")
"""Registered with Telegram per language, in this order; `command.<name>` is what each is said to do."""
