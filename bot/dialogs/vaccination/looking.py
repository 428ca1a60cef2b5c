"""The windows in which vaccinations are looked at: the list, one in full, what is due."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.kbd import Button, Group, SwitchTo
from aiogram_dialog.widgets.text import Format, Multi

from bot.dialogs.astray import an_id, buttons_only
from bot.dialogs.notice import NOTICE
from bot.dialogs.paging import turning
from bot.dialogs.parts import back_or_menu, leads, lists, preview, to_menu
from bot.dialogs.vaccination import samples
from bot.dialogs.vaccination.getters import due_getter, main_getter, one_getter, show_due, show_main, show_one
from bot.dialogs.vaccination.position import DOSE
from bot.dialogs.vaccination.telling import on_tell
from bot.states import Vaccinations as Windows
from bot.text import Ready, T


async def on_dose(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A line of the list."""
    manager.dialog_data[DOSE] = item
    await manager.switch_to(Windows.one)


def main_window() -> Window:
    """What was given, and the ways on."""
    return Window(
        Multi(
            NOTICE,
            T("vaccination.title"),
            T("vaccination.none", when="none"),
            Ready("text"),
            T("vaccination.hint", when="some"),
            Ready("talk"),
            Ready("page"),
            sep="\n\n",
        ),
        Group(lists("main_dose", "doses", an_id, on_dose), width=2),
        turning("main_page"),
        SwitchTo(T("vaccination.to_due"), id="main_due", state=Windows.due),
        SwitchTo(T("vaccination.add"), id="main_add", state=Windows.add, when="fresh"),
        Button(T("vaccination.go_on"), id="main_go_on", on_click=on_tell, when="begun"),
        SwitchTo(Format("{claims}"), id="main_claims", state=Windows.claims, when="claims"),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(samples.page(), manager)),
        preview_add_transitions=leads(Windows.one, Windows.check),
        protect_content=True,
    )


def one_window() -> Window:
    """One in full."""
    return Window(
        Multi(NOTICE, T("record.not_found", when="gone"), Ready("text"), Ready("correction"), sep="\n\n"),
        SwitchTo(T("vaccination.correct"), id="one_correct", state=Windows.field, when="correctable"),
        back_or_menu("one", Windows.main),
        buttons_only(),
        state=Windows.one,
        getter=one_getter,
        preview_data=preview(lambda manager: show_one(samples.view(), manager)),
        protect_content=True,
    )


def due_window() -> Window:
    """What the national calendar says by age."""
    return Window(
        Multi(
            NOTICE,
            T("vaccination.due_title"),
            T("vaccination.due_no_birth", when="no_birth"),
            T("vaccination.due_none", when="nothing"),
            Multi(T("vaccination.due_now_head"), Ready("now"), sep="\n", when="now"),
            Multi(T("vaccination.due_next_head"), Ready("next"), sep="\n", when="next"),
            T("vaccination.due_foot", when="known"),
            sep="\n\n",
        ),
        SwitchTo(T("vaccination.add"), id="due_add", state=Windows.add),
        back_or_menu("due", Windows.main),
        buttons_only(),
        state=Windows.due,
        getter=due_getter,
        preview_data=preview(lambda manager: show_due(samples.page(), manager)),
        protect_content=True,
    )
