"""The desk of conversations as an operator has it: a real browser, a real stream, the content security policy in force."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from core.domain.actor import Role
from tests.api.chatting import Sitting, Talking, fits, heard, listens, live, shot, sits
from tests.api.clinics import with_card
from tests.api.office import Office, picture
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
REFUSED = ("409 (Conflict)", "422 (Unprocessable", "ERR_FAILED")
"""The browser notes every refused call; the page says it to the operator, which is what the tests look at."""
LONG = "Слово " * 600


@pytest.fixture
def talking(office: Office) -> Talking:
    return Talking(office)


@pytest.fixture
async def sitting(office: Office) -> AsyncIterator[Sitting]:
    """The operator Зоя Лаптева. Whatever the browser complains of fails the test."""
    await office.hires("igor", Role.SENIOR, name="Игорь Сомов")
    async with (
        served(office.app) as address,
        heard(office),
        async_playwright() as playwright,
        office.browser() as browser,
    ):
        session = await sits(office, browser, "zoya", Role.OPERATOR, "Зоя Лаптева")
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        sitting = Sitting(chromium, address, session)
        yield sitting
        await chromium.close()
    assert [each for each in sitting.complaints if not any(known in each for known in REFUSED)] == []


def rows(page: Page) -> Locator:
    return page.locator("[data-rows] > li")


async def test_nobody_three_and_five_hundred(sitting: Sitting, talking: Talking):
    page = await sitting.page()
    await live(page, "/desk/talks")
    await expect(page.get_by_text("Никто не ждёт")).to_be_visible()
    await shot(page, "talks-0")
    for name in ("Анна", "Константин-Александр", "Щ" * 60):
        await talking.calls(name, words=LONG)
    await expect(rows(page)).to_have_count(3)
    await expect(page.get_by_text("Никто не ждёт")).to_be_hidden()
    await expect(page).to_have_title("(3) Разговоры · Медкарта")
    assert await fits(page)
    await shot(page, "talks-3")
    await talking.waits(497)
    await page.reload()
    await listens(page)
    await expect(rows(page)).to_have_count(50)
    await page.get_by_role("link", name="Показать ещё").click()
    await expect(rows(page)).to_have_count(100)
    await expect(rows(page).nth(50).get_by_role("link")).to_be_focused()
    await shot(page, "talks-500")
    assert await fits(page)


async def test_by_keys_from_the_queue_to_the_end(sitting: Sitting, talking: Talking):
    citizen, _ = await talking.calls()
    page = await sitting.page()
    await live(page, "/desk/talks")
    off, here = (page.get_by_role("button", name=name, exact=True) for name in ("Не работаю", "На месте"))
    await off.click()
    await expect(off).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("j")
    await expect(rows(page).first.get_by_role("link")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Анна И.").first).to_be_focused()
    await page.keyboard.press("a")
    await expect(page.locator("[data-head]")).to_contain_text("Ваш разговор")
    await expect(here).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("r")
    await expect(page.get_by_role("textbox", name="Ответ человеку")).to_be_focused()
    await page.keyboard.type("Здравствуйте, Анна. Смотрю.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.operator")).to_contain_text("Смотрю.")
    await expect(page.locator(".line.operator .delivery")).to_contain_text("отправляется")
    await expect(page.get_by_role("textbox", name="Ответ человеку")).to_have_value("")
    await talking.says(citizen, "Спасибо, жду")
    await expect(page.locator(".line.citizen").last).to_contain_text("Спасибо, жду")
    await expect(page.locator("[data-status]")).to_have_text("Спасибо, жду")
    await shot(page, "talks-conversation")
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await page.keyboard.type("Похоже на сбой связи")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.note")).to_contain_text("Похоже на сбой связи")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    await shot(page, "talks-keys")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(page.get_by_role("button", name="Завершить разговор")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-head]")).to_contain_text("Завершён")
    await expect(page.get_by_text("Разговор завершён. Можно оставить заметку")).to_be_visible()


async def test_what_came_meanwhile_is_read_before_the_answer_leaves(sitting: Sitting, talking: Talking):
    citizen, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await page.route("**/api/v1/events*", lambda route: route.abort())
    await page.goto(f"/desk/talks/{conversation}")
    await page.locator('[data-ready="1"]').wait_for()
    await talking.says(citizen, "Уже пришёл, не надо")
    field = page.get_by_role("textbox", name="Ответ человеку")
    await field.fill("Отправляю код ещё раз")
    await field.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("пришли новые сообщения: 1")
    await expect(page.locator(".line.citizen").last).to_contain_text("Уже пришёл")
    await expect(field).to_have_value("Отправляю код ещё раз")
    await expect(page.locator(".line.operator")).to_have_count(0)
    await shot(page, "talks-stale")
    await field.press("Enter")
    await expect(page.locator(".line.operator")).to_have_count(1)


async def test_who_is_second_reads_by_whom_it_was_taken(sitting: Sitting, talking: Talking):
    _, conversation = await talking.calls()
    page = await sitting.page()
    await page.route("**/api/v1/events*", lambda route: route.abort())
    await page.goto(f"/desk/talks/{conversation}")
    await page.locator('[data-ready="1"]').wait_for()
    await talking.claims("igor", conversation)
    await page.get_by_role("button", name="Взять разговор").click()
    await expect(page.get_by_role("alert")).to_contain_text("Игорь Сомов")
    await expect(page.locator("[data-head]")).to_contain_text("Ведёт Игорь Сомов")
    await expect(page.get_by_role("button", name="Взять разговор")).to_have_count(0)


async def test_a_break_misses_nothing_and_doubles_nothing(sitting: Sitting, talking: Talking):
    citizen, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await page.route("**/api/v1/events*", lambda route: route.abort())
    await page.goto(f"/desk/talks/{conversation}")
    await expect(page.get_by_text("Связь прервалась")).to_be_visible()
    for text in ("раз", "два", "три"):
        await talking.says(citizen, text)
    await page.unroute("**/api/v1/events*")
    await expect(page.get_by_text("Обновляется само")).to_be_visible()
    await talking.says(citizen, "четыре")
    await expect(page.locator(".line.citizen .said")).to_have_text(["Не пришёл код", "раз", "два", "три", "четыре"])


async def test_nothing_hostile_runs_and_all_of_it_can_be_read(sitting: Sitting, talking: Talking):
    evil = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
    citizen, conversation = await talking.calls(evil, words=f"{evil} {{{{7*7}}}}")
    await talking.says(citizen, "", file=(f'"{evil}.png', "image/png", picture()))
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    await expect(page.locator(".line.citizen .said").first).to_have_text(f"{evil} {{{{7*7}}}}")
    await talking.says(citizen, evil)
    await expect(page.locator(".line.citizen .said").last).to_have_text(evil)
    image = page.locator(".line img")
    await expect(image).to_have_count(1)
    await page.wait_for_function("document.querySelector('.line img').naturalWidth > 0")
    await image.click()
    await expect(page.get_by_role("dialog", name="Картинка")).to_be_visible()
    await shot(page, "talks-picture")
    await page.keyboard.press("Escape")
    assert await page.evaluate("window.ran") is None
    assert await fits(page)


async def test_a_draft_outlives_a_reload(sitting: Sitting, talking: Talking):
    _, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    field = page.get_by_role("textbox", name="Ответ человеку")
    async with page.expect_response("**/draft") as kept, page.expect_response("**/typing") as told:
        await field.fill("Начал и не закончил")  # one draft: letter by letter there may be several
    assert [(await kept.value).status, (await told.value).status] == [200, 200]
    await page.reload()
    await expect(field).to_have_value("Начал и не закончил")


async def test_an_identifier_is_shown_to_whoever_says_why(office: Office, sitting: Sitting, talking: Talking):
    conversation = await talking.call_of(await with_card(office))
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    aside = page.get_by_role("complementary", name="Человек")
    await expect(aside).to_contain_text("оформлял карту")
    snils = aside.locator(".facts > div", has_text="СНИЛС")
    masked = await snils.locator("dd > span").inner_text()
    await snils.get_by_text("Показать", exact=True).click()
    await snils.get_by_label("Зачем").fill("сверить номер при звонке")
    await shot(page, "talks-person")
    await snils.get_by_role("button", name="Показать номер").click()
    await expect(snils.locator("strong")).to_have_text(re.compile(r"^[0-9 -]{11,14}$"))
    await expect(snils.locator("strong")).to_be_visible()
    assert "•" in masked or "*" in masked


async def test_a_ready_answer_and_an_article_are_put_in_by_a_slash(office: Office, sitting: Sitting, talking: Talking):
    await talking.readies("код", "Код из СМС", "{name}, код приходит до пяти минут. {operator}")
    _, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    field = page.get_by_role("textbox", name="Ответ человеку")
    await field.press_sequentially("Добрый день. /код")
    await expect(page.get_by_role("option", name="Код из СМС")).to_have_attribute("aria-selected", "true")
    await shot(page, "talks-offers")
    await field.press("Enter")
    await expect(field).to_have_value("Добрый день. Анна, код приходит до пяти минут. Зоя")


async def test_a_request_is_made_of_a_conversation_and_answered(sitting: Sitting, talking: Talking):
    _, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    await page.get_by_text("Создать обращение").click()
    await page.get_by_label("Суть вопроса").fill("Код не приходит на новый номер")
    await page.get_by_role("button", name="Создать", exact=True).click()
    await expect(page.get_by_text("Об этом разговор")).to_be_visible()
    await live(page, "/desk/tickets")
    await shot(page, "tickets")
    await page.keyboard.press("j")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.locator('[data-ready="1"]').wait_for()
    await page.get_by_role("textbox", name="Ответ человеку").fill("Номер исправлен, код придёт.")
    await page.get_by_role("button", name="Ответить").click()
    await expect(page.locator("[data-head]")).to_contain_text("есть ответ")
    await expect(page.locator(".line.operator")).to_contain_text("Номер исправлен")
    await shot(page, "ticket")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(page.locator("[data-head]")).to_contain_text("закрыто")
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(SMALL) == []


async def test_it_works_without_script(sitting: Sitting, talking: Talking):
    _, conversation = await talking.calls()
    page = await sitting.page(java_script_enabled=False)
    await page.goto("/desk/talks")
    await rows(page).first.get_by_role("link").click()
    await page.get_by_role("button", name="Взять разговор").click()
    await expect(page.locator("[data-head]")).to_contain_text("Ваш разговор")
    await page.get_by_role("textbox", name="Ответ человеку").fill("Здравствуйте")
    await page.get_by_role("button", name="Отправить", exact=True).click()
    await expect(page.locator(".line.operator")).to_contain_text("Здравствуйте")
    assert str(conversation) in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "width", "height"), [("wide", 1440, 900), ("tablet", 1024, 768), ("zoomed", 640, 450)]
)
async def test_everything_can_be_reached_at_every_size(
    sitting: Sitting, talking: Talking, scheme: str, name: str, width: int, height: int
):
    citizen, conversation = await talking.calls(words=LONG[:900])
    await talking.claims("zoya", conversation)
    await talking.says(citizen, "Вот", file=("снимок.png", "image/png", picture()))
    page = await sitting.page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    await live(page, f"/desk/talks/{conversation}")
    await shot(page, f"talks-{name}-{scheme}")
    assert await fits(page)
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(SMALL) == []


NAMELESS = """[...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, img, audio")]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.getAttribute("aria-label") || each.alt || each.textContent.trim() || each.querySelector("img[alt]")
    || (each.labels && [...each.labels].some((label) => label.textContent.trim()))))
  .map((each) => each.outerHTML.slice(0, 120))"""
"""Controls that a screen reader has no name for."""
SMALL = """[...document.querySelectorAll("button, summary, a:not(.quote), input:not([type=hidden], [type=file])")]
  .filter((each) => each.closest(".work"))
  .filter((each) => each.checkVisibility() && !each.closest("label, p, .said"))
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.height < 23.5 || box.width < 23.5)
  .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
"""Targets under 24 by 24 pixels (WCAG 2.2, 2.5.8); links within a sentence are free of it."""
