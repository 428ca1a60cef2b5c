"""How lists are turned over: the page's number kept with the dialog, its words, the buttons to other pages."""

from collections.abc import Callable
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.kbd import Group

from bot.dialogs.astray import NotOffered
from bot.dialogs.parts import lists
from bot.text import language_of
from bot.words import say
from core.domain.record.looking import Paging

PAGE = "page"
"""In the dialog's store: the number of its list's page. Other lists of the same dialog have keys of their own."""


def number_of(manager: DialogManager, key: str = PAGE) -> int:
    """Return the number of the page that is asked for."""
    return int(manager.dialog_data.get(key, 1))


def page_of(paging: Paging, manager: DialogManager, key: str = PAGE) -> dict[str, Any]:
    """Return what a window shows of its pages, and keep the number: one that is not there became the nearest."""
    manager.dialog_data[key] = paging.number
    language = language_of(manager)
    return {"page": page_text(paging, language), "turns": turns(paging, language)}


def turning(widget_id: str, key: str = PAGE) -> Group:
    """Return the buttons between the pages, of a window that shows `page_of`."""
    return Group(lists(widget_id, "turns", a_page, _turn_to(key)), width=2)


def turns(paging: Paging, language: str) -> list[tuple[str, str]]:
    """Return the buttons between pages: (page's number, words). Two and two, so that they stand in rows."""
    number, pages = paging.number, paging.pages
    back = [(1, "first"), (number - 1, "previous")] if number > 1 else []
    on = [(number + 1, "next"), (pages, "last")] if number < pages else []
    return [(f"{page}{word[0]}", say(f"result.page_{word}", language)) for page, word in (*back, *on)]


def page_text(paging: Paging, language: str) -> str:
    """Return «Страница 2 из 7», or nothing where there is one."""
    if paging.pages == 1:
        return ""
    return say("result.page", language, {"number": str(paging.number), "pages": str(paging.pages)})


def a_page(item: str) -> int:
    """Read the item of a pressed button: a page's number, and a letter that tells equal ones apart. Raises NotOffered."""
    number = item[:-1]
    if not (number.isascii() and number.isdecimal()) or len(item) > 7:
        raise NotOffered
    return int(number)


def _turn_to(key: str) -> Callable[..., Any]:
    async def on_page(_callback: CallbackQuery, _widget: object, manager: DialogManager, number: int) -> None:
        manager.dialog_data[key] = number

    return on_page
