"""A registrar's week and day in a real browser, the content security policy in force."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from core.domain.account import PortalPerson
from core.domain.actor import Role
from core.domain.booking import BookingState
from tests.api.booked import Practice, book, keeps, practice, somebody
from tests.api.office import Office
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium


@pytest.fixture
async def here(office: Office) -> Practice:
    return await practice(office)


@pytest.fixture
async def page(office: Office, here: Practice) -> AsyncIterator[Page]:
    """A page in which the registrar `rita` is signed in. Whatever the browser complains of fails the test."""
    await keeps(office, here, "rita", Role.REGISTRAR)
    complaints: list[str] = []
    async with served(office.app) as address, async_playwright() as playwright, office.browser() as browser:
        await browser.sits(office, "rita")
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = await chromium.new_context(
            base_url=address, locale="ru-RU", viewport={"width": 1280, "height": 860}, java_script_enabled=False
        )
        session = browser.cookies["medkarta_desk"]
        await context.add_cookies([{"name": "medkarta_desk", "value": session, "url": address}])
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        yield page
        await chromium.close()
    assert [each for each in complaints if "422" not in each] == []


async def test_a_week_is_kept_without_any_script(here: Practice, page: Page) -> None:
    await page.goto("/desk/schedule")
    await page.get_by_role("link", name=here.facility.name).click()
    await expect(page.get_by_role("row", name="Иванцова Аглая Тихоновна")).to_contain_text("09:00–13:00")
    await page.get_by_label("Фамилия, имя, отчество").fill("Громов Пётр Павлович")
    await page.get_by_label("Специальность").select_option("cardiologist")
    await page.get_by_role("button", name="Добавить врача").press("Enter")
    await expect(page.get_by_role("heading", name="Громов Пётр Павлович")).to_be_visible()
    adding = page.locator("form", has=page.get_by_role("heading", name="Добавить часы"))
    await adding.get_by_label("До").fill("08:00")
    await adding.get_by_role("button", name="Добавить часы").click()
    await expect(page.get_by_role("alert")).to_contain_text("конец позже начала")
    await expect(adding.get_by_label("До")).to_have_value("08:00")
    await adding.get_by_label("До").fill("12:00")
    await adding.get_by_role("button", name="Добавить часы").click()
    await expect(page.get_by_text("понедельник, 09:00–12:00")).to_be_visible()
    await page.get_by_role("link", name=here.facility.name).click()
    await expect(page.get_by_role("row", name="Громов Пётр Павлович")).to_contain_text("09:00–12:00")


async def test_a_day_is_looked_at_and_an_appointment_is_moved_and_called_off(
    office: Office, here: Practice, page: Page
) -> None:
    long = PortalPerson(subject="long", level="P", family_name="Щ" * 300, given_name="Анна")
    slots = await here.slots()
    booking = await book(office, await somebody(office, 1, long), slots[0])
    await book(office, await somebody(office, 2), slots[1])
    for width in (1280, 768, 390):
        await page.set_viewport_size({"width": width, "height": 1024})
        await page.goto(f"{here.place}/day?day=2026-11-24")
        box = await page.locator("main").bounding_box()
        named = await page.get_by_text("Щ" * 300).bounding_box()
        assert box
        assert named
        assert named["x"] + named["width"] <= width, "a long name stays on the page"
    await page.get_by_role("link", name="Щ" * 300).click()
    await page.get_by_label("Свободное время").select_option(index=3)
    await page.get_by_role("button", name="Перенести").click()
    await expect(page.get_by_role("status")).to_contain_text("Запись перенесена, человек уже знает")
    await page.get_by_label("Причина").fill("Врач заболел")
    await page.get_by_role("button", name="Отменить приём").click()
    await expect(page.get_by_role("status")).to_contain_text("Приём отменён")
    assert (await here.state(booking)).state is BookingState.CALLED_OFF
    await page.goto(f"{here.place}/day?day=2026-11-24")
    await page.get_by_label("Номер или адрес из QR-кода").fill("AAAA-AAAA")
    await page.get_by_role("button", name="Проверить").click()
    await expect(page.get_by_role("alert")).to_contain_text("Такого талона")
