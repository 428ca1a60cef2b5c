"""/visits («История посещений врачей»): the list, narrowed down; one visit in full; PDF; handing over to a specialist."""

from collections.abc import Callable
from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager, Window
from aiogram_dialog.widgets.kbd import Button, Column, Group, Row, SwitchTo
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import an_id, buttons_only, text_only
from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.notice import NOTICE
from bot.dialogs.paging import turning
from bot.dialogs.parts import back_or_menu, forward, leads, lists, preview, to_menu
from bot.dialogs.period import PeriodChoice
from bot.dialogs.visit import samples
from bot.dialogs.visit.getters import (
    institution_getter,
    list_getter,
    narrow_getter,
    period_getter,
    show_choices,
    show_list,
    show_narrow,
    show_period,
    show_visit,
    speciality_getter,
    visit_getter,
)
from bot.dialogs.visit.handing import handed_window, pick_window, recipient_window, term_window
from bot.dialogs.visit.handlers import (
    on_history_pdf,
    on_institution,
    on_reset,
    on_show,
    on_speciality,
    on_visit,
    on_visit_pdf,
)
from bot.dialogs.visit.position import an_id_or_any
from bot.states import Visits as Windows
from bot.text import Ready, T

PERIOD = PeriodChoice(Windows.narrow, Windows.since, Windows.until, Windows.period)


def main_window() -> Window:
    """The visits by date."""
    return Window(
        Multi(
            NOTICE,
            T("visit.title"),
            T("visit.narrowed", when="exist"),
            T("visit.none_here", when="nothing_here"),
            T("visit.none_at_all", when="nothing_at_all"),
            Ready("text"),
            T("visit.list_hint", when="some"),
            Ready("page"),
            sep="\n\n",
        ),
        Group(lists("main_visit", "entries", an_id, on_visit), width=2),
        turning("main_page"),
        Row(
            SwitchTo(T("visit.narrow"), id="main_narrow", state=Windows.narrow, when="exist"),
            Button(T("visit.reset"), id="main_reset", on_click=on_reset, when="is_narrowed"),
        ),
        Row(
            Button(T("visit.pdf"), id="main_pdf", on_click=on_history_pdf, when="some"),
            SwitchTo(T("handover.list_button"), id="main_handed", state=Windows.handed, when="exist"),
        ),
        SwitchTo(T("handover.button"), id="main_pick", state=Windows.pick, when="some"),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=list_getter,
        preview_data=preview(lambda manager: show_list(samples.page(), manager)),
        preview_add_transitions=leads(Windows.visit),
        protect_content=True,
    )


def visit_window() -> Window:
    """One visit in full."""
    return Window(
        Multi(
            NOTICE,
            T("record.not_found", when="gone"),
            T("visit.one_title", when="here"),
            Ready("text"),
            T("visit.cut", when="cut"),
            sep="\n\n",
        ),
        Button(T("visit.pdf_one"), id="visit_pdf", on_click=on_visit_pdf, when="here"),
        back_or_menu("visit", Windows.main),
        buttons_only(),
        state=Windows.visit,
        getter=visit_getter,
        preview_data=preview(lambda manager: show_visit(samples.visits()[0], manager)),
        protect_content=True,
    )


def narrow_window() -> Window:
    """What the list is narrowed down to."""
    return Window(
        Multi(
            NOTICE,
            T("visit.narrow_title"),
            T("visit.narrow_chosen"),
            T("visit.none_here", when="none"),
            sep="\n\n",
        ),
        SwitchTo(T("visit.by_period"), id="narrow_period", state=Windows.period),
        SwitchTo(T("visit.by_speciality"), id="narrow_speciality", state=Windows.speciality),
        SwitchTo(T("visit.by_institution"), id="narrow_institution", state=Windows.institution),
        Button(T("visit.reset"), id="narrow_reset", on_click=on_reset, when="is_narrowed"),
        forward("visit.show", "narrow_show", on_show, when="some"),
        back_or_menu("narrow", Windows.main),
        buttons_only(),
        state=Windows.narrow,
        getter=narrow_getter,
        preview_data=preview(lambda manager: show_narrow(samples.history(), manager)),
        preview_add_transitions=leads(Windows.main),
        protect_content=True,
    )


def period_window() -> Window:
    """The periods, each with what it would leave."""
    return Window(
        Multi(NOTICE, T("visit.period_title"), T("visit.period_ask"), sep="\n\n"),
        *PERIOD.buttons(),
        back_or_menu("period", Windows.narrow),
        PERIOD.typed(),
        text_only(),
        state=Windows.period,
        getter=period_getter,
        preview_data=preview(lambda manager: show_period(samples.history(), manager)),
        preview_add_transitions=leads(Windows.narrow),
        protect_content=True,
    )


def _choice_window(name: str, state: State, on_click: Callable[..., Any], getter: Callable[..., Any]) -> Window:
    """Return the window of specialities or of institutions: what exists, each with its count."""

    def show(manager: DialogManager) -> dict[str, Any]:
        history = samples.history()
        return show_choices(history.specialities if name == "speciality" else history.institutions, manager)

    return Window(
        Multi(NOTICE, T(f"visit.{name}_title"), T("visit.choices_cut", when="cut"), sep="\n\n"),
        Column(lists(f"{name}_choice", "choices", an_id_or_any, on_click)),
        back_or_menu(name, Windows.narrow),
        buttons_only(),
        state=state,
        getter=getter,
        preview_data=preview(show),
        preview_add_transitions=leads(Windows.narrow),
        protect_content=True,
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Visits`."""
    return for_citizens(
        Dialog(
            main_window(),
            visit_window(),
            narrow_window(),
            period_window(),
            PERIOD.since_window(),
            PERIOD.until_window(),
            _choice_window("speciality", Windows.speciality, on_speciality, speciality_getter),
            _choice_window("institution", Windows.institution, on_institution, institution_getter),
            pick_window(),
            term_window(),
            recipient_window(),
            handed_window(),
            on_start=begin,
        )
    )
