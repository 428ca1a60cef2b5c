"""The page of a slip on a phone: it fits, loads nothing from elsewhere, and reads well."""

from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, expect

from core.domain.booking import BookingState
from tests.api.appointments import DOCTOR, appointment, ends
from tests.api.office import Office
from tests.api.test_extract_in_chromium import look
from tests.api.test_extract_in_chromium import phone as phone  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.needs_chromium


@pytest.fixture
async def anywhere(phone: BrowserContext) -> list[str]:
    """The addresses that the phone asked for."""
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    return asked


async def test_the_page_fits_a_phone_and_asks_nobody_else(office: Office, phone: BrowserContext, anywhere: list[str]):
    booking = await appointment(office, replace(DOCTOR, name="Щ" * 300))
    page = await phone.new_page()
    await page.goto(f"/slip/{booking.token}")
    await expect(page.get_by_role("heading", name="Запись действует")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len({url.split("/")[2] for url in anywhere}) == 1


async def test_one_that_stands_and_one_that_does_not_are_told_apart(office: Office, phone: BrowserContext):
    booking = await appointment(office)
    page = await phone.new_page()
    await page.goto(f"/slip/{booking.token}")
    await look(page, "slip")
    await ends(office, booking, BookingState.CANCELLED)
    await page.reload()
    await expect(page.get_by_role("heading", name="Запись отменена")).to_be_visible()
    await look(page, "slip_cancelled")
