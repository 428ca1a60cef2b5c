"""The desk as a person sees it: a real browser, a real socket, the content security policy in force."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright, expect
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.domain.document import Kind
from core.domain.ids import ChatId
from core.services.signin import BeginSignIn
from tests.api.office import Office, person
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
MOMENT = datetime(2026, 11, 23, 9)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_config=None, access_log=False))
        task = asyncio.ensure_future(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await task


async def stopped(page: Page) -> None:
    """No time passes in the window that is to be opened but what the test lets pass: a slow machine sets no timer off."""
    await page.clock.install(time=MOMENT)
    await page.clock.pause_at(MOMENT + timedelta(hours=1))


@pytest.fixture
async def page(office: Office) -> AsyncIterator[Page]:
    """A page of Chromium in which `zoya` is signed in. Whatever the browser complains of fails the test."""
    await office.hires("zoya")
    complaints: list[str] = []
    async with served(office.app) as address, async_playwright() as playwright, office.browser() as browser:
        await browser.sits(office, "zoya")
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = await chromium.new_context(base_url=address, locale="ru-RU", viewport={"width": 1280, "height": 860})
        session = browser.cookies["medkarta_desk"]
        await context.add_cookies([{"name": "medkarta_desk", "value": session, "url": address}])
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        await chromium.close()
    # A session that ended is answered with 401, which the browser notes as an error of its own accord.
    assert [each for each in complaints if "401 (Unauthorized)" not in each] == []


async def test_what_comes_appears_by_itself_and_what_was_decided_goes(office: Office, page: Page):
    await stopped(page)
    await page.goto("/desk")
    await expect(page.get_by_text("Очередь пуста")).to_be_visible()
    await office.asks(person("Анна", "Ильина"))
    await page.clock.run_for(10_000)
    row = page.get_by_role("link", name="Анна И.")
    await expect(row).to_be_visible()
    await expect(page.get_by_role("status")).to_have_text("Новых в очереди: 1")
    await expect(page.get_by_text("Очередь пуста")).to_be_hidden()
    await row.click()
    await page.get_by_role("button", name="Подтвердить учётную запись").click()
    await expect(page.get_by_text("Готово: подтверждено.")).to_be_visible()
    await expect(page.get_by_text("Очередь пуста")).to_be_visible()


async def test_a_queue_that_nobody_looks_at_lets_the_session_end(office: Office, page: Page):
    await stopped(page)
    await page.goto("/desk")
    office.clock.passes(minutes=8)
    async with page.expect_response("**/api/v1/queue") as asked:
        await page.clock.run_for(11_000)
    assert (await asked.value).status == 200
    office.clock.passes(minutes=8)
    async with page.expect_response("**/api/v1/queue") as asked:
        await page.clock.run_for(11_000)
    assert (await asked.value).status == 401
    await expect(page.get_by_role("status")).to_contain_text("Сеанс закончился")


async def test_a_refusal_by_keyboard_alone(office: Office, page: Page):
    request = await office.asks(person("Анна", "Ильина"))
    await page.goto(f"/desk/verifications/{request}")
    picture = page.get_by_alt_text("Скан: Паспорт")
    assert await picture.evaluate("picture => picture.complete && picture.naturalWidth") == 640
    await page.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Фото размыто, данные не читаются.")).to_be_focused()
    await page.keyboard.press("Enter")
    field = page.get_by_label("Что не так с паспортом")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Фото размыто, данные не читаются.")
    await page.get_by_role("button", name="Отказать", exact=True).press("Enter")
    await expect(page.get_by_text("Готово: отказ отправлен")).to_be_visible()


async def test_a_scan_is_turned_and_fits(office: Office, page: Page):
    document = await office.sends(await office.knows(person("Пётр", "Громов")), Kind.SNILS)
    await page.goto(f"/desk/documents/{document}")
    picture = page.get_by_alt_text("Скан: СНИЛС")
    before = await picture.bounding_box()
    await page.get_by_role("button", name="Повернуть").click()
    after = await picture.bounding_box()
    assert before
    assert after
    assert after["height"] / after["width"] == pytest.approx(before["width"] / before["height"], rel=0.01)


async def test_the_whole_way_in_by_the_form(office: Office, page: Page):
    await page.context.clear_cookies()
    await page.goto("/desk")
    await page.get_by_label("Логин").fill("zoya")
    await page.get_by_label("Пароль").fill("valid horse battery")
    await page.get_by_label("Код из приложения").fill(office.code())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Очередь")).to_be_visible()
    await page.get_by_role("link", name="Eng").click()
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Staff sign-in")).to_be_visible()


async def test_a_citizen_goes_to_the_portal_on_another_site_and_back(office: Office, page: Page):
    async def portal(scope: Scope, receive: Receive, send: Send) -> None:
        state = Request(scope).query_params.get("state", "")
        back = f"{here}/portal/callback?code=c&state={state}"
        await HTMLResponse(f'<a href="{back}">Разрешить</a>')(scope, receive, send)

    async with office.container() as inside:
        ticket = await (await inside.get(BeginSignIn))(ChatId(7), "Анна")
    async with served(portal) as there:
        # Another name of this machine is another site for a browser.
        office.gate.address = there.replace("127.0.0.1", "localhost")
        await page.goto(f"/sign-in/{ticket}")
        here = page.url.removesuffix(f"/sign-in/{ticket}")
        await page.get_by_role("button", name="Продолжить на портале").click()
        await page.get_by_role("link", name="Разрешить").click()
        await expect(page.get_by_role("heading", name="Готово, вернитесь в чат")).to_be_visible()
    assert page.url == f"{here}/portal/done"
