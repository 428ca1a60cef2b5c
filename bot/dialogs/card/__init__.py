"""The card: the application that creates it, field by field, and the card once it is there."""

from aiogram_dialog import Dialog

from bot.dialogs.card.filling import benefits_window, field_window, known_window, phone_window, proof_window
from bot.dialogs.card.finishing import (
    blocked_window,
    code_window,
    drop_window,
    summary_window,
    view_window,
    waiting_window,
)
from bot.dialogs.card.meanwhile import led_on
from bot.dialogs.card.place import on_start
from bot.dialogs.citizen import for_citizens


def dialog() -> Dialog:
    """Return the dialog of `states.Card`. Started at `Card.field`, it finds its own place."""
    return led_on(
        for_citizens(
            Dialog(
                known_window(),
                field_window(),
                phone_window(),
                proof_window(),
                benefits_window(),
                summary_window(),
                code_window(),
                waiting_window(),
                drop_window(),
                view_window(),
                blocked_window(),
                on_start=on_start,
            )
        )
    )
