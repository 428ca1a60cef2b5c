"""/results («Мои результаты»): a category, a period, the list by date; a panel, a value's course, search, files."""

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Group, Row
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import an_id, buttons_only, text_only
from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.notice import NOTICE
from bot.dialogs.paging import turning
from bot.dialogs.parts import back_or_menu, forward, leads, lists, preview, to_menu
from bot.dialogs.period import PeriodChoice
from bot.dialogs.result import samples
from bot.dialogs.result.getters import (
    course_getter,
    list_getter,
    main_getter,
    panel_getter,
    period_getter,
    search_getter,
    show_course,
    show_found,
    show_list,
    show_main,
    show_panel,
    show_period,
)
from bot.dialogs.result.handlers import (
    on_back,
    on_category,
    on_entry,
    on_search,
    on_show,
    on_value,
    on_words,
)
from bot.dialogs.result.position import COURSE_PAGE, PANEL_PAGE, a_category
from bot.dialogs.result.taking import on_csv, on_pdf, on_picture
from bot.states import Results as Windows
from bot.text import Ready, T

PERIOD = PeriodChoice(Windows.period, Windows.since, Windows.until, Windows.period)


def _files(prefix: str, when: str) -> Row:
    """Return the buttons of what can be taken along."""
    return Row(
        Button(T("result.pdf"), id=f"{prefix}_pdf", on_click=on_pdf),
        Button(T("result.csv"), id=f"{prefix}_csv", on_click=on_csv),
        when=when,
    )


def main_window() -> Window:
    """The categories that exist."""
    return Window(
        Multi(
            NOTICE,
            T("result.title"),
            T("result.choose", when="some"),
            T("result.none_at_all", when="none"),
            sep="\n\n",
        ),
        Column(lists("main_category", "categories", a_category, on_category)),
        Button(T("result.search"), id="main_search", on_click=on_search, when="some"),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(samples.categories(), manager)),
        preview_add_transitions=leads(Windows.period, Windows.search),
        protect_content=True,
    )


def period_window() -> Window:
    """The period, and how much it holds."""
    return Window(
        Multi(
            NOTICE,
            T("result.period_title"),
            T("result.period_chosen"),
            T("result.none_in_period", when="none"),
            T("result.period_ask"),
            sep="\n\n",
        ),
        *PERIOD.buttons(),
        forward("result.show", "period_show", on_show, when="some"),
        back_or_menu("period", Windows.main),
        PERIOD.typed(),
        text_only(),
        state=Windows.period,
        getter=period_getter,
        preview_data=preview(lambda manager: show_period(48, manager)),
        preview_add_transitions=leads(Windows.list),
        protect_content=True,
    )


def list_window() -> Window:
    """The results by date."""
    return Window(
        Multi(
            NOTICE,
            T("result.list_title"),
            T("result.none_in_period", when="nothing_here"),
            T("result.none_at_all", when="nothing_at_all"),
            Ready("text"),
            T("result.list_hint", when="some"),
            Ready("page"),
            sep="\n\n",
        ),
        Group(lists("list_entry", "entries", an_id, on_entry), width=2),
        turning("list_page"),
        _files("list", "some"),
        back_or_menu("list", Windows.period),
        buttons_only(),
        state=Windows.list,
        getter=list_getter,
        preview_data=preview(lambda manager: show_list(samples.page(), manager)),
        preview_add_transitions=leads(Windows.panel, Windows.course),
        protect_content=True,
    )


def panel_window() -> Window:
    """A panel as a whole."""
    return Window(
        Multi(
            NOTICE,
            T("record.not_found", when="gone"),
            T("result.panel_title", when="here"),
            T("result.institution", when="institution"),
            Ready("text"),
            T("result.conclusion", when="conclusion"),
            T("result.panel_hint", when="values"),
            Ready("page"),
            sep="\n\n",
        ),
        Group(lists("panel_value", "values", an_id, on_value), width=2),
        turning("panel_page", PANEL_PAGE),
        _files("panel", "here"),
        Row(Button(T("menu.back"), id="panel_back", on_click=on_back), to_menu("panel_to_menu")),
        buttons_only(),
        state=Windows.panel,
        getter=panel_getter,
        preview_data=preview(lambda manager: show_panel(samples.lipids(4), manager)),
        preview_add_transitions=leads(Windows.course, Windows.list, Windows.search),
        protect_content=True,
    )


def course_window() -> Window:
    """One value through the years."""
    return Window(
        Multi(
            NOTICE,
            T("record.not_found", when="gone"),
            T("result.course_title", when="here"),
            T("result.details", when="details"),
            Ready("words"),
            Ready("text"),
            Ready("page"),
            sep="\n\n",
        ),
        Button(T("result.picture"), id="course_picture", on_click=on_picture, when="drawn"),
        turning("course_page", COURSE_PAGE),
        _files("course", "here"),
        Row(Button(T("menu.back"), id="course_back", on_click=on_back), to_menu("course_menu")),
        buttons_only(),
        state=Windows.course,
        getter=course_getter,
        preview_data=preview(lambda manager: show_course(samples.course(), manager)),
        preview_add_transitions=leads(Windows.list, Windows.panel, Windows.search),
        protect_content=True,
    )


def search_window() -> Window:
    """Search by name."""
    return Window(
        Multi(
            NOTICE,
            T("result.search_title"),
            T("result.search_ask", when="before"),
            T("result.search_nothing", when="nothing"),
            Ready("text"),
            T("result.search_again", when="some"),
            sep="\n\n",
        ),
        Column(lists("search_kind", "kinds", an_id, on_entry)),
        back_or_menu("search", Windows.main),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=Windows.search,
        getter=search_getter,
        preview_data=preview(lambda manager: show_found(samples.found(), manager)),
        preview_add_transitions=leads(Windows.panel, Windows.course),
        protect_content=True,
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Results`."""
    return for_citizens(
        Dialog(
            main_window(),
            period_window(),
            PERIOD.since_window(),
            PERIOD.until_window(),
            list_window(),
            panel_window(),
            course_window(),
            search_window(),
            on_start=begin,
        )
    )
