"""What is taken along: exactly what is shown, numbers exact, and no cell that a spreadsheet would run."""

import csv
import io
from zoneinfo import ZoneInfo

import pytest

from core.domain.actor import Citizen
from core.domain.record import Category, Coding
from core.domain.record.coding import LOINC
from core.domain.record.looking import Span, SpanKind
from core.services.record import DrawCourse, ExportResults, Format, InCourse, InPanel, InPeriod, Paperwork, Selection
from tests.core.services.patient import SODIUM, a_panel, a_patient, a_pressure, a_result, a_value, deliver
from tests.core.services.town import Town

MOSCOW = ZoneInfo("Europe/Moscow")
ALL = InPeriod(None, Span.all())


async def table(town: Town, citizen: Citizen, selection: Selection, language: str = "ru") -> list[dict[str, str]]:
    made = await town.call(ExportResults, citizen, selection, Format.CSV, language, MOSCOW)
    assert isinstance(made, Paperwork)
    text = made.content.decode("utf-8-sig")
    assert made.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == made.number
    return [{name.removeprefix("result.column."): cell for name, cell in row.items()} for row in rows]


async def test_the_table_holds_what_is_shown_in_its_order_with_all_pages(town: Town) -> None:
    citizen = await a_patient(town)
    panel = a_panel(citizen, 2, "Без отклонений")
    held = [a_result(citizen, 2, a_value(str(number)), panel=panel.id) for number in (3, 1, 2)]
    many = [a_result(citizen, 10 + number, a_value("140", SODIUM)) for number in range(30)]
    await deliver(town, [*held, *many, a_pressure(citizen, 1)], [panel])
    rows = await table(town, citizen, ALL)
    assert [row["value"] for row in rows] == ["118", "76", "", "3", "1", "2", *["140"] * 30]
    assert (rows[0]["panel"], rows[2]["note"]) == ("Артериальное давление", "Без отклонений")
    assert {row["panel"] for row in rows[2:6]} == {"Липидный профиль"}
    week = InPeriod(Category.LABORATORY, Span(SpanKind.WEEK))
    assert len(await table(town, citizen, week)) == 4
    assert len(await table(town, citizen, InPanel(panel.id))) == 4
    assert len(await table(town, citizen, InCourse(many[7].id))) == 30


async def test_numbers_are_exact_and_marks_are_words(town: Town) -> None:
    citizen = await a_patient(town)
    low = a_result(citizen, 0, a_value("-2.45000000000000017"), note="=CMD()", institution="@клиника")
    await deliver(town, [low, a_result(citizen, 1, a_value("165.13572344324407", low=None))])
    first, second = await table(town, citizen, ALL)
    assert (first["value"], second["value"]) == ("-2,45000000000000017", "165,13572344324407")
    assert (first["mark"], second["mark"]) == ("result.mark.below", "result.mark.above")
    assert (first["reference"], second["reference"]) == ("3,3–5,5", "до 5,5")
    assert (first["note"], first["institution"], first["unit"]) == ("'=CMD()", "'@клиника", "ммоль/л")
    english, _ = await table(town, citizen, ALL, "en")
    assert (english["value"], english["unit"], english["date"]) == ("-2.45000000000000017", "mmol/L", "2026-11-23")


async def test_what_is_empty_is_a_table_without_lines(town: Town) -> None:
    citizen = await a_patient(town)
    assert await table(town, citizen, ALL) == []


@pytest.mark.parametrize("form", Format)
async def test_the_name_of_a_file_tells_nothing_about_the_person(town: Town, form: Format) -> None:
    citizen = await a_patient(town)
    await deliver(town, [a_result(citizen)])
    made = await town.call(ExportResults, citizen, ALL, form, "ru", MOSCOW)
    assert made.name == f"result.file_name-2026-11-23.{form.value}"  # type: ignore[attr-defined]


async def test_a_paper_is_a_pdf_whatever_the_names_are(town: Town) -> None:
    citizen = await a_patient(town)
    odd = Coding(LOINC, "x-1", "\u202eименование " * 60 + "#[$]\\")
    values = (a_value(None, odd, text="*обильно*"), a_value("1E+2", odd))
    await deliver(town, [a_result(citizen, 0, *values, note="a\nb"), a_result(citizen, 1)], [a_panel(citizen, 2)])
    made = await town.call(ExportResults, citizen, ALL, Format.PDF, "ru", MOSCOW)
    assert made.content.startswith(b"%PDF-")  # type: ignore[attr-defined]


async def test_a_picture_comes_for_each_course(town: Town) -> None:
    citizen = await a_patient(town)
    pressures = [a_pressure(citizen, days) for days in range(3)]
    twice = [a_result(citizen, days) for days in (1, 2)]
    await deliver(town, [*pressures, *twice])
    drawn = await town.call(DrawCourse, citizen, pressures[0].id, "ru")
    assert [each.png[:8] for each in drawn] == [b"\x89PNG\r\n\x1a\n"] * 2  # type: ignore[attr-defined]
    assert await town.call(DrawCourse, citizen, twice[0].id, "ru") == []
