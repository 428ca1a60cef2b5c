"""Broadcasts in a real browser: by keyboard, without script, light and dark, with numbers that refresh by themselves."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright, expect

from core.domain.actor import Role
from core.services.broadcast import TendBroadcast
from tests.api.chatting import fits
from tests.api.office import Office, person
from tests.api.test_desk_in_chromium import ARGUMENTS, served, stopped
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
TEXT = "В субботу поликлиника открыта до 20:00.\n\nЗаписаться: https://example.org/saturday"
SHOTS = os.environ.get("MEDKARTA_TEST_SHOTS")
"""A folder for pictures of what the tests see; none are taken without it."""


class Sitting:
    """The administrator `igor` at the desk in Chromium."""

    def __init__(self, chromium: Chromium, address: str, session: str) -> None:
        self.chromium, self.address, self.session = chromium, address, session
        self.complaints: list[str] = []

    async def page(self, **how: object) -> Page:
        size = {"width": 1280, "height": 860}
        context = await self.chromium.new_context(
            **{"base_url": self.address, "locale": "ru-RU", "viewport": size, **how}  # type: ignore[arg-type]
        )
        await context.add_cookies([{"name": "medkarta_desk", "value": self.session, "url": self.address}])
        page = await context.new_page()
        bad = {"error", "warning"}
        page.on("console", lambda said: self.complaints.append(said.text) if said.type in bad else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


@pytest.fixture
async def sitting(office: Office) -> AsyncIterator[Sitting]:
    """Whatever the browser complains of fails the test."""
    await office.hires("igor", Role.ADMINISTRATOR)
    async with served(office.app) as address, async_playwright() as playwright, office.browser() as browser:
        await browser.sits(office, "igor")
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        sitting = Sitting(chromium, address, browser.cookies["medkarta_desk"])
        yield sitting
        await chromium.close()
    assert [each for each in sitting.complaints if "422 (Unprocessable" not in each] == []


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def works(office: Office) -> None:
    while True:
        async with office.container() as inside:
            if not await (await inside.get(TendBroadcast))():
                return


async def test_from_the_form_to_the_report(office: Office, sitting: Sitting):
    for name in ("Анна", "Пётр", "Мария"):
        await office.knows(person(name, "Ильина"))
    page = await sitting.page()
    await stopped(page)
    await page.goto("/desk/broadcasts")
    await shot(page, "list-empty")
    await page.get_by_role("link", name="Новая рассылка").click()
    await page.get_by_label("Текст на русском").fill(TEXT)
    await page.get_by_label("От", exact=True).fill("60")
    await page.get_by_label("До", exact=True).fill("18")
    await page.get_by_text("Регионы", exact=True).click()
    await shot(page, "form")
    await page.get_by_role("button", name="Проверить без отправки").click()
    await expect(page.get_by_role("alert")).to_contain_text("возраст от 0 до 120")
    await shot(page, "form-wrong")
    await page.get_by_label("От", exact=True).fill("18")
    await page.get_by_label("До", exact=True).fill("60")
    await page.get_by_role("button", name="Проверить без отправки").click()
    await expect(page.locator(".reach")).to_have_text("3")
    await expect(page.get_by_role("link", name="https://example.org/saturday")).to_be_visible()
    await shot(page, "draft")
    await page.get_by_text("Отправить", exact=True).click()
    await expect(page.get_by_text("Получат: 3")).to_be_visible()
    await shot(page, "draft-sure")
    await page.get_by_role("button", name="Да, отправить").click()
    await expect(page.get_by_text("Ждёт своего времени")).to_be_visible()
    await works(office)
    office.clock.passes(seconds=3)
    await works(office)
    await page.wait_for_load_state()  # its script looks every three seconds from then on
    # The state has changed, so the page draws itself anew.
    await page.clock.run_for(4_000)
    await expect(page.get_by_text("Отправляется")).to_be_visible()
    await expect(page.locator('[data-word="waiting"]')).to_have_text("3")
    await expect(page.get_by_text("Числа обновляются сами")).to_be_visible()
    await shot(page, "sending")
    await page.get_by_role("button", name="Приостановить").click()
    await expect(page.get_by_text("На паузе")).to_be_visible()
    await expect(page.locator('[data-word="held"]')).to_have_text("3")
    await page.get_by_text("Отменить рассылку", exact=True).click()
    await page.get_by_role("button", name="Да, отменить").click()
    await expect(page.get_by_role("heading", name="Итог")).to_be_visible()
    await expect(page.locator('[data-word="cancelled"]')).to_have_text("3")
    await shot(page, "report")
    await page.get_by_role("link", name="Рассылки").first.click()
    await expect(page.get_by_text("Отменена")).to_be_visible()
    await shot(page, "list")


async def test_numbers_change_while_somebody_looks_and_the_place_stays(office: Office, sitting: Sitting):
    await office.knows(person("Анна", "Ильина"))
    page = await sitting.page()
    await stopped(page)
    await page.goto("/desk/broadcasts/new")
    await page.get_by_label("Текст на русском").fill(TEXT)
    await page.get_by_role("button", name="Проверить без отправки").click()
    await page.get_by_text("Отправить", exact=True).click()
    await page.get_by_role("button", name="Да, отправить").click()
    await works(office)
    await page.reload()
    await expect(page.locator('[data-word="waiting"]')).to_have_text("0")
    await page.get_by_text("Отменить рассылку", exact=True).click()
    office.clock.passes(seconds=3)
    await works(office)
    await page.clock.run_for(4_000)
    await expect(page.locator('[data-word="waiting"]')).to_have_text("1")
    await expect(page.get_by_role("button", name="Да, отменить")).to_be_visible()


async def test_by_keyboard_alone_and_without_script(office: Office, sitting: Sitting):
    await office.knows(person("Анна", "Ильина"))
    page = await sitting.page(java_script_enabled=False)
    await page.goto("/desk/broadcasts/new")
    await page.get_by_label("Текст на русском").focus()
    await page.keyboard.type("Открыто до 20:00")
    await page.get_by_role("button", name="Проверить без отправки").press("Enter")
    await page.get_by_text("Запланировать", exact=True).press("Enter")
    field = page.get_by_label("Когда, по московскому времени")
    await expect(field).to_be_visible()
    await field.fill("2026-11-23T23:30")
    await page.get_by_role("button", name="Да, запланировать").press("Enter")
    await expect(page.get_by_text("Уйдёт 23 ноября, 23:30 по Москве")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_nothing_runs_off_the_side_in_either_scheme(office: Office, sitting: Sitting, scheme: str):
    await office.knows(person("Анна", "Ильина"))
    page = await sitting.page(viewport={"width": 375, "height": 780}, color_scheme=scheme)
    await page.goto("/desk/broadcasts/new")
    await shot(page, f"phone-form-{scheme}")
    assert await fits(page)
    await page.get_by_label("Текст на русском").fill(f"{TEXT} {'щ' * 200}")
    await page.get_by_role("button", name="Проверить без отправки").click()
    await expect(page.locator(".reach")).to_have_text("1")
    await shot(page, f"phone-draft-{scheme}")
    assert await fits(page)
    await page.goto("/desk/broadcasts")
    await shot(page, f"phone-list-{scheme}")
    assert await fits(page)
