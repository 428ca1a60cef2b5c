"""The windows in which an order is put together and confirmed."""

from collections.abc import Callable
from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Group, Row, Select, Start, SwitchTo
from aiogram_dialog.widgets.kbd.calendar_kbd import OnDateSelected
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import buttons_only, one_of, text_only
from bot.dialogs.calendar import DayPicker
from bot.dialogs.extract import samples
from bot.dialogs.extract.choosing import (
    on_aim,
    on_code,
    on_days,
    on_drop,
    on_kind,
    on_send_code,
    on_since,
    on_span,
    on_until,
    on_words,
)
from bot.dialogs.extract.getters import (
    kind_getter,
    order_getter,
    show_kinds,
    show_order,
)
from bot.dialogs.notice import NOTICE
from bot.dialogs.parts import back, back_or_menu, leads, lists, preview, to_menu
from bot.states import Extracts as Windows
from bot.states import Security, Status
from bot.text import T
from core.domain.extract import Aim, ExtractKind, Span


def _order(manager: DialogManager) -> dict[str, Any]:
    return show_order(samples.order(), samples.DAY.date(), manager)


def kind_window() -> Window:
    """Which paper."""
    return Window(
        Multi(
            NOTICE,
            T("extract.which"),
            *(T(f"extract.about.{kind.value}") for kind in ExtractKind),
            sep="\n\n",
        ),
        Column(lists("kind_kind", "kinds", one_of(*ExtractKind), on_kind)),
        back_or_menu("kind", Windows.main),
        buttons_only(),
        state=Windows.kind,
        getter=kind_getter,
        preview_data=preview(show_kinds),
        preview_add_transitions=leads(Windows.span),
    )


def span_window() -> Window:
    """For which time."""
    return Window(
        Multi(NOTICE, T("extract.confirm.kind"), T("extract.span.ask"), sep="\n\n"),
        Group(
            *(
                Select(
                    T(f"extract.span.{span.value}"),
                    id=f"span_{span.value}",
                    item_id_getter=str,
                    items=_only(span),
                    type_factory=one_of(*Span),
                    on_click=on_span,
                )
                for span in Span
            ),
            width=2,
        ),
        back_or_menu("span", Windows.kind),
        MessageInput(on_days, content_types="text"),
        text_only(),
        state=Windows.span,
        getter=order_getter,
        preview_data=preview(_order),
        protect_content=True,
        preview_add_transitions=leads(Windows.since, Windows.aim),
    )


def _only(span: Span) -> Callable[[dict[str, Any]], list[str]]:
    return lambda _data: [span.value]


def since_window() -> Window:
    """The first day of one's own period."""
    return _day_window(
        "since", T("extract.since.ask"), on_since, Windows.since, Windows.span, Windows.until, Windows.aim
    )


def until_window() -> Window:
    """The last day."""
    return _day_window("until", T("extract.until.ask"), on_until, Windows.until, Windows.since, Windows.aim)


def _day_window(prefix: str, ask: T, on_day: OnDateSelected, state: State, before: State, *after: State) -> Window:
    """Return a window that asks for a day; both days may be typed in either."""
    return Window(
        Multi(NOTICE, ask, sep="\n\n"),
        DayPicker(f"{prefix}_day", on_day),
        back(f"{prefix}_back", before),
        MessageInput(on_days, content_types="text"),
        text_only(),
        state=state,
        getter=order_getter,
        preview_data=preview(_order),
        protect_content=True,
        preview_add_transitions=leads(*after),
    )


def aim_window() -> Window:
    """What for."""
    return Window(
        Multi(NOTICE, T("extract.confirm.period"), T("extract.aim.ask"), sep="\n\n"),
        Column(lists("aim_aim", "aims", one_of(*Aim), on_aim)),
        SwitchTo(T("extract.aim.other"), id="aim_other", state=Windows.words),
        back_or_menu("aim", Windows.span),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=Windows.aim,
        getter=order_getter,
        preview_data=preview(_order),
        protect_content=True,
        preview_add_transitions=leads(Windows.confirm),
    )


def words_window() -> Window:
    """What for, in own words."""
    return Window(
        Multi(NOTICE, T("extract.words.ask"), sep="\n\n"),
        back_or_menu("words", Windows.aim),
        MessageInput(on_words, content_types="text"),
        text_only(),
        state=Windows.words,
        getter=order_getter,
        preview_data=preview(_order),
        protect_content=True,
        preview_add_transitions=leads(Windows.confirm),
    )


def confirm_window() -> Window:
    """The whole order, and the code that confirms it."""
    return Window(
        Multi(
            NOTICE,
            T("extract.confirm.title"),
            Multi(T("extract.confirm.kind"), T("extract.confirm.period"), T("extract.confirm.aim"), sep="\n"),
            T("extract.confirm.totp", when="by_totp"),
            T("extract.confirm.sms", when="by_sms"),
            T("extract.confirm.sent", when="sent"),
            T("extract.confirm.none", when="no_way"),
            sep="\n\n",
        ),
        Button(T("extract.send_code"), id="confirm_send", on_click=on_send_code, when="can_send"),
        Button(T("extract.send_again"), id="confirm_again", on_click=on_send_code, when="sent"),
        Start(T("extract.to_status"), id="confirm_status", state=Status.main, when="no_way"),
        Start(T("extract.to_security"), id="confirm_security", state=Security.main, when="no_way"),
        SwitchTo(T("extract.change_kind"), id="confirm_kind", state=Windows.kind),
        Row(
            SwitchTo(T("extract.change_span"), id="confirm_span", state=Windows.span),
            SwitchTo(T("extract.change_aim"), id="confirm_aim", state=Windows.aim),
        ),
        Row(Button(T("extract.drop"), id="confirm_drop", on_click=on_drop), to_menu("confirm_menu")),
        MessageInput(on_code, content_types="text"),
        text_only(),
        state=Windows.confirm,
        getter=order_getter,
        preview_data=preview(_order),
        protect_content=True,
        preview_add_transitions=leads(Windows.one, Windows.main),
    )
