"""What the windows of many dialogs are put together from."""

from collections.abc import Awaitable, Callable
from operator import itemgetter
from typing import Any

from aiogram.enums import ButtonStyle
from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, StartMode
from aiogram_dialog.widgets.kbd import Button, Row, Select, Start, SwitchTo
from aiogram_dialog.widgets.kbd.base import Keyboard
from aiogram_dialog.widgets.kbd.button import OnClick
from aiogram_dialog.widgets.style import Style
from aiogram_dialog.widgets.text import Format

from bot.states import Conversation, Menu
from bot.text import T

FORWARD = Style(ButtonStyle.SUCCESS)
"""The one button that leads on."""
DANGER = Style(ButtonStyle.DANGER)
"""The second tap of something that cannot be undone."""


def to_menu(widget_id: str, on_click: OnClick | None = None, when: str | None = None) -> Start:
    """Return the button that leads to the menu; ids are unique in a dialog, so that a double tap meets nothing."""
    return Start(
        T("card.to_menu"), id=widget_id, state=Menu.main, on_click=on_click, mode=StartMode.RESET_STACK, when=when
    )


def to_operator(widget_id: str) -> Start:
    """Return the button that calls an operator. What is open waits beneath, as it is."""
    return Start(T("talk.call"), id=widget_id, state=Conversation.main)


def forward(key: str, widget_id: str, on_click: Callable[..., Awaitable[Any]], when: str | None = None) -> Button:
    """Return the button that leads on."""
    return Button(T(key), id=widget_id, on_click=on_click, when=when, style=FORWARD)


def back(widget_id: str, state: State, when: str | None = None) -> SwitchTo:
    """Return the button that leads back."""
    return SwitchTo(T("menu.back"), id=widget_id, state=state, when=when)


def back_or_menu(name: str, state: State) -> Row:
    """Return the last row of most windows: back to the window before this one, or to the menu. `name` begins both ids."""
    return Row(back(f"{name}_back", state), to_menu(f"{name}_menu"))


def lists(widget_id: str, items: str, read: Callable[[str], Any], on_click: Callable[..., Any]) -> Select[Any]:
    """Return buttons out of the getter's (item, label) pairs; `read` takes the item of a pressed one, or refuses it."""
    return Select(
        Format("{item[1]}"),
        id=widget_id,
        item_id_getter=itemgetter(0),
        items=items,
        type_factory=read,
        on_click=on_click,
        when=items,
    )


def leads(*states: State) -> list[Keyboard]:
    """Return what the map of windows shows beside the buttons."""
    return [back("_", state) for state in states]


def preview(show: Callable[[DialogManager], dict[str, Any]]) -> Callable[..., Any]:
    """Return a window's preview data: what its getter shows of the samples."""

    async def drawn(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
        return show(dialog_manager)

    return drawn
