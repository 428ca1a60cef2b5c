"""What the windows of the application show: each getter asks one use case."""

from datetime import date
from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.card import rendering
from bot.dialogs.card.place import FIXING, PROOF, RUN, SHOWN, VIEW
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import take
from bot.dialogs.shown import shown_day, zone_of
from core.domain.application import Field
from core.domain.card import CardState
from core.services.application import ApplicationView, ViewApplication
from core.services.card import CardView, ViewCard

IN_FULL = "in_full"
"""In the dialog's store: the person asked to see the numbers. It holds for one drawing."""


async def view_of(manager: DialogManager, view: ViewApplication) -> ApplicationView:
    """Return the application, the one that chose this window where it was looked at a moment ago."""
    if manager.dialog_data.pop(IN_FULL, False):
        return await view(citizen_of(manager), in_full=True)
    seen: ApplicationView | None = manager.middleware_data.pop(VIEW, None)
    return seen or await view(citizen_of(manager))


def numbers_in_full(manager: DialogManager) -> dict[str, bool]:
    """Return which of «Показать номера» and «Скрыть номера» this drawing offers."""
    in_full, fixing = bool(manager.dialog_data.get(IN_FULL)), bool(manager.dialog_data.get(FIXING))
    return {"can_show": not in_full and not fixing, "can_hide": in_full and not fixing}


@inject
async def field_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewApplication], **_data: Any
) -> dict[str, Any]:
    """The field that is being edited, or the first gap."""
    seen, run = await view_of(dialog_manager, view), dialog_manager.dialog_data.get(RUN)
    field = Field(run[0]) if run else seen.gap or Field.NAME
    dialog_manager.dialog_data[SHOWN] = field.value
    return rendering.question(seen, field, dialog_manager, editing=bool(run))


@inject
async def proof_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewApplication], **_data: Any
) -> dict[str, Any]:
    """The field that a code was sent for."""
    seen, asked = await view_of(dialog_manager, view), dialog_manager.dialog_data.get(PROOF)
    field = Field(asked) if asked else seen.gap or Field.PHONE
    dialog_manager.dialog_data[SHOWN] = field.value
    # The view knows of the code for the gap alone; a code for a field further down was sent a moment ago, or not.
    sent = seen.code is not None if field is seen.gap else asked is not None
    return rendering.proof(seen, field, dialog_manager, sent=sent)


@inject
async def known_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewApplication], **_data: Any
) -> dict[str, Any]:
    """What the portal knows."""
    in_full = numbers_in_full(dialog_manager)
    return rendering.known(await view_of(dialog_manager, view), dialog_manager) | in_full


@inject
async def summary_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewApplication], **_data: Any
) -> dict[str, Any]:
    """Everything."""
    in_full = numbers_in_full(dialog_manager)
    return rendering.summary(await view_of(dialog_manager, view), dialog_manager) | in_full


@inject
async def code_getter(dialog_manager: DialogManager, view: FromDishka[ViewApplication], **_data: Any) -> dict[str, Any]:
    """The code that sends the application."""
    return rendering.code(await view_of(dialog_manager, view), dialog_manager)


@inject
async def waiting_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewApplication], **_data: Any
) -> dict[str, Any]:
    """The registries that are waited for."""
    return rendering.waiting(await view_of(dialog_manager, view), dialog_manager)


@inject
async def card_getter(dialog_manager: DialogManager, view: FromDishka[ViewCard], **_data: Any) -> dict[str, Any]:
    """The card."""
    return show_card(await view(citizen_of(dialog_manager)), dialog_manager)


def show_card(card: CardView, manager: DialogManager) -> dict[str, Any]:
    """Return the card's front page. A suspended card shows its state and nothing of its content."""
    active = card.state is CardState.ACTIVE
    return {
        **take(manager),
        "fresh": bool(manager.dialog_data.get("fresh")) and active,
        "number": card.number,
        "name": card.name,
        "state": card.state.value,
        "created": shown_day(card.created_at.astimezone(zone_of(manager)).date(), manager) if card.created_at else "",
        "active": active,
        "suspended": not active,
    }


async def blocked_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """Why there is no application, from what the dialog keeps."""
    kept = dialog_manager.dialog_data
    return show_blocked(kept.get("blocked", "not_verified"), kept.get("since"), dialog_manager)


def show_blocked(reason: str, since: str | None, manager: DialogManager) -> dict[str, Any]:
    """Return the reason and the day since which another card exists."""
    return {
        **take(manager),
        "reason": reason,
        "since": shown_day(date.fromisoformat(since), manager) if since else "",
        "to_status": reason == "not_verified",
        "to_consent": reason == "no_consent",
    }
