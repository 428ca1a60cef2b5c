"""The page that verifies a paper, on a phone: the hash is computed there, and the file does not leave it."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Request, async_playwright, expect

from core.domain.actor import Role
from core.domain.extract import ExtractKind
from tests.api.office import Office
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.api.test_extract import kept, ordered
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium


@pytest.fixture
async def phone(office: Office) -> AsyncIterator[BrowserContext]:
    """A phone's browser. Whatever it complains of fails the test."""
    complaints: list[str] = []
    async with served(office.app) as address, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = await chromium.new_context(
            base_url=address, locale="ru-RU", viewport={"width": 390, "height": 844}, device_scale_factor=1
        )
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        yield context
        await chromium.close()
    assert complaints == []


async def test_the_file_is_compared_without_leaving_the_phone(office: Office, phone: BrowserContext, tmp_path: Path):
    paper = await kept(office, await ordered(office, ExtractKind.HISTORY))
    whole, changed = tmp_path / "paper.pdf", tmp_path / "changed.pdf"
    whole.write_bytes(paper.content)
    changed.write_bytes(paper.content + b" ")
    page = await phone.new_page()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    await page.goto(f"/verify/{paper.extract.token}")
    await expect(page.get_by_role("heading", name="Документ с таким номером есть")).to_be_visible()
    await look(page, "verify")
    for file, verdict in ((whole, "тот самый файл"), (changed, "другой файл")):
        await page.set_input_files("#file", file)
        await page.get_by_role("button", name="Сравнить файл").click()
        await expect(page.get_by_text(verdict)).to_be_visible()
        await page.wait_for_load_state()
    assert len(sent) == 2
    assert all(b"%PDF" not in (request.post_data_buffer or b"") for request in sent)
    await look(page, "differs")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


async def test_a_doctor_reads_the_draft_at_the_desk(office: Office, phone: BrowserContext):
    extract = await ordered(office)
    await office.hires("petrova", Role.DOCTOR, name="Петрова Анна Ивановна")
    async with office.browser() as browser:
        await browser.sits(office, "petrova")
        session = browser.cookies["medkarta_desk"]
    page = await phone.new_page()
    await page.goto("/desk/sign-in")
    address = page.url.split("/desk")[0]
    await phone.add_cookies([{"name": "medkarta_desk", "value": session, "url": address}])
    await page.set_viewport_size({"width": 1180, "height": 820})
    await page.goto("/desk/extracts")
    await look(page, "desk_list")
    await page.get_by_text("Анна И.").click()
    await expect(page.get_by_label("Заключение")).to_have_value(re.compile("за период 01.01.2026 – 23.11.2026"))
    await look(page, "desk_draft")
    assert str(extract) in page.url


async def look(page, name: str) -> None:
    """Keep a picture where SCREENSHOTS says."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        await page.screenshot(path=f"{folder}/{name}.png", full_page=True)
