"""The choice of a period: by name, by a calendar from one day to another, or typed. The dialog keeps it; nothing typed stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.api.entities import ChatEvent
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Group, ManagedCalendar, SwitchTo
from aiogram_dialog.widgets.kbd.base import Keyboard
from aiogram_dialog.widgets.text import Format, Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import NotOffered, one_of, text_only
from bot.dialogs.calendar import DayPicker
from bot.dialogs.notice import NOTICE, explain, note, take
from bot.dialogs.paging import PAGE
from bot.dialogs.parts import back, leads, lists, preview
from bot.dialogs.shown import shown_day, zone_of
from bot.dialogs.typed import at_the_bottom, forget
from bot.text import T, language_of
from bot.words import say
from core.domain.record.looking import FIRST_DAY, InvalidDates, Span, SpanKind, parse_days
from core.ports import Clock

SPAN, FIRST, LAST = "span", "first", "last"
CHOSEN = "✓ "
"""Before the words of a button that stands for what is chosen."""
SAMPLE = {"today": date(2026, 11, 23)}


def span_of(manager: DialogManager) -> Span:
    """Return the chosen period: everything, until one was chosen."""
    kept = manager.dialog_data
    kind = SpanKind(kept.get(SPAN, SpanKind.ALL.value))
    if kind is SpanKind.OWN:
        return Span.own(date.fromisoformat(kept[FIRST]), date.fromisoformat(kept[LAST]))
    return Span(kind)


def choose_span(manager: DialogManager, span: Span) -> None:
    """Keep a period; the list begins anew."""
    manager.dialog_data[SPAN] = span.kind.value
    if span.first and span.last:
        manager.dialog_data.update({FIRST: span.first.isoformat(), LAST: span.last.isoformat()})
    manager.dialog_data[PAGE] = 1


def span_text(span: Span, manager: DialogManager) -> str:
    """Return a period in words: «за год», «с 1 февраля 2025 г. по 5 марта 2025 г.», «12 мая 2025 г.»."""
    language = language_of(manager)
    if span.kind is not SpanKind.OWN or span.first is None or span.last is None:
        return say(f"result.span.{span.kind.value}", language)
    first, last = shown_day(span.first, manager), shown_day(span.last, manager)
    return first if span.first == span.last else say("result.span_own", language, {"first": first, "last": last})


def show_spans(named: Mapping[SpanKind, str], manager: DialogManager) -> dict[str, Any]:
    """Return the buttons of the periods, the chosen one marked; `named` says what stands behind the name of each."""
    language, chosen = language_of(manager), span_of(manager)

    def label(kind: SpanKind) -> str:
        return (CHOSEN if kind is chosen.kind else "") + say(f"result.span_button.{kind.value}", language)

    return {
        "spans": [(kind.value, label(kind) + behind) for kind, behind in named.items()],
        "own": label(SpanKind.OWN),
        "span": span_text(chosen, manager),
    }


async def days_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """The calendar ends today, by the person's clock."""
    return {"today": await _today(None, dialog_manager)} | show_days(dialog_manager)


def show_days(manager: DialogManager) -> dict[str, Any]:
    """Return what was chosen so far."""
    first = span_of(manager).first
    return {"first": span_text(Span.own(first, first), manager) if first else ""} | take(manager)


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """The choice in one dialog: the window it ends in, those of the first and the last day, the one it began in."""

    chosen: State
    since: State
    until: State
    begun: State

    def buttons(self) -> tuple[Keyboard, ...]:
        """Return the periods that have names, and the way to the calendars, of a window that shows `show_spans`."""
        return (
            Group(lists("period_span", "spans", one_of(*SpanKind), self._on_span), width=2),
            SwitchTo(Format("{own}"), id="period_own", state=self.since),
        )

    def typed(self) -> MessageInput:
        """Return what reads days that are typed."""
        return MessageInput(self._on_days, content_types="text")

    def since_window(self) -> Window:
        """Return the window of the first day."""
        return Window(
            Multi(NOTICE, T("result.since_ask"), sep="\n\n"),
            DayPicker("since_day", self._on_since),
            back("since_back", self.begun),
            self.typed(),
            text_only(),
            state=self.since,
            getter=days_getter,
            preview_data=preview(lambda manager: SAMPLE | show_days(manager)),
            preview_add_transitions=leads(self.until, self.chosen),
            protect_content=True,
        )

    def until_window(self) -> Window:
        """Return the window of the last day."""
        return Window(
            Multi(NOTICE, T("result.until_ask", when="first"), sep="\n\n"),
            SwitchTo(T("result.one_day"), id="until_one", state=self.chosen),
            DayPicker("until_day", self._on_until),
            back("until_back", self.since),
            self.typed(),
            text_only(),
            state=self.until,
            getter=days_getter,
            preview_data=preview(lambda manager: SAMPLE | show_days(manager) | {"first": "1.11.2026"}),
            preview_add_transitions=leads(self.chosen),
            protect_content=True,
        )

    async def _on_span(self, _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
        choose_span(manager, Span(SpanKind(item)))
        await manager.switch_to(self.chosen)

    async def _on_since(self, event: ChatEvent, _widget: ManagedCalendar, manager: DialogManager, day: date) -> None:
        """Until a last day is chosen, the first alone."""
        if not FIRST_DAY <= day <= await _today(event, manager):
            raise NotOffered
        choose_span(manager, Span.own(day, day))
        await manager.switch_to(self.until)

    async def _on_until(self, event: ChatEvent, _widget: ManagedCalendar, manager: DialogManager, day: date) -> None:
        if not FIRST_DAY <= day <= await _today(event, manager):
            raise NotOffered
        _close(manager, day)
        await manager.switch_to(self.chosen)

    async def _on_days(self, message: Message, _input: MessageInput, manager: DialogManager) -> None:
        """A day or two: read or explained, and removed from the chat either way."""
        at_the_bottom(manager)
        try:
            first, last = parse_days(message.text or "", await _today(message, manager))
        except InvalidDates as fault:
            explain(manager, fault)
        else:
            if manager.current_context().state == self.until and first == last:
                _close(manager, first)
            else:
                choose_span(manager, Span.own(first, last))
            await manager.switch_to(self.chosen)
        await forget(message)


@inject
async def _today(_event: object, manager: DialogManager, clock: FromDishka[Clock]) -> date:
    return clock.now().astimezone(zone_of(manager)).date()


def _close(manager: DialogManager, day: date) -> None:
    """The last day, after the first one."""
    first: str = manager.dialog_data.get(FIRST, day.isoformat())
    choose_span(manager, Span.own(date.fromisoformat(first), day))
    note(manager, "result.own_chosen")
