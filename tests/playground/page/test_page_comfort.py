"""What makes the chat page comfortable: small screens, the dark, long chats, a lost connection, protected words."""

import os
import re
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import ViewportSize, expect

from tests.playground.page.world import Arrive, Outside

pytestmark = pytest.mark.needs_chromium

PHONE: ViewportSize = {"width": 360, "height": 740}


def test_protected_words_cannot_be_taken_away(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    row = olga.message(outside.tells(olga, "Гемоглобин 138 г/л", protect_content=True))
    expect(row.get_by_label("Защищено от копирования")).to_be_visible()
    expect(row.locator(".bubble")).to_have_css("user-select", "none")
    row.locator(".words").click(button="right")
    expect(olga.page.get_by_role("menuitem", name="Ответить")).to_be_visible()
    expect(olga.page.get_by_role("menuitem", name="Копировать")).to_have_count(0)


def test_a_lost_connection_is_told_and_made_up_for(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    olga.page.route("**/chat?*", lambda route: route.abort())
    outside.tells(olga, "до обрыва")
    banner = olga.page.get_by_role("alert").filter(has_text="Нет связи")
    expect(banner).to_be_visible()
    # From here on the page does not try again by itself: nobody takes the button away from under the hand.
    olga.page.clock.install(time=datetime(2026, 11, 23, 9))
    olga.page.clock.pause_at(datetime(2026, 11, 23, 10))
    expect(banner).to_be_visible()
    outside.tells(olga, "во время обрыва")
    olga.page.unroute("**/chat?*")
    banner.get_by_role("button", name="Повторить сейчас").click()
    expect(olga.page.get_by_role("log")).to_contain_text("во время обрыва")
    expect(banner).to_be_hidden()


def test_a_thousand_messages_scroll_as_in_a_messenger(outside: Outside, arrive: Arrive) -> None:
    vera = arrive(name="Вера")
    chat = vera.page.url
    vera.page.goto("about:blank")
    for number in range(999):
        outside.http.post(f"/people/{vera.id}/say", json={"text": f"сообщение {number}"})
    vera.page.goto(chat)
    expect(vera.page.locator("article")).to_have_count(1000)
    expect(vera.page.get_by_role("log").get_by_text("сообщение 998")).to_be_in_viewport()
    vera.page.locator("#feed").hover()
    vera.page.mouse.wheel(0, -3000)
    down = vera.page.get_by_role("button", name="К последним сообщениям")
    expect(down).to_be_visible()
    outside.tells(vera, "новое слово")
    expect(vera.page.locator("#below")).to_have_text("1")
    down.click()
    expect(vera.page.get_by_role("log").get_by_text("новое слово")).to_be_in_viewport()
    expect(down).to_be_hidden()


def test_a_narrow_phone_fits_and_every_key_is_big_enough(outside: Outside, arrive: Arrive) -> None:
    olga = arrive(size=PHONE, has_touch=True, is_mobile=True)
    row = outside.tells(
        olga,
        "Выберите " + "оченьдлинноеслово" * 6,
        [[{"text": f"Кнопка {n}", "callback_data": str(n)} for n in range(3)]],
    )
    expect(olga.message(row)).to_be_visible()
    assert olga.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for button in olga.page.locator("#chat button:not(.words *):visible, #chat .key:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 40, button
    olga.message(row).locator(".words").tap()
    expect(olga.page.get_by_role("menuitem", name="Копировать текст")).to_be_visible()
    olga.page.keyboard.press("Escape")
    olga.page.get_by_role("button", name="К списку людей").tap()
    expect(olga.page.get_by_role("tablist", name="Люди")).to_be_visible()
    expect(olga.page.locator("#composer")).to_be_hidden()


def test_dark_is_dark_and_the_choice_is_remembered(arrive: Arrive, tmp_path: Path) -> None:
    shots = Path(os.environ.get("SCREENSHOTS", tmp_path))
    olga = arrive()

    def brightness(name: str) -> float:
        olga.page.screenshot(path=shots / f"chat-{name}.png")
        return float(Image.open(shots / f"chat-{name}.png").convert("L").resize((1, 1)).getpixel((0, 0)))  # type: ignore[arg-type]

    assert brightness("light") > 180
    olga.page.emulate_media(color_scheme="dark")
    assert brightness("system-dark") < 60
    toggle = olga.page.get_by_role("button", name=re.compile("^Тема"))
    toggle.click()
    assert brightness("chosen-light") > 180
    toggle.click()
    olga.page.emulate_media(color_scheme="light")
    olga.page.reload()
    expect(toggle).to_have_accessible_name("Тема: тёмная")
    assert brightness("chosen-dark") < 60
