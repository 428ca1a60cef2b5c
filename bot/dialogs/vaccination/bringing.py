"""The windows in which a dose is brought, or a wrong one put right."""

from collections.abc import Callable
from typing import Any

from aiogram.fsm.state import State
from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Group, Row, SwitchTo
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import buttons_only, text_only
from bot.dialogs.calendar import DayPicker
from bot.dialogs.notice import NOTICE, only_notices
from bot.dialogs.paging import turning
from bot.dialogs.parts import back, back_or_menu, forward, leads, lists, preview, to_menu
from bot.dialogs.receiving import FILES
from bot.dialogs.vaccination import samples
from bot.dialogs.vaccination.drafts import draft_getter, show_draft
from bot.dialogs.vaccination.position import CORRECTING, VACCINE_PAGE, a_place
from bot.dialogs.vaccination.telling import (
    WINDOWS,
    on_day,
    on_day_words,
    on_drop,
    on_field,
    on_fix,
    on_own_words,
    on_scan,
    on_send,
    on_tell,
    on_unknown,
    on_vaccine,
    on_vaccine_words,
    on_why,
    on_words,
)
from bot.states import Vaccinations as Windows
from bot.text import T
from core.domain.vaccination import Field


def _new(manager: DialogManager) -> dict[str, Any]:
    manager.dialog_data[CORRECTING] = False
    return {"today": samples.NOW.date()} | show_draft(samples.draft(), manager)


def _correction(manager: DialogManager) -> dict[str, Any]:
    manager.dialog_data[CORRECTING] = True
    return {"today": samples.NOW.date()} | show_draft(samples.correction(), manager)


def add_window() -> Window:
    """A scan, or in words."""
    return Window(
        Multi(NOTICE, T("vaccination.add_ask"), sep="\n\n"),
        forward("vaccination.tell", "add_tell", on_tell),
        back_or_menu("add", Windows.main),
        MessageInput(on_scan, content_types=FILES),
        buttons_only(),
        state=Windows.add,
        getter=only_notices,
        preview_data={},
        preview_add_transitions=leads(Windows.vaccine, Windows.check),
        protect_content=True,
    )


def vaccine_window() -> Window:
    """Which vaccine: from the list, found by words, or in own words."""
    return Window(
        Multi(
            NOTICE,
            T("vaccination.ask_vaccine", when="untyped"),
            T("vaccination.typed_meant", when="meant"),
            T("vaccination.typed_kept", when="not_meant"),
            sep="\n\n",
        ),
        Group(lists("vaccine_place", "vaccines", a_place, on_vaccine), width=2),
        Button(T("vaccination.own_words"), id="vaccine_own", on_click=on_own_words, when="typed"),
        turning("vaccine_page", VACCINE_PAGE),
        Row(_to_summary("vaccine"), to_menu("vaccine_menu")),
        MessageInput(on_vaccine_words, content_types="text"),
        text_only(),
        state=Windows.vaccine,
        getter=draft_getter,
        preview_data=preview(_new),
        preview_add_transitions=leads(Windows.day, Windows.why),
        protect_content=True,
    )


def day_window() -> Window:
    """When it was given."""
    return Window(
        Multi(NOTICE, T("vaccination.ask_day"), sep="\n\n"),
        DayPicker("day_day", on_day),
        Row(_to_summary("day"), to_menu("day_menu")),
        MessageInput(on_day_words, content_types="text"),
        text_only(),
        state=Windows.day,
        getter=draft_getter,
        preview_data=preview(_new),
        preview_add_transitions=leads(Windows.series, Windows.why),
        protect_content=True,
    )


def series_window() -> Window:
    """The lot."""
    return _known_or_not("series", T("vaccination.ask_series"), Windows.series, Windows.institution)


def institution_window() -> Window:
    """Where it was given."""
    return _known_or_not("institution", T("vaccination.ask_institution"), Windows.institution, Windows.check)


def _known_or_not(prefix: str, ask: T, state: State, following: State) -> Window:
    """Return a window that is answered in words, or by «Не знаю»."""
    return Window(
        Multi(NOTICE, ask, sep="\n\n"),
        Button(T("vaccination.dont_know"), id=f"{prefix}_unknown", on_click=on_unknown),
        Row(_to_summary(prefix), to_menu(f"{prefix}_menu")),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=state,
        getter=draft_getter,
        preview_data=preview(_new),
        preview_add_transitions=leads(following),
        protect_content=True,
    )


def check_window() -> Window:
    """Everything that was told, before it is sent; a scan is taken here, too."""
    return Window(
        Multi(
            NOTICE,
            T("vaccination.draft_gone", when="gone"),
            T("vaccination.check", when="here"),
            T("vaccination.with_scan", when="scan"),
            T("vaccination.without_scan", when="no_scan"),
            T("vaccination.lacking", when="lacking"),
            sep="\n\n",
        ),
        forward("vaccination.send", "check_send", on_send, when="ready"),
        Group(
            *(_field_button(f"check_{field.value}", field) for field in WINDOWS),
            width=2,
            when="here",
        ),
        Button(T("vaccination.drop"), id="check_drop", on_click=on_drop, when="here"),
        back_or_menu("check", Windows.main),
        MessageInput(on_scan, content_types=FILES),
        buttons_only(),
        state=Windows.check,
        getter=draft_getter,
        preview_data=preview(_new),
        protect_content=True,
    )


def field_window() -> Window:
    """What is wrong."""
    return Window(
        Multi(NOTICE, T("vaccination.ask_field"), sep="\n\n"),
        Group(*(_field_button(f"field_{field.value}", field, wrong=True) for field in Field), width=2),
        back_or_menu("field", Windows.one),
        buttons_only(),
        state=Windows.field,
        getter=only_notices,
        preview_data={},
        preview_add_transitions=leads(Windows.right, Windows.vaccine, Windows.day),
        protect_content=True,
    )


def right_window() -> Window:
    """What is right."""
    return _in_words("right", T("vaccination.ask_right", when="here"), on_words, Windows.right, Windows.why)


def why_window() -> Window:
    """Why it is wrong."""
    return _in_words("why", T("vaccination.ask_why", when="here"), on_why, Windows.why, Windows.sure)


def _in_words(prefix: str, ask: T, on_text: Callable[..., Any], state: State, following: State) -> Window:
    """Return a window of a correction that is answered in words."""
    return Window(
        Multi(NOTICE, T("vaccination.draft_gone", when="gone"), ask, sep="\n\n"),
        back_or_menu(prefix, Windows.field),
        MessageInput(on_text, content_types="text"),
        text_only(),
        state=state,
        getter=draft_getter,
        preview_data=preview(_correction),
        preview_add_transitions=leads(following),
        protect_content=True,
    )


def sure_window() -> Window:
    """The whole correction, before it is sent."""
    return Window(
        Multi(
            NOTICE,
            T("vaccination.draft_gone", when="gone"),
            T("vaccination.sure", when="here"),
            T("vaccination.with_scan", when="scan"),
            T("vaccination.without_scan", when="no_scan"),
            sep="\n\n",
        ),
        forward("vaccination.send_correction", "sure_send", on_send, when="ready"),
        SwitchTo(T("vaccination.other_field"), id="sure_field", state=Windows.field, when="here"),
        Button(T("vaccination.drop"), id="sure_drop", on_click=on_drop, when="here"),
        back_or_menu("sure", Windows.one),
        MessageInput(on_scan, content_types=FILES),
        buttons_only(),
        state=Windows.sure,
        getter=draft_getter,
        preview_data=preview(_correction),
        protect_content=True,
    )


def _field_button(widget_id: str, field: Field, *, wrong: bool = False) -> Button:
    """Return the button of one field: to answer it again, or to say that it is wrong."""

    async def pressed(callback: CallbackQuery, button: Button, manager: DialogManager) -> None:
        await (on_field if wrong else on_fix)(callback, button, manager, field.value)

    return Button(T(f"vaccination.label.{field.value}"), id=widget_id, on_click=pressed)


def _to_summary(prefix: str) -> Group:
    return Group(
        SwitchTo(T("vaccination.to_check"), id=f"{prefix}_check", state=Windows.check, when="new"),
        back(f"{prefix}_field", Windows.field, when="correction"),
    )
