"""Articles in a real browser: written in both languages with what citizens will see beside, and nothing that scrolls sideways."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import async_playwright, expect

from core.domain.actor import Role
from core.services.knowledge import SeedArticles
from tests.api.office import Office
from tests.api.test_broadcast_in_chromium import Sitting, fits, shot
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium


@pytest.fixture
async def sitting(office: Office) -> AsyncIterator[Sitting]:
    """Whatever the browser complains of fails the test."""
    await office.hires("older", Role.SENIOR, name="Зоя Ветрова")
    async with office.container() as inside:
        await (await inside.get(SeedArticles))()
    async with served(office.app) as address, async_playwright() as playwright, office.browser() as browser:
        await browser.sits(office, "older")
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        sitting = Sitting(chromium, address, browser.cookies["medkarta_desk"])
        yield sitting
        await chromium.close()
    assert sitting.complaints == []


async def test_an_article_is_changed_seen_and_published(sitting: Sitting) -> None:
    page = await sitting.page()
    await page.goto("/desk/articles")
    assert await fits(page)
    await shot(page, "articles")
    await page.get_by_role("link", name="Сколько это стоит").click()
    body = page.get_by_label("Текст").first
    await body.fill("Ни рубля. <b>Совсем</b>.")
    await expect(page.locator("[data-seen-body]").first).to_have_text("Ни рубля. <b>Совсем</b>.")
    await shot(page, "article")
    await page.get_by_role("button", name="Сохранить правку").click()
    await expect(page.get_by_role("status")).to_contain_text("ждёт публикации")
    await page.get_by_role("button", name="Опубликовать сохранённое").click()
    await expect(page.get_by_role("status")).to_contain_text("Опубликовано")
    await expect(body).to_have_value("Ни рубля. <b>Совсем</b>.")


@pytest.mark.parametrize("look", ["light", "dark"])
async def test_it_fits_a_tablet_and_a_narrow_window(sitting: Sitting, look: str) -> None:
    page = await sitting.page(color_scheme=look, viewport={"width": 820, "height": 1180})
    await page.goto("/desk/articles/new")
    assert await fits(page)
    await shot(page, f"article-new-{look}")
    await page.set_viewport_size({"width": 420, "height": 900})
    assert await fits(page)
    await page.goto("/desk/articles")
    assert await fits(page)
