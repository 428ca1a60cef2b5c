"""Who looked at what, when and why: everybody but the owner first, all of it on a tap, to be taken along as a file."""

import csv
import io
from datetime import datetime
from itertools import groupby
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.kbd import Button, Row, Start
from babel.dates import format_time
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import buttons_only
from bot.dialogs.citizen import begin, citizen_of, for_citizens
from bot.dialogs.notice import NOTICE, take
from bot.dialogs.parts import to_menu
from bot.dialogs.shown import shown_day, shown_moment, zone_of
from bot.medical import send_file
from bot.states import Activity, Security
from bot.text import Ready, T, escaped, language_of
from bot.words import say
from core.domain.activity import OF_NOBODY, Act, Who
from core.domain.cells import inert
from core.services.activity import ActivityView, ExportActivity, ViewActivity

PAGE, ALL, UNTIL = "page", "all", "until"


def actor_of(act: Act, view: ActivityView, language: str) -> str:
    """Return who it was, in words."""
    name = view.names.get(act.actor, "") if act.actor else ""
    if act.who is Who.STAFF and act.actor is not None and act.actor in view.roles:
        return say(
            "activity.member", language, {"name": name, "role": say(f"activity.role.{view.roles[act.actor]}", language)}
        )
    if act.who is Who.CLINIC and name:
        return say("activity.clinic_named", language, {"name": name})
    return say(f"activity.who.{act.who}", language)


def deed_of(act: Act, language: str) -> str:
    """Return what was done, in words, with the section and the reason where the line has them."""
    own = act.operation.partition(".")[0] not in OF_NOBODY
    words = say(f"activity.did.{act.operation if own else 'other'}", language)
    section, reason = act.details.get("section"), act.details.get("reason")
    if section:
        words = say(
            "activity.in_section", language, {"did": words, "section": say(f"activity.section.{section}", language)}
        )
    return say("activity.because", language, {"did": words, "reason": reason}) if reason else words


def lines_of(view: ActivityView, manager: DialogManager) -> str:
    """Return the page as HTML: a heading a day, a line an act."""
    language, zone = language_of(manager), zone_of(manager)
    parts = []
    for day, acts in groupby(view.acts, lambda act: act.at.astimezone(zone).date()):
        lines = [f"<b>{shown_day(day, manager)}</b>"]
        for act in acts:
            shown = escaped({"who": actor_of(act, view, language), "did": deed_of(act, language)})
            clock = format_time(act.at.astimezone(zone), "HH:mm", locale=language)
            lines.append(f"{clock} · {shown['who']}: {shown['did']}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


@inject
async def show(dialog_manager: DialogManager, view: FromDishka[ViewActivity], **_data: Any) -> dict[str, Any]:
    """Return a page of the journal."""
    kept = dialog_manager.dialog_data
    until = datetime.fromisoformat(kept[UNTIL]) if UNTIL in kept else None
    everything = bool(kept.get(ALL))
    seen = await view(citizen_of(dialog_manager), outsiders=not everything, page=kept.get(PAGE, 0), until=until)
    kept[UNTIL], kept[PAGE] = seen.until.isoformat(), seen.page
    return take(dialog_manager) | {
        "lines": lines_of(seen, dialog_manager),
        "empty": not seen.acts,
        "some": bool(seen.acts),
        "all": everything,
        "others": not everything,
        "number": seen.page + 1,
        "pages": seen.pages,
        "many": seen.pages > 1,
        "earlier": seen.page + 1 < seen.pages,
        "later": seen.page > 0,
        "until": shown_moment(seen.until, dialog_manager),
    }


async def on_earlier(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Turn the page back in time."""
    manager.dialog_data[PAGE] = manager.dialog_data.get(PAGE, 0) + 1


async def on_later(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Turn the page forward in time."""
    manager.dialog_data[PAGE] = max(0, manager.dialog_data.get(PAGE, 0) - 1)


async def on_whose(_callback: CallbackQuery, button: Button, manager: DialogManager) -> None:
    """Show everything, or others alone; from the latest on, as it is now."""
    manager.dialog_data[ALL] = button.widget_id == "activity_all"
    manager.dialog_data[PAGE] = 0
    manager.dialog_data.pop(UNTIL, None)


@inject
async def on_export(
    _callback: CallbackQuery, _button: Button, manager: DialogManager, export: FromDishka[ExportActivity]
) -> None:
    """Send what is shown as a table."""
    kept = manager.dialog_data
    if UNTIL not in kept:
        return
    until = datetime.fromisoformat(kept[UNTIL])
    taken = await export(citizen_of(manager), outsiders=not kept.get(ALL), until=until)
    language = language_of(manager)
    name = say("activity.file", language, {"day": f"{until.astimezone(zone_of(manager)):%Y-%m-%d}"})
    await send_file(manager, table_of(taken, manager), name, say("activity.file_caption", language))


def table_of(view: ActivityView, manager: DialogManager) -> bytes:
    """Return a table as spreadsheets of the country open it: semicolons, UTF-8 with its mark, no cell a formula."""
    language, zone = language_of(manager), zone_of(manager)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([say(f"activity.column.{name}", language) for name in ("at", "who", "did")])
    for act in view.acts:
        at = act.at.astimezone(zone).strftime("%d.%m.%Y %H:%M:%S")
        writer.writerow([at, inert(actor_of(act, view, language)), inert(deed_of(act, language))])
    return written.getvalue().encode("utf-8-sig")


PREVIEW = {
    "lines": "<b>28 ноября 2026 г.</b>\n21:46 · клиника «Поликлиника № 5»: передача данных в карту",
    "empty": False,
    "some": True,
    "all": False,
    "others": True,
    "number": 1,
    "pages": 3,
    "many": True,
    "earlier": True,
    "later": False,
    "until": "28 ноября 2026, 21:50",
}


def dialog() -> Dialog:
    """Return the dialog."""
    window = Window(
        NOTICE,
        T("activity.title"),
        T("activity.others", when="others"),
        T("activity.all", when="all"),
        T("activity.empty", when="empty"),
        Ready("lines"),
        T("result.page", when="many"),
        Row(
            Button(T("activity.later"), id="activity_later", on_click=on_later, when="later"),
            Button(T("activity.earlier"), id="activity_earlier", on_click=on_earlier, when="earlier"),
        ),
        Button(T("activity.show_all"), id="activity_all", on_click=on_whose, when="others"),
        Button(T("activity.show_others"), id="activity_others", on_click=on_whose, when="all"),
        Button(T("activity.export"), id="activity_export", on_click=on_export, when="some"),
        Start(T("activity.to_security"), id="activity_security", state=Security.main, mode=StartMode.RESET_STACK),
        to_menu("activity_menu"),
        buttons_only(),
        state=Activity.main,
        getter=show,
        protect_content=True,
        preview_data=PREVIEW,
    )
    return for_citizens(Dialog(window, on_start=begin))
