"""The whole conversation in a browser: the chat page, the portal, the inbox, the desk, as a newcomer sees them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.house import House
from tests.journeys.person import PATIENCE_S, Person, scan
from tests.services import BROWSER_MS, chromium

pytestmark = pytest.mark.needs_chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the screenshots go: SCREENSHOTS to look at them, else a folder that pytest forgets."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def button(page: Page, label: str) -> None:
    page.locator("[data-button]", has_text=re.compile(label)).last.click()


def says(page: Page, text: str) -> None:
    expect(page.get_by_role("log")).to_contain_text(re.compile(text))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_start_to_a_card_on_a_phone_in_the_chat_page(
    house: House, person: Person, browser: Browser, pictures: Path, scheme: str
) -> None:
    citizen = person.http.post("/portal/citizens", json={"age": 34, "level": "PR"}).raise_for_status().json()
    context = browser.new_context(viewport=PHONE, color_scheme="dark" if scheme == "dark" else "light", locale="ru-RU")
    context.set_default_timeout(BROWSER_MS)
    page = context.new_page()
    complaints: list[str] = []
    for each in ("console", "pageerror"):
        page.on(each, lambda said: complaints.append(str(said)) if getattr(said, "type", "error") == "error" else None)
    page.goto(f"{house.playground}/#{person.id}")
    expect(page.locator("#chat")).to_have_attribute("aria-busy", "false")
    page.locator("#start").click()
    says(page, "Здравствуйте")
    page.screenshot(path=pictures / f"{scheme}-1-start.png")

    with context.expect_page() as opened:
        button(page, "портал")
    portal = opened.value
    portal.get_by_role("button").filter(has_text=re.compile("портал", re.IGNORECASE)).click()
    portal.get_by_label(re.compile("Логин")).fill(citizen["login"])
    portal.get_by_label("Пароль", exact=True).fill("wrong")
    portal.get_by_role("button", name="Войти", exact=True).click()
    expect(portal.get_by_role("alert")).to_be_visible()
    portal.get_by_label("Пароль", exact=True).fill(citizen["password"])
    portal.get_by_role("button", name="Войти", exact=True).click()
    portal.get_by_role("button", name="Разрешить").click()
    expect(portal.locator("h1")).to_be_visible()
    portal.screenshot(path=pictures / f"{scheme}-2-back.png")
    portal.close()

    says(page, "Вы вошли как")
    button(page, "Медкарта")
    says(page, "известно с портала")
    page.screenshot(path=pictures / f"{scheme}-3-known.png")
    button(page, "Всё верно")
    says(page, "Документы")
    page.set_input_files(
        "#pick-file", [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": scan(str(n))} for n in range(3)]
    )
    page.click("#send-files")
    says(page, "Всё нужное на месте")
    page.screenshot(path=pictures / f"{scheme}-4-documents.png")
    button(page, "Дальше")
    says(page, "«Согласие на обработку")
    button(page, "Согласен")
    says(page, "Отправить заявку")
    page.screenshot(path=pictures / f"{scheme}-5-summary.png")
    button(page, "Отправить заявку")
    says(page, "код")
    page.fill("#composer", person.code(citizen["phone"]))
    page.press("#composer", "Enter")
    says(page, r"\d{4} \d{4} \d{4}")
    page.screenshot(path=pictures / f"{scheme}-6-card.png")

    inbox = context.new_page()
    inbox.goto(f"{house.playground}/inbox")
    expect(inbox.locator("body")).to_contain_text(citizen["email"])
    inbox.screenshot(path=pictures / f"{scheme}-7-inbox.png")
    context.close()
    assert complaints == []
    assert httpx.get(f"{house.api}/readyz", timeout=PATIENCE_S, trust_env=False).json()["ready"]
