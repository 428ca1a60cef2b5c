"""/status: how far the account is verified, what is still to be sent, and the contacts."""

from aiogram_dialog import Dialog

from bot.dialogs.account import contacts, scans, status
from bot.dialogs.citizen import begin, for_citizens


def dialog() -> Dialog:
    """Return the dialog."""
    return for_citizens(
        Dialog(
            status.window(),
            scans.window(),
            scans.inn_window(),
            contacts.phone_window(),
            contacts.email_window(),
            contacts.code_window(),
            on_start=begin,
        )
    )
