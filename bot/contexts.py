"""Names of contexts that never meet: aiogram-dialog finds an open window, and what a button belongs to, by its context's name.

The library's own name is the second and one of a hundred numbers, so two windows that one person opens within a second are
namesakes once in a hundred times: the upper overwrites the lower, and the way back is lost (its pull request 501, open).
"""

import secrets

from aiogram_dialog.api.entities import stack

BITS = 40
"""Seven signs of a button's 64 bytes."""


def new_id() -> int:
    """Return a number that nobody has had or guesses."""
    return secrets.randbits(BITS)


def name_apart() -> None:
    """Let the library name its contexts so. Whoever opens dialogs calls it first; twice does no harm."""
    stack.new_int_id = new_id
