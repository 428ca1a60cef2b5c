"""`python -m ops.commands.pictures`: starts everything, lives through a few minutes of it in a browser, and takes pictures."""

import asyncio
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import httpx
import pyotp
from PIL import Image, ImageDraw
from playwright.async_api import BrowserContext, Page, ViewportSize, async_playwright, expect

from core.domain.actor import Role
from core.services.staff import AddStaff, NewMember
from ops.commands.work import scope
from ops.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_S = 90
STEP_MS = 20_000
WINDOW: ViewportSize = {"width": 1180, "height": 940}


async def take(folder: Path) -> None:
    """Make `chat.png` and `desk.png` in a folder, on state and ports of their own."""
    async with AsyncExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medkarta-pictures-")))
        api, playground, smtp = _free_ports(3)
        told = {
            "STATE_DIR": str(state / "var"),
            "API_PORT": str(api),
            "PLAYGROUND_PORT": str(playground),
            "PLAYGROUND_SMTP_PORT": str(smtp),
        }
        member = await _reviewer(Settings(state_dir=state / "var"))
        await stack.enter_async_context(_running(told, f"http://127.0.0.1:{api}/readyz"))
        playwright = await stack.enter_async_context(async_playwright())
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = await playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        outside = f"http://127.0.0.1:{playground}"
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=outside, timeout=30, trust_env=False))
        try:
            context = await browser.new_context(
                viewport=WINDOW, locale="ru-RU", timezone_id="Europe/Moscow", reduced_motion="reduce"
            )
            context.set_default_timeout(STEP_MS)
            await _chat(context, http, folder / "chat.png")
            await _waits_for_a_reviewer(context, http)
            await _desk(context, f"http://127.0.0.1:{api}/desk", member, folder / "desk.png")
        finally:
            await browser.close()


async def _chat(context: BrowserContext, http: httpx.AsyncClient, picture: Path) -> None:
    """Anna signs in and is shown what the portal knows of her."""
    people = (await http.get("/people")).raise_for_status().json()
    anna = next(each for each in people if each["name"].startswith("Анна"))
    page = await _arrive(context, http, anna["id"], "ilina", "ilina34")
    await _tap(page, "Медкарта")
    await expect(page.locator("#chat")).to_contain_text("Всё верно")
    await page.screenshot(path=picture, animations="disabled")


async def _waits_for_a_reviewer(context: BrowserContext, http: httpx.AsyncClient) -> None:
    """Olga, whom the portal knows little of, asks to be verified."""
    made = (await http.post("/people", json={"name": "Ольга", "language": "ru"})).raise_for_status().json()
    page = await _arrive(context, http, made["id"], "zimina", "zimina34")
    citizens = (await http.get("/portal/citizens")).raise_for_status().json()
    olga = next(each for each in citizens if each["login"] == "zimina")
    await _say(page, "/status")
    await _tap(page, "Прислать документы")
    await expect(page.locator("#chat")).to_contain_text("паспорт")
    scan = ("passport.png", _scan("PASSPORT", olga["passport"]["series"], olga["passport"]["number"]), "image/png")
    (await http.post(f"/people/{made['id']}/upload", files={"file": scan}, data={"as": "document"})).raise_for_status()
    await expect(page.locator("#chat")).to_contain_text("ИНН")
    await _say(page, olga["inn"])
    await expect(page.locator("#chat")).to_contain_text("В процессе")


async def _desk(context: BrowserContext, desk: str, member: NewMember, picture: Path) -> None:
    """A reviewer signs in and opens what waits longest."""
    page = await context.new_page()
    await page.goto(desk)
    await page.fill("#login", "marina")
    await page.fill("#password", member.password)
    await page.fill("#code", pyotp.TOTP(member.totp_secret).at(datetime.now(UTC)))
    await page.locator("button.main").click()
    # What was handed over is replaced at the first sign-in.
    key = (await page.locator(".own code").inner_text()).replace(" ", "")
    await page.fill("#new", secrets.token_urlsafe(15))
    await page.fill("#code", pyotp.TOTP(key).at(datetime.now(UTC)))
    await page.locator("button.main").click()
    await page.locator("[data-rows] a.row").first.click()
    await expect(page.locator(".decision")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=picture, animations="disabled")


async def _arrive(context: BrowserContext, http: httpx.AsyncClient, person: int, login: str, password: str) -> Page:
    """Somebody begins the chat and signs in through the portal; returns the chat's page."""
    page = await context.new_page()
    await page.goto(str(http.base_url.join(f"/#{person}")))
    await _say(page, "/start")
    async with context.expect_page() as opened:
        await _tap(page, "портал")
    portal = await opened.value
    await portal.locator("button.main").click()
    if await portal.locator("#login").count():
        await portal.fill("#login", login)
        await portal.fill("#password", password)
        await portal.get_by_role("button", name="Войти").click()
    await portal.get_by_role("button", name="Разрешить").click()
    await portal.wait_for_url("**/portal/done")
    await portal.close()
    await context.clear_cookies()
    await expect(page.locator("#chat")).to_contain_text("вошли")
    return page


async def _say(page: Page, text: str) -> None:
    await page.fill("#composer", text)
    await page.press("#composer", "Enter")


async def _tap(page: Page, label: str) -> None:
    await page.locator(f'[data-button*="{label}"]').last.click()


async def _reviewer(settings: Settings) -> NewMember:
    async with scope(settings) as request:
        return await (await request.get(AddStaff))("marina", "Марина Лебедева", Role.REVIEWER)


@asynccontextmanager
async def _running(told: dict[str, str], ready: str) -> AsyncIterator[None]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "ops", "run", cwd=ROOT, env=kept | told)
    try:
        async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient(trust_env=False) as http:
            while not await _answers(http, ready):
                if process.returncode is not None:
                    raise RuntimeError(f"the product ended with {process.returncode}")
                await asyncio.sleep(0.1)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _answers(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _scan(*lines: str) -> bytes:
    """Return a picture that could be a scan, of nobody's document."""
    picture = Image.new("RGB", (900, 640), "#f4efe6")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 876, 616), outline="#8c6f5a", width=4)
    pen.rectangle((64, 150, 304, 470), outline="#8c6f5a", width=3)
    for number, line in enumerate(("SPECIMEN", *lines)):
        pen.text((360, 150 + number * 70), line, fill="#4a3b30", font_size=40)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
