"""What the windows of /security show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.factor.way import has_way
from bot.dialogs.notice import take
from bot.dialogs.shown import shown_time
from bot.text import language_of
from bot.words import say
from core.domain.code import Purpose
from core.domain.factor import SPAN, SPANS, FactorKind, NoFactor
from core.domain.proof import OPEN, ProofState
from core.services.account import PendingCode
from core.services.code import Sent
from core.services.factor import SecurityView, ViewKey, ViewSecurity

MINUTES = tuple(int(span.total_seconds() // 60) for span in SPANS)


def show_main(view: SecurityView, manager: DialogManager) -> dict[str, Any]:
    """What is set up, until when the sections are open, and what can be done."""
    ready, is_open = view.kind is not None, view.until is not None
    state = view.proof.state if view.proof else None
    return {
        "unset": not ready,
        "totp": view.kind is FactorKind.TOTP,
        "sms": view.kind is FactorKind.SMS,
        "phone": view.phone or "",
        "has_phone": view.phone is not None,
        "ready": ready,
        "ended": view.ended,
        "usable": ready and not view.ended,
        "left": str(view.recovery_left),
        "few": ready and view.recovery_left < 3,
        "many": ready and view.recovery_left >= 3,
        "open": is_open,
        "closed": ready and not is_open and not view.ended,
        "until": shown_time(view.until, manager) if view.until else "",
        "at_most": shown_time(view.at_most, manager) if view.at_most else "",
        "minutes": str(int(view.span.total_seconds() // 60)) if view.span else "",
        "shut": view.locked_until is not None and not view.ended,
        "locked_until": shown_time(view.locked_until, manager) if view.locked_until else "",
        "asked": ready and state in OPEN,
        "refused": ready and state is ProofState.REFUSED,
        "reason": (view.proof.reason or "") if view.proof else "",
        "sent": view.sent is not None,
        "wanted": has_way(manager),
    }


def show_span(view: SecurityView, manager: DialogManager) -> dict[str, Any]:
    """The spans to choose from, the one that stands marked in words."""
    now, language = view.span or SPAN, language_of(manager)
    chosen = int(now.total_seconds() // 60)
    spans = [
        (str(each), say("factor.span_now" if each == chosen else "factor.span_of", language, {"minutes": each}))
        for each in MINUTES
    ]
    return {"spans": spans} | show_main(view, manager)


def show_sent(sent: Sent | None) -> dict[str, Any]:
    """Where the first code went."""
    return {"phone": sent.destination if sent else "", "under_way": sent is not None, "gone": sent is None}


@inject
async def main_getter(dialog_manager: DialogManager, view: FromDishka[ViewSecurity], **_data: Any) -> dict[str, Any]:
    """For the windows that tell what stands."""
    return show_main(await view(citizen_of(dialog_manager)), dialog_manager) | take(dialog_manager)


@inject
async def span_getter(dialog_manager: DialogManager, view: FromDishka[ViewSecurity], **_data: Any) -> dict[str, Any]:
    """For the window with the spans."""
    return show_span(await view(citizen_of(dialog_manager)), dialog_manager) | take(dialog_manager)


@inject
async def key_getter(dialog_manager: DialogManager, view: FromDishka[ViewKey], **_data: Any) -> dict[str, Any]:
    """For the window that waits for the authenticator's first code. The key itself stands in a message of its own."""
    try:
        await view(citizen_of(dialog_manager))
    except NoFactor:
        return {"waits": False, "gone": True} | take(dialog_manager)
    return {"waits": True, "gone": False} | take(dialog_manager)


@inject
async def sent_getter(dialog_manager: DialogManager, pending: FromDishka[PendingCode], **_data: Any) -> dict[str, Any]:
    """For the window that waits for the first code by SMS."""
    return show_sent(await pending(citizen_of(dialog_manager), Purpose.FACTOR_SETUP)) | take(dialog_manager)


async def notice_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """For windows that never change."""
    return {"wanted": has_way(dialog_manager)} | take(dialog_manager)


def sample() -> SecurityView:
    """Return invented data: an authenticator, open until a quarter past nine."""
    opened = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    return SecurityView(
        kind=FactorKind.TOTP,
        ended=False,
        recovery_left=10,
        phone="+7 900 •••-••-01",
        until=opened + SPAN,
        at_most=opened + timedelta(hours=8),
        span=SPAN,
        locked_until=None,
        proof=None,
    )
