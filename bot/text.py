"""The widgets that speak the catalogues' words."""

from collections.abc import Mapping
from html import escape
from typing import Any

from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.common import WhenCondition
from aiogram_dialog.widgets.text import Text

from bot.words import count, say


def language_of(manager: DialogManager) -> str:
    """Return the language of the chat, put into the middleware data by `middlewares.identity`."""
    language: str = manager.middleware_data.get("language", "ru")
    return language


def escaped(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data with every text made harmless for HTML."""
    return {name: escape(value, quote=False) if isinstance(value, str) else value for name, value in data.items()}


class T(Text):
    """The words of a key, filled with the getter's values, escaped. The key may itself hold `{names}`: `T("status.{state}")`."""

    def __init__(self, key: str, when: WhenCondition = None) -> None:
        super().__init__(when=when)
        self.key = key

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        return say(self.key.format_map(data), language_of(manager), escaped(data))


class N(Text):
    """The words of a plural key by the number that the getter gives under `by`."""

    def __init__(self, key: str, by: str, when: WhenCondition = None) -> None:
        super().__init__(when=when)
        self.key = key
        self.by = by

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:
        return count(self.key, language_of(manager), int(data[self.by]), escaped(data))


class Ready(Text):
    """Text that a getter made ready, in HTML, out of `say` and `escaped` values; nothing when it is empty."""

    def __init__(self, name: str, when: WhenCondition = None) -> None:
        super().__init__(when=when or (lambda data, _widget, _manager: bool(data.get(name))))
        self.name = name

    async def _render_text(self, data: dict[str, Any], manager: DialogManager) -> str:  # noqa: ARG002 (the widget's shape)
        text: str = data.get(self.name) or ""
        return text
