"""Answers to what people ask in their own words, anywhere outside of a form."""

from aiogram_dialog import Dialog

from bot.dialogs.knowledge.windows import answered, begin, near

__all__ = ["dialog"]


def dialog() -> Dialog:
    """Return the dialog."""
    return Dialog(answered(), near(), on_start=begin)
