"""What the windows of a conversation show."""

from datetime import datetime, timedelta
from typing import Any

from aiogram_dialog import DialogManager
from babel.dates import format_datetime
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.notice import take
from bot.dialogs.shown import shown_time, zone_of
from bot.following import Following
from bot.text import language_of
from core.domain.actor import Citizen
from core.domain.conversation import ConversationState
from core.ports import Clock
from core.services.conversation import QueuePlace, ViewQueuePlace

OPENS_AT = "opens_at"
"""In the dialog's store: when people are back."""
STEP = timedelta(minutes=5)
"""A time of waiting is told no finer."""


def shown(place: QueuePlace | None, manager: DialogManager) -> dict[str, Any]:
    """Return what the first window shows of a conversation."""
    waiting = place is not None and place.state is ConversationState.WAITING
    taken = place is not None and place.state is ConversationState.TAKEN
    before = max(0, place.place - 1) if place else 0
    minutes = -(-place.wait // STEP) * 5 if place and place.wait is not None else 0
    citizen = isinstance(manager.middleware_data.get("actor"), Citizen)
    return {
        "waiting": waiting,
        "taken": taken,
        "over": not waiting and not taken,
        "next": waiting and before == 0,
        "before": before if waiting else 0,
        "minutes": minutes if waiting and before else 0,
        "answers_by": shown_time(place.answers_by, manager) if waiting and place and place.answers_by else "",
        "operator": place.operator or "" if place else "",
        "named": taken and bool(place and place.operator),
        "nameless": taken and not (place and place.operator),
        "may_share": taken and citizen,
    }


@inject
async def show_talk(
    dialog_manager: DialogManager,
    view: FromDishka[ViewQueuePlace],
    following: Following | None = None,
    **data: Any,
) -> dict[str, Any]:
    """Look where the conversation stands; while it waits, the window is kept up."""
    place = await view(data["actor"])
    if following is not None and place is not None and place.state is ConversationState.WAITING:
        following.note_place(dialog_manager, place)
    return shown(place, dialog_manager) | take(dialog_manager)


@inject
async def show_closed(dialog_manager: DialogManager, clock: FromDishka[Clock], **_data: Any) -> dict[str, Any]:
    """Say when people are back, by the person's own clock."""
    told = dialog_manager.dialog_data.get(OPENS_AT)
    opens_at = datetime.fromisoformat(told) if told else None
    when = ""
    if opens_at is not None and opens_at > clock.now():
        words, language = "EEEE, d MMMM, HH:mm", language_of(dialog_manager)
        when = format_datetime(opens_at, words, tzinfo=zone_of(dialog_manager), locale=language)
    return {"when": when} | take(dialog_manager)
