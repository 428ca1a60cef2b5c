"""What a window says back: message keys kept with the dialog until its window is drawn once, then gone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from aiogram_dialog import DialogManager

from bot.text import Ready, escaped, language_of
from bot.words import say
from core.domain.code import TooSoon, WrongCode

NOTICES = "notices"
HIDDEN = "•••"
MOST = 12
"""An album of ten files has ten outcomes; anything longer is cut from the front."""


class Worded(Protocol):
    """An error that has words for people."""

    message_key: str


def note(manager: DialogManager, key: str, values: Mapping[str, str] | None = None) -> None:
    """Say this in the window that is drawn next, once. `values` never hold what a person typed."""
    waiting: list[dict[str, Any]] = manager.dialog_data.setdefault(NOTICES, [])
    notice = {"key": key, "values": dict(values or {})}
    if notice not in waiting:
        waiting.append(notice)
    del waiting[:-MOST]


def with_earlier(before: Sequence[dict[str, Any]], manager: DialogManager) -> list[dict[str, Any]]:
    """Return what was said of an album's earlier files and what is to be said now, each once."""
    return [*before, *(each for each in manager.dialog_data.get(NOTICES, []) if each not in before)]


def said(key: str, values: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the start data of a dialog whose first window says this."""
    return {NOTICES: [{"key": key, "values": dict(values or {})}]}


def explain(manager: DialogManager, error: Worded) -> None:
    """Say what an error means, in the window that is drawn next."""
    key, values = words_of(error)
    note(manager, key, values)


def words_of(error: Worded) -> tuple[str, dict[str, str]]:
    """Return the message key of an error and the values that its text shows."""
    match error:
        case WrongCode():
            return error.message_key, {"left": str(error.left)}
        case TooSoon(seconds=seconds) if seconds > 90:
            return "code.too_soon_minutes", {"minutes": str(-(-seconds // 60))}
        case TooSoon(seconds=seconds):
            return error.message_key, {"seconds": str(seconds)}
    params: Mapping[str, str] = getattr(error, "params", {})
    return error.message_key, dict(params)


def carried(manager: DialogManager) -> dict[str, Any]:
    """Take what is still to be said along, as start data of the next dialog."""
    return {NOTICES: manager.dialog_data.pop(NOTICES, [])}


def carry(start_data: object, manager: DialogManager) -> None:
    """Put what the last dialog left to say into this one."""
    if isinstance(start_data, dict) and start_data.get(NOTICES):
        manager.dialog_data[NOTICES] = start_data[NOTICES]


def take(manager: DialogManager, values: Mapping[str, Callable[[], str]] | None = None) -> dict[str, Any]:
    """Return everything that is to be said as `notice` for the window, in HTML, and forget it.

    `values` make the personal ones (masked echoes) that texts may show, known at the time of drawing only.
    """
    waiting: list[dict[str, Any]] = manager.dialog_data.pop(NOTICES, [])
    language = language_of(manager)
    lines = [say(each["key"], language, _Shown(each["values"], values or {})) for each in waiting]
    return {"notice": f"<blockquote>{chr(10).join(lines)}</blockquote>" if lines else ""}


async def only_notices(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """The getter of a window whose own words never change."""
    return take(dialog_manager)


async def begin_with_notices(start_data: object, manager: DialogManager) -> None:
    """The start of a dialog that is open to everybody: what the last one left to say is taken along."""
    carry(start_data, manager)


class _Shown(dict[str, Any]):
    """Values of a text, made when it names them; one that this window does not know is hidden, not a fault."""

    def __init__(self, known: Mapping[str, Any], made: Mapping[str, Callable[[], str]]) -> None:
        super().__init__(escaped(known))
        self.made = made

    def __bool__(self) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        value: str = escaped({name: self.made[name]()})[name] if name in self.made else HIDDEN
        return value


NOTICE = Ready("notice")
"""Stands first in a window: an answer to what the person has just done comes before the next question."""
