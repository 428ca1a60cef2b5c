"""The wall in a real browser: it hears of what happens, its clocks tick, and nobody sits at it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import expect

from core.domain.actor import Role
from core.domain.staff import StaffMembers
from core.ports import Transaction
from tests.api.chatting import Sitting, Talking, fits, seated, shot
from tests.api.office import Office
from tests.api.test_desk_in_chromium import stopped

pytestmark = pytest.mark.needs_chromium
KNOWN = ("ERR_FAILED", "401 (Unauthorized)")
"""The browser notes every refused call; the wall says it to whoever looks, which is what the tests look at."""
NO_CLOCK = "window.setInterval = () => 0;"
"""Nothing is asked for by the clock: what comes is what was heard of."""


@pytest.fixture
async def sitting(office: Office) -> AsyncIterator[Sitting]:
    """The operator Зоя Лаптева opens the wall. Whatever the browser complains of fails the test."""
    async with seated(office, "zoya", Role.OPERATOR, "Зоя Лаптева", known=KNOWN) as sitting:
        yield sitting


async def test_it_shows_what_happens_as_it_happens(office: Office, sitting: Sitting) -> None:
    page, talking = await sitting.page(), Talking(office)
    await page.add_init_script(NO_CLOCK)
    await page.goto("/desk/wall")
    await page.locator('[data-live="on"]').wait_for(state="attached")
    waiting, longest = page.locator("[data-word=waiting]"), page.locator("[data-word=longest]")
    await expect(waiting).to_have_text("0")
    await expect(longest).to_have_text("—")
    _, conversation = await talking.calls()
    await expect(waiting).to_have_text("1")
    await expect(page.locator("[data-hot=waiting]")).to_have_class("huge hot")
    await shot(page, "wall-waits")
    await talking.claims("zoya", conversation)
    await expect(waiting).to_have_text("0")
    await expect(page.locator("[data-word=talking]")).to_have_text("1")
    await expect(page.locator("[data-word=here]")).to_have_text("1")
    await expect(page.get_by_role("status")).to_have_text("")


async def test_its_clocks_tick_while_nothing_happens(office: Office, sitting: Sitting) -> None:
    await Talking(office).calls()
    page = await sitting.page()
    await stopped(page)
    # Whatever is asked for is not answered: what moves, moves by itself.
    await page.route("**/desk/wall?live=1", lambda route: route.abort())
    await page.goto("/desk/wall")
    clock, longest = page.locator("[data-clock]"), page.locator("[data-word=longest]")
    minute = timedelta(minutes=1)
    await expect(clock).to_have_text(f"{office.clock.now() + 3 * 60 * minute:%H:%M}")
    await page.clock.run_for(61_000)
    await expect(longest).to_have_text("1 мин")
    await expect(clock).to_have_text(f"{office.clock.now() + 3 * 60 * minute + minute:%H:%M}")
    await page.clock.run_for(3_600_000)
    await expect(longest).to_contain_text("1 ч 1 мин")


async def test_without_the_stream_it_asks_as_before(office: Office, sitting: Sitting) -> None:
    page = await sitting.page()
    await stopped(page)
    await page.route("**/api/v1/events*", lambda route: route.abort())
    await page.goto("/desk/wall")
    await expect(page.get_by_role("status")).to_contain_text("Нет связи")
    await Talking(office).calls()
    await page.clock.run_for(5_000)
    await expect(page.locator("[data-word=waiting]")).to_have_text("1")
    await page.context.clear_cookies()
    await page.clock.run_for(5_000)
    await expect(page.get_by_role("status")).to_contain_text("войдите снова")


async def test_it_says_that_the_session_is_over(office: Office, sitting: Sitting) -> None:
    page = await sitting.page()
    await page.goto("/desk/wall")
    await page.locator('[data-live="on"]').wait_for(state="attached")
    async with office.container() as inside:
        members = await inside.get(StaffMembers)
        async with await inside.get(Transaction):
            await members.close_session(sitting.session)
    await expect(page.get_by_role("status")).to_contain_text("войдите снова")


async def test_it_can_be_read_without_script(office: Office, sitting: Sitting) -> None:
    await Talking(office).calls()
    page = await sitting.page(java_script_enabled=False)
    await page.goto("/desk/wall")
    await expect(page.locator("[data-word=waiting]")).to_have_text("1")
    await expect(page.locator("[data-word=longest]")).to_have_text("<1 мин")


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("name", "width", "height"), [("hall", 1920, 1080), ("tablet", 820, 1180)])
async def test_it_fits_every_screen(
    office: Office, sitting: Sitting, language: str, name: str, width: int, height: int
) -> None:
    await Talking(office).calls()
    page = await sitting.page(viewport={"width": width, "height": height})
    await page.goto(f"/desk/wall?language={language}")
    await page.locator('[data-live="on"]').wait_for(state="attached")
    await shot(page, f"wall-{name}-{language}")
    assert await fits(page)
