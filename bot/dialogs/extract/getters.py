"""What the windows of the papers show: each asks one use case."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import kept_id
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain, take
from bot.dialogs.shown import shown_day, shown_moment
from bot.following import Following
from bot.text import escaped, language_of
from bot.words import say
from core.domain.extract import (
    BEING_MADE,
    MAIL_PAUSE,
    WORDS_LIMIT,
    Aim,
    Extract,
    ExtractKind,
    ExtractState,
    Order,
    OrderIncomplete,
    day_of,
    steps_of,
)
from core.domain.identifiers.dates import shown_date
from core.domain.ids import ExtractId
from core.ports import Clock
from core.services.extract import ExtractView, ListExtracts, OrderView, ViewExtract, ViewOrder

PAPER, SURE = "paper", "sure"
"""In the dialog's store: the paper looked at, and whether it was asked to be declared invalid."""
SHOWN = 20
"""More buttons are no longer seen at once; older papers are in the archive anyway."""
SLOW = MAIL_PAUSE
"""Past this nobody should think that it is a matter of seconds."""


def paper_of(manager: DialogManager) -> ExtractId:
    """Return the paper looked at. Raises NotOffered where there is none."""
    return ExtractId(kept_id(manager, PAPER))


@inject
async def main_getter(
    dialog_manager: DialogManager, extracts: FromDishka[ListExtracts], **_data: Any
) -> dict[str, Any]:
    """The papers."""
    return show_main(await extracts(citizen_of(dialog_manager)), dialog_manager)


def show_main(extracts: Sequence[Extract], manager: DialogManager) -> dict[str, Any]:
    """Return a button for each paper."""
    return {
        **take(manager),
        "papers": [(str(each.id), line_of(each, manager)) for each in extracts[:SHOWN]],
        "some": bool(extracts),
        "none": not extracts,
        "shown": str(SHOWN),
        "more": len(extracts) > SHOWN,
    }


def line_of(extract: Extract, manager: DialogManager) -> str:
    """Return «✅ Выписка от 23 ноября 2026 г.»."""
    language = language_of(manager)
    return say(
        "extract.line",
        language,
        {
            "mark": say(f"extract.mark.{extract.state.value}", language),
            "kind": say(f"extract.short.{extract.kind.value}", language),
            "date": shown_day(day_of(extract.ordered_at or extract.asked_at), manager),
        },
    )


@inject
async def one_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewExtract], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """One paper."""
    found = await view(citizen_of(dialog_manager), paper_of(dialog_manager))
    following: Following | None = dialog_manager.middleware_data.get("following")
    if following is not None and found.extract.state in BEING_MADE:
        following.note(dialog_manager, found.extract, PAPER)
    since = found.extract.ordered_at or found.extract.asked_at
    return show_one(found, dialog_manager, slow=clock.now() > since + SLOW)


def show_one(view: ExtractView, manager: DialogManager, *, slow: bool = False) -> dict[str, Any]:
    """Return where a paper stands, and what can be done with it now."""
    language, extract = language_of(manager), view.extract
    state, ready = extract.state, extract.state is ExtractState.READY
    over = state in {ExtractState.REFUSED, ExtractState.FAILED, ExtractState.WITHDRAWN}
    key = "signed" if extract.doctor and state in {ExtractState.ORDERED, ExtractState.DRAFTING} else state.value
    withdrawable = state in {ExtractState.READY, ExtractState.ARCHIVED}
    sure = withdrawable and bool(manager.dialog_data.get(SURE))
    lines = [
        say(f"extract.kind.{extract.kind.value}", language),
        say("extract.one.number", language, {"number": extract.number}) if extract.made_at else "",
        say("extract.one.period", language, {"period": period_of(extract.order.days(_today(extract)), language)}),
        say("extract.one.aim", language, escaped({"aim": aim_of(extract.order, language)})),
        say("extract.one.made", language, {"at": shown_moment(extract.made_at, manager)})
        if extract.made_at
        else say(
            "extract.one.ordered", language, {"at": shown_moment(extract.ordered_at or extract.asked_at, manager)}
        ),
        say("extract.one.doctor", language, escaped({"doctor": extract.doctor_name})) if extract.doctor_name else "",
    ]
    kept = ready and extract.kept_until is not None
    return {
        **take(manager, {"mail": lambda: view.mail or ""}),
        "state": say(f"extract.state.{key}", language, escaped({"reason": extract.reason})),
        "steps": steps_text(extract, language),
        "facts": f"<b>{lines[0]}</b>\n" + "\n".join(line for line in lines[1:] if line),
        "slow": slow and state in {ExtractState.ORDERED, ExtractState.DRAFTING},
        "until": shown_day(day_of(extract.kept_until), manager) if kept and extract.kept_until else "",
        "kept": kept and not sure,
        "under_way": extract.under_way,
        "ready": ready and not sure,
        "archived": state is ExtractState.ARCHIVED and not sure,
        "over": over,
        "sure": sure,
        "withdrawable": withdrawable and not sure,
        "mail": view.mail or "",
        "page": view.page,
        # Telegram refuses buttons that lead to this machine.
        "link": (ready or state is ExtractState.WITHDRAWN) and view.page.startswith("https://") and not sure,
    }


def steps_text(extract: Extract, language: str) -> str:
    """Return how far a paper is, a line a step; nothing for one that is not being made."""
    if not extract.under_way or extract.state is ExtractState.RESTORING:
        return ""
    steps = steps_of(extract.kind, extract.state, signed=extract.doctor is not None)
    words = [(progress, say(f"extract.step.{step.value}", language)) for step, progress in steps]
    return "\n".join(say(f"extract.step.{progress.value}", language, {"step": said}) for progress, said in words)


def _today(extract: Extract) -> date:
    return day_of(extract.ordered_at or extract.asked_at)


def period_of(days: tuple[date | None, date], language: str) -> str:
    """Return «01.02.2026 – 28.11.2026»; without a first day in words, as the paper says it."""
    since, until = days
    if since is None:
        return say("extract.paper.until", language, {"until": shown_date(until)})
    return f"{shown_date(since)} – {shown_date(until)}"


def aim_of(order: Order, language: str) -> str:
    """Return what a paper is for, in words."""
    if order.aim is Aim.OTHER:
        return order.words
    return say(f"extract.aim.{order.aim.value}", language) if order.aim else ""


async def kind_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """The kinds."""
    return show_kinds(dialog_manager)


def show_kinds(manager: DialogManager) -> dict[str, Any]:
    """Return a button for each kind."""
    language = language_of(manager)
    kinds = [(kind.value, say(f"extract.kind.{kind.value}", language)) for kind in ExtractKind]
    return {**take(manager), "kinds": kinds}


@inject
async def order_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewOrder], clock: FromDishka[Clock], **_data: Any
) -> dict[str, Any]:
    """The order as far as it is."""
    today = day_of(clock.now())
    try:
        found = await view(citizen_of(dialog_manager))
    except OrderIncomplete as gone:
        # Ordered or dropped in another window meanwhile: this one says so and leads back.
        explain(dialog_manager, gone)
        order = Order()
        return show_order(OrderView(ExtractKind.HISTORY, order, order.days(today), by_totp=True), today, dialog_manager)
    return show_order(found, today, dialog_manager)


def show_order(view: OrderView, today: date, manager: DialogManager) -> dict[str, Any]:
    """Return what is chosen, and how it can be confirmed."""
    language, sent = language_of(manager), view.sent
    return {
        **take(manager),
        "kind": say(f"extract.kind.{view.kind.value}", language),
        "period": period_of(view.days, language),
        "aim": aim_of(view.order, language),
        "aims": [(aim.value, say(f"extract.aim.{aim.value}", language)) for aim in Aim if aim is not Aim.OTHER],
        "since": shown_date(view.order.since) if view.order.since else "",
        "today": today,
        "limit": str(WORDS_LIMIT),
        "phone": sent.destination if sent else view.phone or "",
        "sent": sent is not None,
        "by_totp": view.by_totp and sent is None,
        "by_sms": view.phone is not None and sent is None and not view.by_totp,
        "can_send": view.phone is not None and sent is None,
        "no_way": view.phone is None and not view.by_totp,
    }
