"""/vaccinations («Данные о прививках»): what was given, what is due, a dose brought, a wrong one put right."""

from aiogram_dialog import Dialog

from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.vaccination.bringing import (
    add_window,
    check_window,
    day_window,
    field_window,
    institution_window,
    right_window,
    series_window,
    sure_window,
    vaccine_window,
    why_window,
)
from bot.dialogs.vaccination.following import claim_window, claims_window
from bot.dialogs.vaccination.looking import due_window, main_window, one_window


def dialog() -> Dialog:
    """Return the dialog of `states.Vaccinations`."""
    return for_citizens(
        Dialog(
            main_window(),
            one_window(),
            due_window(),
            add_window(),
            vaccine_window(),
            day_window(),
            series_window(),
            institution_window(),
            check_window(),
            claims_window(),
            claim_window(),
            field_window(),
            right_window(),
            why_window(),
            sure_window(),
            on_start=begin,
        )
    )
