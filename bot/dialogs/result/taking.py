"""What a person takes along: the picture of a course with its words, PDF and CSV of what the window shows."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain
from bot.dialogs.period import span_of
from bot.dialogs.result.position import PANEL, RECORD, category_of, record_of
from bot.dialogs.result.shown import course_text, name
from bot.dialogs.shown import zone_of
from bot.dialogs.typed import at_the_bottom
from bot.medical import send_file
from bot.states import Results
from bot.text import language_of
from bot.words import count, say
from core.domain.record import NotFound
from core.services.record import DrawCourse, ExportResults, Format, InCourse, InPanel, InPeriod, Selection


def selection_of(manager: DialogManager) -> Selection:
    """Return what the open window shows, with all its pages."""
    state = manager.current_context().state
    if state == Results.panel:
        return InPanel(record_of(manager, PANEL))
    if state == Results.course:
        return InCourse(record_of(manager, RECORD))
    return InPeriod(category_of(manager), span_of(manager))


@inject
async def on_pdf(
    _callback: CallbackQuery, _button: object, manager: DialogManager, export: FromDishka[ExportResults]
) -> None:
    """As PDF."""
    await _send(manager, export, Format.PDF)


@inject
async def on_csv(
    _callback: CallbackQuery, _button: object, manager: DialogManager, export: FromDishka[ExportResults]
) -> None:
    """As CSV."""
    await _send(manager, export, Format.CSV)


@inject
async def on_picture(
    _callback: CallbackQuery, _button: object, manager: DialogManager, draw: FromDishka[DrawCourse]
) -> None:
    """A picture for each value, with the same in words below it; then the window again."""
    language = language_of(manager)
    try:
        drawn = await draw(citizen_of(manager), record_of(manager, RECORD), language)
    except NotFound as fault:
        explain(manager, fault)
        return
    for each in drawn:
        caption = (
            f"<b>{name(each.course.last.measured, language)}</b>\n{course_text(each.course, manager, named=False)}"
        )
        await send_file(manager, each.png, "course.png", caption, picture=True)
    at_the_bottom(manager)


async def _send(manager: DialogManager, export: ExportResults, form: Format) -> None:
    language = language_of(manager)
    try:
        made = await export(citizen_of(manager), selection_of(manager), form, language, zone_of(manager))
    except NotFound as fault:
        explain(manager, fault)
        return
    number = count("result.in_panel", language, made.number)
    caption = say(f"result.file_{form.value}", language, {"number": number})
    await send_file(manager, made.content, made.name, caption)
    at_the_bottom(manager)
