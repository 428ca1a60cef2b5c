"""What was handed over, and where it stands; taken back with one tap."""

from collections.abc import Sequence
from html import escape
from typing import Any
from uuid import UUID

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import note, take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.shown import shown_moment
from bot.dialogs.visit.position import HANDED_PAGE
from bot.text import language_of
from bot.words import count, say
from core.domain.handover import TRIES, HandoverState
from core.domain.ids import HandoverId
from core.domain.record.looking import Paging
from core.services.handover import Handed, RevokeHandover, ViewHandovers

PER_PAGE = 6


@inject
async def handed_getter(dialog_manager: DialogManager, view: FromDishka[ViewHandovers], **_data: Any) -> dict[str, Any]:
    """Everything that was handed over lately."""
    return show_handed(await view(citizen_of(dialog_manager)), dialog_manager)


def show_handed(every: Sequence[Handed], manager: DialogManager) -> dict[str, Any]:
    """Return a few lines for each, and a button for each that can be taken back."""
    language, paging = language_of(manager), Paging(len(every), PER_PAGE, number_of(manager, HANDED_PAGE))
    shown = paging.shown(list(enumerate(every, start=1)))
    return {
        "text": "\n\n".join(_entry(each, place, manager) for place, each in shown),
        "revocable": [
            (str(each.handover.id), say("handover.revoke", language, {"place": str(place)}))
            for place, each in shown
            if each.revocable
        ],
        **page_of(paging, manager, HANDED_PAGE),
        "some": bool(shown),
        "none": not shown,
    } | take(manager)


def _entry(handed: Handed, place: int, manager: DialogManager) -> str:
    language, handover = language_of(manager), handed.handover
    values = {
        "place": str(place),
        "recipient": escape(handover.recipient or say("handover.nobody", language), quote=False),
        "visits": count("visit.number", language, len(handover.visits)),
        "made": shown_moment(handover.made_at, manager),
        "state": state_text(handed, manager),
    }
    return say("handover.entry", language, values)


def state_text(handed: Handed, manager: DialogManager) -> str:
    """Return where it stands: «Ещё не открыто…», «Открыто…», «Отозвано…»."""
    language, handover = language_of(manager), handed.handover
    moments = {
        "until": handover.expires_at,
        "opened": handover.opened_at,
        "reading": handover.read_until,
        "revoked": handover.revoked_at,
    }
    values = {name: shown_moment(moment, manager) for name, moment in moments.items() if moment is not None}
    state = handed.state.value
    if handed.state is HandoverState.OPENED and handed.revocable:
        state = "reading"
    if handed.state is HandoverState.REVOKED and handover.opened_at is not None:
        state = "revoked_opened"
    told = say(f"handover.state.{state}", language, values)
    dead = handed.state is HandoverState.STANDING and handover.tries >= TRIES
    return f"{told}\n{say('handover.code_dead', language)}" if dead else told


@inject
async def on_revoke(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, revoke: FromDishka[RevokeHandover]
) -> None:
    """Take one back."""
    revoked = await revoke(citizen_of(manager), HandoverId(UUID(item)))
    note(manager, "handover.revoked" if revoked else "handover.revoked_already")
