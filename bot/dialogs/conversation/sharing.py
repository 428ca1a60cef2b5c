"""What somebody shows an operator of the record: a section, looked at first, behind the second factor, for this conversation."""

import re
from enum import StrEnum
from html import unescape
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.kbd import Button, Select
from aiogram_dialog.widgets.text import Format
from dishka import AsyncContainer, FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import buttons_only, one_of
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import NOTICE, note, take
from bot.dialogs.parts import FORWARD
from bot.dialogs.result.shown import entries_text as results_text
from bot.dialogs.shown import zone_of
from bot.dialogs.talking import MARK
from bot.dialogs.vaccination.shown import lines_text as doses_text
from bot.dialogs.visit.shown import entries_text as visits_text
from bot.states import Conversation
from bot.steps import STEP, Steps
from bot.text import Ready, T, language_of
from bot.words import say
from core.domain.chat import Chat
from core.domain.conversation import Ended, TooMuchSaid
from core.domain.record.history import Filters
from core.domain.record.looking import Span
from core.services.conversation import ShareRecord
from core.services.record import ViewResults, ViewVisits
from core.services.vaccination import ListVaccinations

SECTION = "section"
LAST = 5
"""So many of the newest are shown."""
PREVIEW = "<b>Глюкоза</b>\n5,9 ммоль/л · норма 3,5–5,1 · ❗ выше нормы"


class Shown(StrEnum):
    """What can be shown."""

    RESULTS = "results"
    VISITS = "visits"
    VACCINATIONS = "vaccinations"


async def newest(manager: DialogManager, section: Shown) -> str:
    """Return the newest of a section as its window shows them; empty where there is nothing. Raises what the gate raises."""
    scope: AsyncContainer = manager.middleware_data["dishka_container"]
    citizen, zone = citizen_of(manager), zone_of(manager)
    match section:
        case Shown.RESULTS:
            found = await (await scope.get(ViewResults))(citizen, None, Span.all(), zone, size=LAST)
            return results_text(found.entries, 1, manager)
        case Shown.VISITS:
            visited = await (await scope.get(ViewVisits))(citizen, Filters(Span.all()), zone, size=LAST)
            visits = visited.history.visits
            return visits_text(visits[:LAST], 1, manager)
        case Shown.VACCINATIONS:
            given = await (await scope.get(ListVaccinations))(citizen, zone)
            return doses_text(given.vaccinations[:LAST], 1, manager)


def plain(text: str) -> str:
    """Return the words without their marks."""
    return unescape(re.sub(r"<[^<>]*>", "", text))


async def open_sections(manager: DialogManager) -> None:
    """Ask what is to be shown. The factor may be asked for: what is typed for it is none of the operator's."""
    met: Chat = manager.middleware_data["met"]
    steps: Steps = manager.middleware_data["steps"]
    await steps.put(met.id, STEP, met.talk, "share")


async def ask_what(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """«Показать оператору из карты»."""
    await open_sections(manager)
    await manager.switch_to(Conversation.sections)


async def show_sections(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """Return the sections."""
    language = language_of(dialog_manager)
    return {"sections": [(each.value, say(f"talk.share_{each.value}", language)) for each in Shown]} | take(
        dialog_manager
    )


async def choose(_callback: CallbackQuery, _select: object, manager: DialogManager, section: str) -> None:
    """A section was chosen: it is looked at before it is shown."""
    manager.dialog_data[SECTION] = section
    await manager.switch_to(Conversation.share)


async def show_section(dialog_manager: DialogManager, **_data: Any) -> dict[str, Any]:
    """Return what the operator would see."""
    section = Shown(dialog_manager.dialog_data.get(SECTION, Shown.RESULTS))
    text = await newest(dialog_manager, section)
    return {"text": text, "some": bool(text), "nothing": not text} | take(dialog_manager)


@inject
async def share(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, share_it: FromDishka[ShareRecord]
) -> None:
    """«Показать»: as it stands in the window."""
    section = Shown(manager.dialog_data.get(SECTION, Shown.RESULTS))
    title = say(f"talk.share_{section.value}", language_of(manager))
    text = plain(await newest(manager, section))
    try:
        await share_it(citizen_of(manager), f"{title}\n\n{text}")
    except Ended:
        note(manager, "talk.over")
    except TooMuchSaid:
        note(manager, "talk.too_much_said")
    else:
        note(manager, "talk.shared")
    await done(manager)


async def no(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """«Не показывать»."""
    await done(manager)


async def done(manager: DialogManager) -> None:
    """Back to the conversation: everything that is said is the operator's again."""
    steps: Steps = manager.middleware_data["steps"]
    await steps.forget(manager.middleware_data["met"].id, STEP)
    await manager.switch_to(Conversation.main)


def sections() -> Window:
    """Return the choice of a section."""
    return Window(
        NOTICE,
        T("talk.share_what"),
        Select(
            Format("{item[1]}"),
            id=f"{MARK}section",
            item_id_getter=lambda item: item[0],
            items="sections",
            type_factory=one_of(*Shown),
            on_click=choose,
        ),
        Button(T("talk.share_no"), id=f"{MARK}share_nothing", on_click=no),
        buttons_only(),
        state=Conversation.sections,
        getter=show_sections,
        preview_data={"sections": [("results", "Результаты исследований")]},
    )


def question() -> Window:
    """Return what would be shown, and the question."""
    return Window(
        NOTICE,
        T("talk.share_sure", when="some"),
        T("talk.share_empty", when="nothing"),
        Ready("text"),
        Button(T("talk.share_yes"), id=f"{MARK}share_yes", on_click=share, when="some", style=FORWARD),
        Button(T("talk.share_no"), id=f"{MARK}share_no", on_click=no),
        buttons_only(),
        state=Conversation.share,
        getter=show_section,
        protect_content=True,
        preview_data={"text": PREVIEW, "some": True, "nothing": False},
    )
