"""Requests at the desk in Chromium: answered with files, by a script that reloads nothing and by plain forms."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from core.domain.document import MAX_BYTES
from core.services.ticket import ViewTicket
from tests.api.chatting import Sitting, Talking, fits, live, shot
from tests.api.office import Office, picture
from tests.api.pages import call
from tests.api.talking import requests
from tests.api.test_talks_in_chromium import sitting, talking

__all__ = ["sitting", "talking"]
pytestmark = pytest.mark.needs_chromium
HOSTILE = "<img src=x onerror=alert(1)>.png"


def chosen(folder: Path, *names: str) -> list[Path]:
    """Pictures in a folder of the member's own."""
    for name in names:
        (folder / name).write_bytes(picture())
    return [folder / name for name in names]


async def answered(page: Page, text: str, files: list[Path]) -> None:
    await page.get_by_label("Ответ человеку").fill(text)
    await page.get_by_label("Файлы к ответу").first.set_input_files(files)
    await page.get_by_role("button", name="Ответить", exact=True).click()


async def test_files_go_with_an_answer_and_what_is_too_much_leaves_the_words(
    sitting: Sitting, office: Office, tmp_path: Path
) -> None:
    citizen, ticket = await requests(office)
    page = await sitting.page()
    await live(page, f"/desk/tickets/{ticket}")
    heavy = tmp_path / "тяжёлый.png"
    heavy.write_bytes(b"0" * (MAX_BYTES + 1))
    field, files = page.get_by_label("Ответ человеку"), page.get_by_label("Файлы к ответу").first
    await field.fill("Вот справка")
    await files.set_input_files([heavy])
    await expect(page.get_by_role("alert")).to_contain_text("Столько не отправить")
    assert await files.input_value() == ""
    wrong = tmp_path / "программа.png"
    wrong.write_bytes(b"MZ program")
    await answered(page, "Вот справка", [wrong])
    await expect(page.get_by_role("alert")).to_contain_text("PDF, JPG или PNG")
    await expect(field).to_have_value("Вот справка")
    await answered(page, "Вот справка", chosen(tmp_path, HOSTILE, "схема.png"))
    await expect(page.locator(".line.operator")).to_contain_text("Вот справка")
    await expect(page.get_by_role("link", name=HOSTILE)).to_have_count(2)
    await expect(page.locator(".line.operator img")).to_have_count(2)
    await expect(field).to_have_value("")
    assert await files.input_value() == ""
    assert await fits(page)
    await shot(page, "ticket-files")
    view = await call(office, ViewTicket, citizen, ticket)
    assert [len(each.files) for each in view.remarks if each.files] == [2]  # type: ignore[attr-defined]


async def test_without_a_script_files_go_too_and_a_refusal_says_what_is_taken(
    sitting: Sitting, office: Office, tmp_path: Path
) -> None:
    citizen, ticket = await requests(office)
    page = await sitting.page(java_script_enabled=False, viewport={"width": 820, "height": 1180})
    await page.goto(f"/desk/tickets/{ticket}")
    wrong = tmp_path / "программа.png"
    wrong.write_bytes(b"MZ program")
    await answered(page, "Вот справка", [wrong])
    await expect(page.get_by_role("alert")).to_contain_text("PDF, JPG или PNG")
    await expect(page.get_by_label("Ответ человеку")).to_have_value("Вот справка")
    assert await fits(page)
    await shot(page, "ticket-refused-plain")
    await answered(page, "", chosen(tmp_path, "схема.png"))
    await expect(page.get_by_role("link", name="схема.png")).to_have_count(2)
    assert await fits(page)
    await shot(page, "ticket-files-plain")
    view = await call(office, ViewTicket, citizen, ticket)
    assert [(each.text, len(each.files)) for each in view.remarks if each.files] == [("", 1)]  # type: ignore[attr-defined]


async def edge(found: Locator) -> float:
    """Return where something ends on the right."""
    box = await found.bounding_box()
    assert box is not None
    return box["x"] + box["width"]


@pytest.mark.parametrize("width", [1280, 820])
async def test_what_sends_stands_at_the_end_and_nothing_hangs_out_of_its_sheet(
    sitting: Sitting, talking: Talking, office: Office, width: int
) -> None:
    _, ticket = await requests(office)
    _, talk = await talking.calls("Вера", "Котова")
    await talking.claims("zoya", talk)
    page = await sitting.page(viewport={"width": width, "height": 900})
    await live(page, f"/desk/tickets/{ticket}")
    field = page.get_by_label("Ответ человеку")
    button = page.get_by_role("button", name="Ответить", exact=True)
    assert await edge(button) == pytest.approx(await edge(field), abs=1)
    await page.get_by_text("Запросить документ").click()
    sheet = page.locator(".beside-answer details[open] .sheet")
    wanted, ask = sheet.get_by_label("Что нужно прислать"), sheet.get_by_role("button", name="Запросить")
    assert await edge(wanted) < await edge(sheet)
    assert await edge(ask) == pytest.approx(await edge(wanted), abs=1)
    await live(page, f"/desk/talks/{talk}")
    words = page.locator("[data-compose] textarea")
    send = page.get_by_role("button", name="Отправить", exact=True)
    assert await edge(send) == pytest.approx(await edge(words), abs=1)
    assert await fits(page)


async def test_that_no_conversation_is_open_is_said_in_the_middle(sitting: Sitting) -> None:
    page = await sitting.page(viewport={"width": 1280, "height": 900})
    await live(page, "/desk/talks")
    left, said = page.locator(".pane-queue"), page.get_by_text("Разговор не открыт")
    box = await said.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] / 2 == pytest.approx((await edge(left) + 1280) / 2, abs=2)
