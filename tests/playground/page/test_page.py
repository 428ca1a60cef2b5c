"""The chat page in a real browser, spoken to as a person would, with a small scripted bot behind the Bot API."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.playground.page.world import Arrive, Outside, Person

pytestmark = pytest.mark.needs_chromium

EVIL = '<img src=x onerror="window.pwned=1">'


def test_a_conversation_with_buttons_lives_on_the_page(outside: Outside, arrive: Arrive) -> None:
    olga = arrive(started=False)
    olga.page.get_by_role("button", name="Начать").click()
    assert outside.hears(olga)["text"] == "/start"
    outside.bot("sendChatAction", chat_id=olga.id, action="typing")
    expect(olga.page.locator("#bot-status")).to_have_text("печатает…")
    menu = outside.tells(
        olga,
        "Что сделаем?",
        [[{"text": "Карта", "callback_data": "card"}, {"text": "Сайт", "url": "https://example.org/a"}]],
    )
    link = olga.message(menu).get_by_role("link", name="Сайт")
    expect(link).to_have_attribute("rel", "noopener")
    expect(link).to_have_attribute("target", "_blank")
    olga.message(menu).locator('[data-button="Карта"]').click()
    tapped = outside.hears(olga, "callback_query")
    assert tapped["data"] == "card"
    expect(olga.message(menu).locator('[data-button="Карта"]')).to_have_attribute("aria-busy", "true")
    outside.bot("answerCallbackQuery", callback_query_id=tapped["id"], text="Открываю")
    expect(olga.page.get_by_text("Открываю")).to_be_visible()
    outside.bot("editMessageText", chat_id=olga.id, message_id=menu, text="Карта готовится")
    expect(olga.message(menu)).to_contain_text("Карта готовится")
    expect(olga.message(menu)).to_contain_text("изменено")
    outside.bot("deleteMessage", chat_id=olga.id, message_id=menu)
    expect(olga.message(menu)).to_have_count(0)


def test_an_alert_stays_until_it_is_read_and_focus_returns_to_the_button(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    menu = outside.tells(olga, "Отозвать согласие?", [[{"text": "Отозвать", "callback_data": "withdraw"}]])
    button = olga.message(menu).locator('[data-button="Отозвать"]')
    button.press("Enter")
    outside.bot(
        "answerCallbackQuery",
        callback_query_id=outside.hears(olga, "callback_query")["id"],
        text="Карта приостановлена",
        show_alert=True,
    )
    alert = olga.page.get_by_role("alertdialog")
    expect(alert).to_contain_text("Карта приостановлена")
    olga.page.keyboard.press("Enter")
    expect(alert).to_have_count(0)
    expect(button).to_be_focused()


def test_formatted_words_are_shown_as_telegram_shows_them(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    text = (
        "😀 <b>жирно <i>и курсив</i></b> <u>под</u> <s>вон</s> <code>112-233</code> <tg-spoiler>482913</tg-spoiler> /help "
        '<a href="https://example.org/">сайт</a>\n<pre>a &lt; b</pre><blockquote expandable>'
        + "длинно " * 60
        + "</blockquote>"
    )
    row = olga.message(outside.tells(olga, text, parse_mode="HTML"))
    for tag, words in {"strong": "жирно и курсив", "em": "и курсив", "u": "под", "s": "вон", "pre": "a < b"}.items():
        expect(row.locator(tag)).to_have_text(words)
    hidden = row.get_by_role("button", name="Скрытый текст")
    hidden.press("Enter")
    expect(row.locator(".spoiler")).to_have_class(re.compile("open"))
    row.get_by_role("button", name="Показать всё").click()
    expect(row.get_by_role("button", name="Свернуть")).to_have_attribute("aria-expanded", "true")
    row.get_by_role("button", name="/help").click()
    assert outside.hears(olga)["text"] == "/help"


def test_files_go_up_and_open_again(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    picture = BytesIO()
    Image.new("RGB", (320, 200), "teal").save(picture, "PNG")
    scan: FilePayload = {"name": "скан <b>.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    olga.page.set_input_files("#pick-file", [scan])
    olga.page.get_by_label("Подпись").fill("Паспорт")
    olga.page.get_by_role("button", name="Отправить", exact=True).click()
    heard = outside.hears(olga)
    assert (heard["document"]["mime_type"], heard["caption"]) == ("image/png", "Паспорт")
    card = olga.message(heard["message_id"]).get_by_role("link", name="Открыть документ")
    expect(card).to_contain_text("скан <b>.png")
    with olga.page.context.expect_page() as opened:
        card.click()
    assert olga.page.request.get(opened.value.url).body() == picture.getvalue()

    another: FilePayload = {"name": "второй.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    olga.page.set_input_files("#pick-photo", [scan, another])
    expect(olga.page.get_by_label("Как фото")).to_be_checked()
    olga.page.click("#send-files")
    first, second = outside.hears(olga), outside.hears(olga)
    assert "photo" in first
    assert first["media_group_id"] == second["media_group_id"]
    album = olga.page.locator("[data-album]")
    expect(album.get_by_role("button", name="Открыть фото")).to_have_count(2)
    album.get_by_role("button", name="Открыть фото").first.click()
    viewer = olga.page.get_by_role("dialog", name="Просмотр фото")
    expect(viewer.locator("img")).to_be_visible()
    olga.page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("button", name="Следующее фото")).to_be_hidden()
    olga.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_a_copy_button_copies_and_tells_nobody(outside: Outside, arrive: Arrive) -> None:
    olga = arrive(permissions=["clipboard-read", "clipboard-write"])
    row = outside.tells(olga, "Номер карты", [[{"text": "Скопировать", "copy_text": {"text": "4510 123456"}}]])
    olga.message(row).locator('[data-button="Скопировать"]').click()
    expect(olga.page.get_by_role("status").filter(has_text="Скопировано")).to_be_visible()
    assert olga.page.evaluate("navigator.clipboard.readText()") == "4510 123456"


def test_odd_inputs_are_one_menu_away(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    for item, kind in {"Голосовое": "voice", "Стикер": "sticker"}.items():
        olga.page.click("#attach")
        olga.page.get_by_role("menuitem", name=item).click()
        assert kind in outside.hears(olga)


def test_the_number_is_shared_only_after_a_question(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    keys = {
        "keyboard": [[{"text": "Мой номер", "request_contact": True}], [{"text": "Позже"}]],
        "resize_keyboard": True,
    }
    outside.bot("sendMessage", chat_id=olga.id, text="Ваш телефон?", reply_markup=keys)
    share = olga.page.locator('#reply-keyboard [data-button="Мой номер"]')
    share.click()
    olga.page.get_by_role("button", name="Отмена").click()
    share.click()
    olga.page.get_by_role("button", name="Поделиться").click()
    assert outside.hears(olga)["contact"]["user_id"] == olga.id
    olga.page.get_by_role("button", name="Спрятать кнопки бота").click()
    expect(share).to_be_hidden()
    olga.page.get_by_role("button", name="Показать кнопки бота").click()
    olga.page.locator('#reply-keyboard [data-button="Позже"]').click()
    assert outside.hears(olga)["text"] == "Позже"


def test_markup_in_names_and_words_stays_words(outside: Outside, arrive: Arrive) -> None:
    mallory = arrive(name=EVIL)
    row = outside.tells(mallory, EVIL, [[{"text": EVIL, "callback_data": "x"}]])
    keys = {"keyboard": [[{"text": EVIL}]], "input_field_placeholder": EVIL}
    outside.bot("sendMessage", chat_id=mallory.id, text="ещё", reply_markup=keys, reply_parameters={"message_id": row})
    mallory.say(EVIL)
    outside.http.post(
        f"/people/{mallory.id}/upload",
        files={"file": (f"{EVIL}.html", b"<script>window.pwned=1</script>", "text/html")},
    )
    expect(mallory.page.locator(".file-name")).to_contain_text("onerror")
    expect(mallory.message(row).locator(".words")).to_contain_text(EVIL)
    expect(mallory.page.locator(f'[data-person="{mallory.id}"]')).to_contain_text(EVIL)
    expect(mallory.page.locator('img[src="x"]')).to_have_count(0)
    assert mallory.page.evaluate("window.pwned") is None
    links = ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "https://example.org"]
    safe = mallory.page.evaluate("async (links) => links.map((await import('/page/dom.js')).safeLink)", links)
    assert safe == [None, None, None, None, "https://example.org/"]


def test_two_people_live_in_two_tabs_and_drafts_wait(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    igor = Person(outside.newcomer("Игорь"), "Игорь", olga.page)
    olga.page.fill("#composer", "недописано")
    outside.tells(igor, "Вам пришёл ответ")
    tab = olga.page.get_by_role("tab", name="Игорь, 1 новое сообщение")
    tab.click()
    expect(olga.page.get_by_role("log")).to_contain_text("Вам пришёл ответ")
    expect(olga.page.locator("#composer")).to_have_value("")
    igor.say("Спасибо")
    assert outside.hears(igor)["text"] == "Спасибо"
    olga.page.locator(f'[data-person="{olga.id}"]').click()
    expect(olga.page.locator("#composer")).to_have_value("недописано")
    expect(olga.page.get_by_role("log")).not_to_contain_text("Спасибо")


def test_everything_goes_by_keyboard(outside: Outside, arrive: Arrive) -> None:
    olga = arrive()
    commands = [{"command": "start", "description": "сначала"}, {"command": "status", "description": "статус"}]
    outside.bot("setMyCommands", commands=commands, scope={"type": "chat", "chat_id": olga.id})
    olga.page.reload()
    page = olga.page
    expect(page.locator("#composer")).to_be_focused()
    expect(page.locator("#commands-button")).to_be_visible()
    page.keyboard.type("/stat")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    assert outside.hears(olga)["text"] == "/status"
    olga.say("телефн")
    sent = outside.hears(olga)["message_id"]
    expect(olga.message(sent)).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#composer")).to_have_value("телефн")
    olga.say("телефон")
    assert outside.hears(olga, "edited_message")["text"] == "телефон"
    expect(olga.message(sent)).to_contain_text("телефон")
    page.locator("#feed").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Ответить").press("Enter")
    olga.say("и почта")
    assert outside.hears(olga)["reply_to_message"]["message_id"] == sent
    expect(page.locator("article").filter(has_text="и почта")).to_be_visible()
    page.locator("#feed").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("article").filter(has_text="и почта")).to_have_count(0)


def test_a_place_has_its_name_and_what_is_pinned_stands_at_the_top(outside: Outside, arrive: Arrive) -> None:
    olga = arrive(size={"width": 360, "height": 700})
    slip = outside.tells(olga, "Сегодня приём в 9:40, кабинет 214\nПоликлиника № 3, ул. Мира, 5")
    address = "ул. Мира, 5" + "ы" * 120
    where = {"latitude": 56.8, "longitude": 60.6, "title": EVIL, "address": address}
    place = outside.bot("sendVenue", chat_id=olga.id, **where)["message_id"]
    expect(olga.message(place).locator(".venue-title")).to_have_text(EVIL)
    expect(olga.message(place)).to_contain_text(address)
    outside.bot("pinChatMessage", chat_id=olga.id, message_id=slip, disable_notification=True)
    expect(olga.page.locator("#pinned")).to_contain_text("Сегодня приём в 9:40")
    assert olga.page.evaluate("document.documentElement.scrollWidth") <= 360
    outside.bot("unpinChatMessage", chat_id=olga.id, message_id=slip)
    expect(olga.page.locator("#pinned")).to_be_hidden()
