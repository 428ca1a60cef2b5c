"""A citizen in the chat and an operator in a browser: what each sees of the other, with nothing reloaded in between."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.house import House
from tests.journeys.operating import Operator, open_always
from tests.journeys.person import Person, scan
from tests.journeys.test_in_chromium import ARGUMENTS
from tests.journeys.windows import listens
from tests.services import BROWSER_MS, chromium

pytestmark = pytest.mark.needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def operator(house: House) -> Operator:
    open_always(house)
    return Operator.of(house)


@pytest.fixture
def desk(house: House, browser: Browser, operator: Operator) -> Iterator[Page]:
    """The operator's window. Whatever the browser complains of fails the test."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1440, "height": 900}, base_url=house.api)
    context.add_cookies(
        [{"name": each.name, "value": each.value or "", "url": house.api} for each in operator.http.cookies.jar]
    )
    context.set_default_timeout(BROWSER_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/desk/talks?show=waiting")
    listens(page)
    yield page
    context.close()
    assert complaints == []


def test_both_sides_talk_and_each_sees_the_other(person: Person, desk: Page, tmp_path: Path) -> None:
    person.say("/help", "Что я умею")
    person.say("Позовите оператора", "в очереди к оператору")
    person.say("Не вижу прививку от кори", "Передам оператору")
    with desk.expect_navigation():
        desk.get_by_role("link", name=re.compile("Не вижу прививку от кори")).click()
    listens(desk)
    desk.get_by_role("button", name=re.compile("Взять разговор")).click()
    person.wait("С вами говорит Зоя")
    answer = desk.get_by_role("textbox", name="Ответ человеку")
    answer.fill("Здравствуйте. Когда её делали?")
    answer.press("Enter")
    person.wait("Когда её делали")
    expect(desk.locator(".line.operator .delivery")).to_contain_text("доставлено в Telegram")

    said = person.act("say", text="В мае")["message_id"]
    expect(desk.locator(".line.citizen").last).to_contain_text("В мае")
    person.act("edit", message_id=said, text="В июне")
    line = desk.locator(".line.citizen").last
    expect(line).to_contain_text("В июне")
    line.get_by_text("Что было раньше").click()
    expect(line.locator("del")).to_have_text("В мае")

    person.upload(scan(), kind="photo", caption="Сертификат")
    expect(desk.locator(".line img")).to_be_visible()
    desk.wait_for_function("document.querySelector('.line img').naturalWidth > 0")
    person.upload(b"OggS voice", kind="voice", name="voice.ogg")
    expect(desk.locator(".line audio")).to_have_count(1)
    person.act("location", latitude=56.86, longitude=35.9)
    expect(desk.locator(".line.citizen").last).to_contain_text("56.86")

    desk.locator("input[type=file]").set_input_files(
        {"name": "памятка.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
    )

    def is_seen_writing(_messages: object) -> bool:
        answer.press_sequentially("Вот… ")
        return person.chat().get("action") == "typing"

    assert person.until(is_seen_writing)
    answer.fill("Вот памятка")
    answer.press("Enter")
    person.wait("Вот памятка")

    own = desk.locator(".line.operator").first
    own.locator("summary").get_by_text("Изменить").click()
    own.get_by_label("Новый текст").fill("Здравствуйте. В каком месяце её делали?")
    own.get_by_role("button", name="Сохранить").click()
    person.wait("В каком месяце её делали")

    if folder := os.environ.get("SCREENSHOTS"):
        desk.screenshot(path=Path(folder) / "desk-conversation.png")
    desk.locator("summary[data-key=e]").click()
    desk.get_by_role("button", name="Завершить разговор").click()
    person.tap("Вернуться", "Что я умею")
    expect(desk.locator("[data-head]")).to_contain_text("Завершён")
