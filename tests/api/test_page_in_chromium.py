"""The citizen's pages on a phone, without JavaScript: nothing is cut off, and each picture can be looked at."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from core.domain.page import Place
from core.domain.record import Coding
from tests.api.clinics import with_card
from tests.api.office import MORNING, Office
from tests.api.pages import Visitor, delivered
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.api.test_page_record import a_visit
from tests.core.services.patient import a_panel, a_pressure, a_result, a_value
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
PHONE = {"width": 360, "height": 780}
DESCRIBED = """each => ['aria-describedby', 'aria-labelledby'].flatMap(name => (each.getAttribute(name) || '').split(' '))
  .filter(Boolean).every(id => document.getElementById(id)?.textContent.trim())"""


async def pictured(page: Page, folder: Path, name: str) -> None:
    """Keep a picture, and look that nothing reaches past the screen."""
    await page.wait_for_load_state()
    await page.screenshot(path=folder / f"page-{name}.png", full_page=True)
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size is not None
    assert width <= page.viewport_size["width"], name
    await expect(page.locator("h1"), name).to_have_count(1)
    unnamed = "input:not([type=hidden]):not([aria-labelledby]):not([aria-label])"
    for field in await page.locator(f"{unnamed}, select, textarea").all():
        assert await field.evaluate("each => each.labels.length > 0"), name
    # What describes a field, or names a group, stands in the page and says something.
    for each in await page.locator("[aria-describedby], [aria-labelledby]").all():
        assert await each.evaluate(DESCRIBED), (name, await each.evaluate("each => each.outerHTML"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_pages_on_a_phone(office: Office, tmp_path: Path, scheme: str) -> None:
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    async with Visitor(office, await with_card(office)) as anna:
        await anna.has_factor()
        panel = a_panel(anna.citizen, 2, "Без особенностей. " * 12)
        held = [a_result(anna.citizen, 2, a_value(each), panel=panel.id) for each in ("5.1", "6.2", "3.1")]
        long = Coding("x", "y", "Определение" + "очень" * 30)
        alone = [a_result(anna.citizen, day, a_value(str(4 + day % 3))) for day in range(3, 30)]
        alone += [a_pressure(anna.citizen, 5), a_result(anna.citizen, 1, a_value("1", long), coding=long)]
        flu = Coding("http://hl7.org/fhir/sid/icd-10", "J11.1", "Грипп с другими респираторными проявлениями")
        visits = [a_visit(anna, 3, diagnoses=(flu,), recommendations=("Покой и питьё",)), a_visit(anna, 60)]
        await delivered(office, [*held, *alone], [panel], visits)
        link = await anna.link(Place.RESULTS)
        async with served(office.app) as address, async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
            context = await chromium.new_context(
                base_url=address,
                locale="ru-RU",
                viewport=PHONE,  # type: ignore[arg-type]
                color_scheme="dark" if scheme == "dark" else "light",
                java_script_enabled=False,
            )
            page = await context.new_page()
            await page.goto(link)
            await pictured(page, folder, f"open-{scheme}")
            await page.get_by_role("button", name="Открыть").click()
            await page.get_by_label("Код", exact=True).fill("000000")
            await page.get_by_role("button", name="Открыть разделы").click()
            await expect(page.get_by_role("alert")).to_contain_text("Осталось попыток")
            await pictured(page, folder, f"unlock-{scheme}")
            await page.get_by_label("Код", exact=True).fill(anna.code())
            await page.get_by_role("button", name="Открыть разделы").click()
            await expect(page.locator("h1")).to_have_text("Мои результаты")
            await pictured(page, folder, f"results-{scheme}")
            await page.get_by_role("link", name="Анализы").click()
            await pictured(page, folder, f"list-{scheme}")
            await page.get_by_text("Выбрать период").click()
            await page.get_by_label("Свои даты").check()
            await page.get_by_label("С какого дня").fill(f"{MORNING.date() - timedelta(days=4)}")
            await page.get_by_label("По какой день").fill(f"{MORNING.date()}")
            await page.get_by_role("button", name="Показать результаты").click()
            await expect(page.get_by_role("status").first).to_contain_text("Найдено")
            await page.get_by_role("link", name="Липидный профиль").click()
            await pictured(page, folder, f"panel-{scheme}")
            await page.locator(".lines a").first.click()
            picture = page.locator(".course img")
            await expect(picture).to_have_js_property("complete", value=True)
            assert await picture.evaluate("each => each.naturalWidth") > 0
            await pictured(page, folder, f"course-{scheme}")
            for place in ("", "/visits", "/vaccinations", "/documents", "/activity?all=1", "/security", "/card"):
                await page.goto(f"/my{place}")
                await pictured(page, folder, f"my{place.replace('/', '-').partition('?')[0]}-{scheme}")
            await page.get_by_role("button", name="Выйти").click()
            await expect(page.locator("h1")).to_have_text("Вы вышли")
            await chromium.close()
