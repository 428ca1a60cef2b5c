"""Where nothing personal is shown in the chat: windows that point to a page, by a link of one use made when they open.

Booking has no page: its windows say that it is turned off, and give the telephone.
"""

from collections.abc import Callable
from typing import Any

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Url
from aiogram_dialog.widgets.text import Format, Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import Astray
from bot.dialogs.citizen import begin, citizen_of, for_citizens
from bot.dialogs.notice import NOTICE, note, take
from bot.dialogs.parts import FORWARD, to_menu
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import (
    Activity,
    Appointments,
    Booking,
    Card,
    Documents,
    Extracts,
    Request,
    Results,
    Security,
    Status,
    Tickets,
    Vaccinations,
    Visits,
)
from bot.text import T, language_of
from core.domain.page import Place
from core.services.page import MakeLink

LINK = "link"
"""In the dialog's store. As with the link to the portal: made when the window opens and when a new one is asked for, not
when it is drawn. It stands in the button's address anyway, is good once and for ten minutes, and names nobody."""

POINTED: tuple[tuple[type[StatesGroup], Place], ...] = (
    (Results, Place.RESULTS),
    (Visits, Place.VISITS),
    (Vaccinations, Place.VACCINATIONS),
    (Extracts, Place.DOCUMENTS),
    (Activity, Place.ACTIVITY),
    (Card, Place.CARD),
    (Documents, Place.SCANS),
    (Status, Place.ACCOUNT),
    (Security, Place.SECURITY),
    (Request, Place.TICKETS),
    (Tickets, Place.TICKETS),
)
"""Which dialogs are on pages then."""
CLOSED: tuple[type[StatesGroup], ...] = (Booking, Appointments)
"""Which are nowhere: whom somebody sees, and when, is medical, and pushes about it say no more than that either."""


async def show(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """Return the link's address, in the language of the chat."""
    token = dialog_manager.dialog_data.get(LINK, "")
    root = dialog_manager.middleware_data.get("public_url", "")
    url = f"{root}/my/open/{token}?language={language_of(dialog_manager)}" if token else ""
    return {"url": url} | take(dialog_manager)


async def on_typed(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """Something was written all the same: it goes from the chat, for it may name a person, and the link is shown again."""
    await forget(message)
    at_the_bottom(manager)
    note(manager, "page.point.not_here")


def _window(state: State, place: Place, renew: Callable[..., Any]) -> Window:
    prefix = f"{place.value}_{state._state or ''}"  # noqa: SLF001 - a state's own name, without its group's
    return Window(
        Multi(NOTICE, T(f"page.point.{place.value}"), T("page.point.hint"), sep="\n\n"),
        Url(T("page.point.open"), url=Format("{url}"), id=f"{prefix}_open", when="url", style=FORWARD),
        Button(T("page.point.again"), id=f"{prefix}_again", on_click=renew),
        to_menu(f"{prefix}_menu"),
        Astray(on_typed),
        state=state,
        getter=show,
        preview_data={"url": "https://medkarta.example.org/my/open/link"},
    )


def pointing(group: type[StatesGroup], place: Place) -> Dialog:
    """Return a dialog of the same windows that points to a page from each of them."""

    @inject
    async def on_start(start_data: object, manager: DialogManager, make: FromDishka[MakeLink]) -> None:
        """The window opens: its link is made."""
        if not await begin(start_data, manager):
            return
        manager.dialog_data[LINK] = await make(citizen_of(manager), place)

    @inject
    async def renew(
        _callback: CallbackQuery, _button: Button, manager: DialogManager, make: FromDishka[MakeLink]
    ) -> None:
        """«Новая ссылка»."""
        manager.dialog_data[LINK] = await make(citizen_of(manager), place)
        note(manager, "page.point.renewed")

    windows = [_window(state, place, renew) for state in group.__states__]
    return for_citizens(Dialog(*windows, on_start=on_start))


async def show_telephone(dialog_manager: DialogManager, hotline: str | None = None, **_data: Any) -> dict[str, Any]:
    """Return whom to call."""
    return {"hotline": hotline, "nobody": not hotline} | take(dialog_manager)


async def on_typed_in_vain(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """Something was written all the same: it goes from the chat, for it may say what ails somebody."""
    await forget(message)
    at_the_bottom(manager)
    note(manager, "book.not_here")


def _closed_window(state: State) -> Window:
    prefix = (state.state or "").replace(":", "_").lower()
    return Window(
        Multi(
            NOTICE,
            T("book.not_by_chat"),
            T("book.not_by_chat_phone", when="hotline"),
            T("book.not_by_chat_nobody", when="nobody"),
            sep="\n\n",
        ),
        to_menu(f"{prefix}_menu"),
        Astray(on_typed_in_vain),
        state=state,
        getter=show_telephone,
        preview_data={"hotline": "+7 800 000-00-00, 09:00–20:00 МСК", "nobody": False},
    )


def by_telephone(group: type[StatesGroup]) -> Dialog:
    """Return a dialog of the same windows that says whom to call instead."""
    return for_citizens(Dialog(*(_closed_window(state) for state in group.__states__), on_start=begin))
