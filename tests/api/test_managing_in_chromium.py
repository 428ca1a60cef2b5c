"""The staff and the journal in a real browser: the bar by keyboard, what is shown once, and nothing that the policy refuses."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, async_playwright, expect

from core.domain.actor import Role
from tests.api.office import Office
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
Sit = Callable[[Role], Awaitable[Page]]


@pytest.fixture
async def sit(office: Office) -> AsyncIterator[Sit]:
    """A page of Chromium for somebody of a role. Whatever the browser complains of fails the test."""
    complaints: list[str] = []
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(served(office.app))
        playwright = await stack.enter_async_context(async_playwright())
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)

        async def sits(role: Role) -> Page:
            await office.hires(role.value, role, name="Игорь Сомов")
            browser = await stack.enter_async_context(office.browser())
            await browser.sits(office, role.value)
            context = await chromium.new_context(
                base_url=address, locale="ru-RU", viewport={"width": 1280, "height": 860}
            )
            session = browser.cookies["medkarta_desk"]
            await context.add_cookies([{"name": "medkarta_desk", "value": session, "url": address}])
            page = await context.new_page()
            page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield sits
        await chromium.close()
    assert complaints == []


async def test_an_administrator_reaches_every_place_by_keyboard_and_adds_somebody(sit: Sit):
    page = await sit(Role.ADMINISTRATOR)
    await page.goto("/desk/staff")
    more = page.locator(".more-links summary")
    await expect(more).to_have_text("Ещё: Сотрудники")
    bar = await page.locator(".bar").bounding_box()
    assert bar is not None
    assert bar["height"] < 80
    await more.focus()
    await page.keyboard.press("Enter")
    groups = page.get_by_role("link", name="Группы")
    await expect(groups).to_be_visible()
    await groups.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Группы")).to_be_visible()
    await page.goto("/desk/staff")
    await page.get_by_label("Логин").fill("olga")
    await page.get_by_label("Имя").fill("Ольга Речная")
    await page.get_by_role("button", name="Добавить").click()
    await expect(page.get_by_role("heading", name="Передайте это сотруднику")).to_be_visible()
    await page.wait_for_load_state()
    picture = await page.locator(".qr svg").bounding_box()
    assert picture is not None
    assert picture["width"] > 150
    await page.get_by_role("link", name="Готово, к сотруднику").click()
    await page.get_by_label("Разговоров сразу").fill("3")
    await page.locator("form", has=page.get_by_label("Разговоров сразу")).get_by_role("button").click()
    await expect(page.get_by_role("status")).to_have_text("Сохранено.")
    await expect(page.get_by_label("Разговоров сразу")).to_have_value("3")


async def test_an_auditor_narrows_the_journal_and_verifies_it(sit: Sit):
    page = await sit(Role.AUDITOR)
    await page.goto("/desk")
    await expect(page.get_by_role("heading", name="Журнал", exact=True)).to_be_visible()
    await page.get_by_label("Действие").fill("audit.")
    await page.get_by_role("button", name="Показать").click()
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.get_by_role("button", name="Проверить").click()
    await expect(page.get_by_role("status")).to_contain_text("Журнал цел")
    async with page.expect_download() as taken:
        await page.get_by_role("link", name="Сохранить CSV").click()
    assert (await taken.value).suggested_filename == "audit.csv"
