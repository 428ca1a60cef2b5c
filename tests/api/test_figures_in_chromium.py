"""Figures, the wall and the hours in a real browser: fresh by themselves, on every width, with the content security policy."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from core.domain.actor import Role
from tests.api.office import Office
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.api.test_figures import somebody_waits
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
WIDTHS = (1280, 820, 390)


@pytest.fixture
async def page(office: Office) -> AsyncIterator[Page]:
    """A page in which the administrator `igor` is signed in. Whatever the browser complains of fails the test."""
    await office.hires("igor", Role.ADMINISTRATOR)
    complaints: list[str] = []
    async with served(office.app) as address, async_playwright() as playwright, office.browser() as browser:
        await browser.sits(office, "igor")
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = await chromium.new_context(
            base_url=address, locale="ru-RU", viewport={"width": 1280, "height": 860}, color_scheme="light"
        )
        session = browser.cookies["medkarta_desk"]
        await context.add_cookies([{"name": "medkarta_desk", "value": session, "url": address}])
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        yield page
        await chromium.close()
    assert [each for each in complaints if "422" not in each] == []


async def fits(page: Page) -> None:
    """Nothing stands beside the page, once it has its looks."""
    await page.wait_for_load_state()
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, width


async def test_the_wall_is_read_from_afar(office: Office, page: Page) -> None:
    await somebody_waits(office)
    await page.goto("/desk/wall")
    waiting = page.locator("[data-word=waiting]")
    await expect(waiting).to_have_text("1")
    assert await waiting.evaluate("each => parseFloat(getComputedStyle(each).fontSize)") > 90
    await fits(page)


async def test_figures_are_looked_at_for_a_day(office: Office, page: Page) -> None:
    await somebody_waits(office)
    await page.goto("/desk/figures")
    await page.get_by_role("link", name="Сегодня").click()
    await expect(page.get_by_role("link", name="Сегодня")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_role("img", name="Сколько начато")).to_be_visible()
    await expect(page.get_by_role("row", name="Никто не взял")).to_be_visible()
    await fits(page)
    async with page.expect_download() as taken:
        await page.get_by_role("link", name="Скачать CSV").click()
    assert (await taken.value).suggested_filename == "figures-2026-11-23-2026-11-23.csv"


async def test_hours_and_limits_are_set_by_keyboard(page: Page) -> None:
    await page.goto("/desk/hours")
    await fits(page)
    await page.get_by_label("Суббота").fill("10:00-12:00")
    await page.get_by_label("Суббота").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Часы сохранены")
    await expect(page.get_by_label("Суббота")).to_have_value("10:00–12:00")
    await page.get_by_label("Предупреждать").fill("80, 50")
    await page.get_by_role("button", name="Сохранить сроки").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Проверьте сроки")
    await expect(page.get_by_label("Предупреждать")).to_have_value("80, 50")
    await page.get_by_label("Предупреждать").fill("50")
    await page.get_by_label("Кому передать").select_option(label="Игорь Сомов")
    await page.get_by_role("button", name="Сохранить сроки").click()
    await expect(page.get_by_role("status")).to_contain_text("Сроки сохранены")
