"""Taps and words in the windows of the papers: each calls one use case and moves on."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.extract.getters import PAPER, SURE, paper_of
from bot.dialogs.notice import explain, note
from bot.dialogs.typed import at_the_bottom
from bot.medical import send_file
from bot.states import Extracts
from bot.text import language_of
from bot.words import say
from core.domain.account import WrongMove
from core.domain.extract import (
    ExtractNotThere,
    FileLost,
    MailedLately,
    NoMail,
)
from core.services.extract import (
    MailExtract,
    OpenExtract,
    RestoreExtract,
    WithdrawExtract,
)


async def on_paper(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A paper of the list."""
    manager.dialog_data[PAPER] = item
    manager.dialog_data.pop(SURE, None)
    await manager.switch_to(Extracts.one)


@inject
async def on_download(
    _callback: CallbackQuery, _button: object, manager: DialogManager, open_extract: FromDishka[OpenExtract]
) -> None:
    """The file, and then the window below it."""
    try:
        opened = await open_extract(citizen_of(manager), paper_of(manager))
    except (ExtractNotThere, FileLost) as fault:
        explain(manager, fault)
        return
    language = language_of(manager)
    kind = say(f"extract.kind.{opened.extract.kind.value}", language)
    caption = say("extract.caption", language, {"kind": kind, "number": opened.extract.number})
    await send_file(manager, opened.content, opened.name, caption)
    at_the_bottom(manager)


@inject
async def on_mail(
    _callback: CallbackQuery, _button: object, manager: DialogManager, mail: FromDishka[MailExtract]
) -> None:
    """«Да, отправить»: the letter is on its way."""
    try:
        await mail(citizen_of(manager), paper_of(manager))
    except (ExtractNotThere, NoMail, MailedLately, WrongMove) as fault:
        explain(manager, fault)
    else:
        note(manager, "extract.mailed")
    await manager.switch_to(Extracts.one)


async def on_to_mail(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Ask first: mail is less protected."""
    await manager.switch_to(Extracts.mail)


@inject
async def on_restore(
    _callback: CallbackQuery, _button: object, manager: DialogManager, restore: FromDishka[RestoreExtract]
) -> None:
    """Back from the archive."""
    try:
        await restore(citizen_of(manager), paper_of(manager))
    except (ExtractNotThere, WrongMove) as fault:
        explain(manager, fault)


async def on_refresh(_callback: CallbackQuery, _button: object, _manager: DialogManager) -> None:
    """The window is drawn anew, with what is true by now."""


async def on_withdraw(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Ask first: it cannot be undone."""
    manager.dialog_data[SURE] = True


@inject
async def on_withdraw_sure(
    _callback: CallbackQuery, _button: object, manager: DialogManager, withdraw: FromDishka[WithdrawExtract]
) -> None:
    """«Да, больше не действует»."""
    manager.dialog_data.pop(SURE, None)
    try:
        await withdraw(citizen_of(manager), paper_of(manager))
    except (ExtractNotThere, WrongMove) as fault:
        explain(manager, fault)


async def on_back(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """To the list, or back from the question."""
    if manager.dialog_data.pop(SURE, None) is None:
        await manager.switch_to(Extracts.main)
