"""Handing over, step by step: visits are ticked, a term is chosen, somebody may be named; link and code are shown once."""

from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain, take
from bot.dialogs.paging import number_of, page_of
from bot.dialogs.shown import shown_moment, zone_of
from bot.dialogs.typed import at_the_bottom, forget
from bot.dialogs.visit.getters import narrowed
from bot.dialogs.visit.position import HANDED_PAGE, PICK_PAGE, TERM, TICKED, filters_of, tick, ticked_of
from bot.dialogs.visit.shown import tick_label
from bot.medical import send_words
from bot.states import Visits
from bot.text import language_of
from bot.words import count, say
from core.domain.handover import (
    MOST_VISITS,
    InvalidRecipient,
    NothingTicked,
    Term,
    TooManyHandovers,
    TooManyTicked,
)
from core.services.handover import HandOver, Made
from core.services.record import ViewVisits, VisitPage

BOXES = 8
"""Tick boxes on one screen."""


@inject
async def pick_getter(dialog_manager: DialogManager, view: FromDishka[ViewVisits], **_data: Any) -> dict[str, Any]:
    """A page of tick boxes, of the visits that match."""
    manager = dialog_manager
    where = (filters_of(manager), zone_of(manager), number_of(manager, PICK_PAGE), BOXES)
    return show_pick(await view(citizen_of(manager), *where), manager)


def show_pick(page: VisitPage, manager: DialogManager) -> dict[str, Any]:
    """Return a box for each visit, and how many are ticked."""
    language, ticked, total = language_of(manager), set(ticked_of(manager)), page.paging.total
    return {
        "boxes": [(str(each.id), tick_label(each, manager, ticked=each.id in ticked)) for each in page.visits],
        "ticked": str(len(ticked)),
        "narrowed": narrowed(page.history, manager),
        "found": count("visit.found", language, total),
        "total": str(total),
        "can_tick_all": 1 < total <= MOST_VISITS and not ticked >= {each.id for each in page.history.visits},
        "some": bool(ticked),
        **page_of(page.paging, manager, PICK_PAGE),
    } | take(manager)


async def on_tick(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """A box was tapped."""
    tick(manager, item)


@inject
async def on_tick_all(
    _callback: CallbackQuery, _button: object, manager: DialogManager, view: FromDishka[ViewVisits]
) -> None:
    """All that match."""
    page = await view(citizen_of(manager), filters_of(manager), zone_of(manager))
    ids = [str(each.id) for each in page.history.visits]
    kept: list[str] = manager.dialog_data.get(TICKED, [])
    manager.dialog_data[TICKED] = list(dict.fromkeys([*kept, *ids[:MOST_VISITS]]))


async def on_untick_all(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """None of them."""
    manager.dialog_data.pop(TICKED, None)


async def on_ticked(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """On to the term, with at least one box ticked."""
    if ticked_of(manager):
        await manager.switch_to(Visits.term)
    else:
        explain(manager, NothingTicked())


async def on_term(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """For how long."""
    manager.dialog_data[TERM] = item
    await manager.switch_to(Visits.recipient)


async def term_getter(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """The terms."""
    return show_terms(dialog_manager)


def show_terms(manager: DialogManager) -> dict[str, Any]:
    """Return a button for each term."""
    language = language_of(manager)
    return {"terms": [(term.value, say(f"handover.term.{term.value}", language)) for term in Term]} | take(manager)


@inject
async def on_nobody(
    _callback: CallbackQuery, _button: object, manager: DialogManager, hand_over: FromDishka[HandOver]
) -> None:
    """«Не указывать»."""
    await _hand_over(manager, hand_over, "")


@inject
async def on_recipient(
    message: Message, _input: MessageInput, manager: DialogManager, hand_over: FromDishka[HandOver]
) -> None:
    """Somebody was named: sealed with the handover, and removed from the chat."""
    at_the_bottom(manager)
    # Empty would mean nobody: a message without words is no name.
    try:
        await _hand_over(manager, hand_over, message.text or " ")
    finally:
        await forget(message)


async def _hand_over(manager: DialogManager, hand_over: HandOver, recipient: str) -> None:
    term = Term(manager.dialog_data.get(TERM, Term.DAY.value))
    try:
        made = await hand_over(citizen_of(manager), ticked_of(manager), term, recipient)
    except InvalidRecipient as fault:
        explain(manager, fault)
        return
    except (NothingTicked, TooManyTicked) as fault:
        explain(manager, fault)
        await manager.switch_to(Visits.pick)
        return
    except TooManyHandovers as fault:
        explain(manager, fault)
        await manager.switch_to(Visits.handed)
        return
    await send_words(
        manager, made_text(made, manager), copied=(say("handover.copy", language_of(manager)), _link(made, manager))
    )
    for key in (TICKED, TERM, PICK_PAGE, HANDED_PAGE):
        manager.dialog_data.pop(key, None)
    at_the_bottom(manager)
    await manager.switch_to(Visits.handed, show_mode=manager.show_mode)


def made_text(made: Made, manager: DialogManager) -> str:
    """Return what is shown once: how many visits, until when, and the code. The link is in the button."""
    language, handover = language_of(manager), made.handover
    until = say("handover.until_moment", language, {"until": shown_moment(handover.expires_at, manager)})
    values = {
        "visits": count("visit.number", language, len(handover.visits)),
        "until": until,
        "page": f"{_address(manager)}/handover",
        "code": made.code,
    }
    return f"{say('handover.made_title', language)}\n\n{say('handover.made', language, values)}"


def _link(made: Made, manager: DialogManager) -> str:
    return f"{_address(manager)}/handover/{made.token}"


def _address(manager: DialogManager) -> str:
    address: str = manager.middleware_data["public_url"]
    return address
