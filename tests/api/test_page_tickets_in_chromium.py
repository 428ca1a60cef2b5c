"""A citizen's requests on a phone, with and without JavaScript: from the first word to the rating, nothing is cut off or lost."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, async_playwright, expect

from core.domain.actor import Citizen, Role, Staff
from core.domain.page import Place
from core.domain.ticket import Ticket, TicketState
from core.services.staff import AddStaff
from core.services.ticket import AnswerTicket, AskInTicket, ListTickets, ViewTicket
from tests.api.clinics import with_card
from tests.api.office import Office, picture
from tests.api.pages import Visitor, call
from tests.api.test_desk_in_chromium import ARGUMENTS, served
from tests.api.test_page_in_chromium import pictured
from tests.services import chromium as chromium_path

pytestmark = pytest.mark.needs_chromium
WORDS = "Не приходит код <b>по СМС</b>, хотя номер верный. " + "Оченьдлинноеслово" * 12
PAPER = ("очень длинное имя файла без пробелов".replace(" ", "_") * 2 + ".png", picture())
WAYS = [pytest.param(True, "light", id="script-light"), pytest.param(False, "dark", id="plain-dark")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where pictures are kept."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@asynccontextmanager
async def on_a_phone(office: Office, *, script: bool, scheme: str) -> AsyncIterator[Page]:
    """A browser of 360 points. Whatever it complains of fails the test."""
    complaints: list[str] = []
    async with served(office.app) as address, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        context = await chromium.new_context(
            base_url=address,
            locale="ru-RU",
            viewport={"width": 360, "height": 740},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            accept_downloads=True,
        )
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "warning" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        await chromium.close()
    assert complaints == []


async def enters(page: Page, anna: Visitor) -> None:
    """Through a fresh link of the chat and the second factor to the list."""
    await page.goto(await anna.link(Place.TICKETS))
    await page.get_by_role("button", name="Открыть", exact=True).click()
    await page.get_by_label("Код", exact=True).fill(anna.code())
    await page.get_by_role("button", name="Открыть разделы").click()
    await expect(page.locator("h1")).to_have_text("Обращения")


async def of(office: Office, citizen: Citizen) -> Ticket:
    found: Ticket = (await call(office, ListTickets, citizen)).tickets[0]  # type: ignore[attr-defined]
    return found


async def an_operator(office: Office) -> Staff:
    added = await call(office, AddStaff, "vera.operator", "Вера", Role.OPERATOR)
    return Staff(added.id, Role.OPERATOR)  # type: ignore[attr-defined]


def image(folder: Path, name: str, content: bytes = b"") -> Path:
    (folder / name).write_bytes(content or picture())
    return folder / name


async def said(page: Page, text: str) -> None:
    await expect(page.get_by_role("status").first).to_contain_text(text)


@pytest.mark.parametrize(("script", "scheme"), WAYS)
async def test_a_request_from_the_first_word_to_the_rating(
    office: Office, folder: Path, tmp_path: Path, script: bool, scheme: str
) -> None:
    async with (
        Visitor(office, await with_card(office)) as anna,
        on_a_phone(office, script=script, scheme=scheme) as page,
    ):
        await anna.has_factor()
        vera = await an_operator(office)
        await enters(page, anna)
        await expect(page.get_by_text("Обращений пока нет")).to_be_visible()
        await pictured(page, folder, f"tickets-none-{scheme}")
        await page.get_by_role("link", name="Новое обращение").click()
        await page.get_by_label("Тема").select_option("security")
        await page.get_by_label("Что случилось").fill("Ой")
        await page.get_by_role("button", name="Дальше").click()
        await expect(page.get_by_text("от 10 до 3000 знаков. Например")).to_be_visible()
        await pictured(page, folder, f"tickets-new-wrong-{scheme}")
        await page.get_by_label("Что случилось").fill(WORDS)
        await page.get_by_label("Фото и документы").set_input_files([image(tmp_path, PAPER[0])])
        await page.get_by_role("button", name="Дальше").click()
        await pictured(page, folder, f"tickets-check-{scheme}")
        await page.get_by_role("button", name="Отправить").click()
        await said(page, "Обращение отправлено")
        await pictured(page, folder, f"tickets-sent-{scheme}")
        ticket = await of(office, anna.citizen)

        # A paper is asked for, with a form to fill in; it comes, and a wrong one leaves the words where they were.
        await call(office, AskInTicket, vera, ticket.id, "Пришлите снимок экрана по <образцу>.", "key-1", [PAPER])
        await page.goto("/my/tickets")
        await page.get_by_role("link", name=ticket.number).click()
        await expect(page.get_by_text("Специалист ждёт вашего ответа или документа")).to_be_visible()
        async with page.expect_download() as getting:
            await page.get_by_role("link", name=PAPER[0]).last.click()
        got = await getting.value
        assert got.suggested_filename == PAPER[0]
        await pictured(page, folder, f"tickets-asked-{scheme}")
        words, files = page.get_by_label("Напишите, что добавить"), page.get_by_label("Фото и документы")
        await words.fill("Вот снимок")
        await files.set_input_files([image(tmp_path, "первый.png"), image(tmp_path, "не снимок.png", b"MZ program")])
        await page.get_by_role("button", name="Отправить").click()
        await expect(words).to_have_value("Вот снимок")
        await expect(files).to_have_accessible_description(re.compile("PDF, JPG или PNG"))
        await expect(page.get_by_role("link", name="первый.png")).to_have_count(0)
        await pictured(page, folder, f"tickets-wrong-file-{scheme}")
        await files.set_input_files([image(tmp_path, "первый.png"), image(tmp_path, "второй.png")])
        await page.get_by_role("button", name="Отправить").click()
        await said(page, "Добавили в обращение")
        await expect(page.get_by_role("link", name="второй.png")).to_be_visible()
        view = await call(office, ViewTicket, anna.citizen, ticket.id)
        answered = view.remarks[-2]  # type: ignore[attr-defined]
        assert (answered.text, len(answered.files)) == ("Вот снимок", 2)
        assert view.ticket.state is TicketState.IN_WORK  # type: ignore[attr-defined]

        # Answered, rated with words, closed, opened again until the fourteenth day, and then no more.
        await call(office, AnswerTicket, vera, ticket.id, "Номер исправили.", "key-2")
        await page.reload()
        await expect(page.get_by_text("Номер исправили.")).to_be_visible()
        await page.get_by_label("Как мы справились").select_option("4")
        await page.get_by_label("Хотите добавить пару слов").fill("Помогли быстро")
        await page.get_by_role("button", name="Оценить").click()
        await said(page, "Спасибо")
        await expect(page.get_by_label("Как мы справились")).to_have_value("4")
        await expect(page.get_by_label("Хотите добавить пару слов")).to_have_value("Помогли быстро")
        await page.get_by_role("button", name="Вопрос решён").click()
        await said(page, "Обращение закрыто")
        await pictured(page, folder, f"tickets-closed-{scheme}")
        office.clock.passes(days=13)
        await enters(page, anna)
        await page.get_by_role("link", name=ticket.number).click()
        await page.get_by_role("button", name="Открыть снова").click()
        await expect(page.get_by_role("alert")).to_contain_text("хотя бы слово")
        await page.get_by_label("Напишите, что осталось").fill("Снова не приходит")
        await page.get_by_role("button", name="Открыть снова").click()
        await said(page, "снова в обработке")
        await page.get_by_role("button", name="Вопрос решён").click()
        await said(page, "Обращение закрыто")
        office.clock.passes(days=15)
        await enters(page, anna)
        await pictured(page, folder, f"tickets-list-{scheme}")
        await page.get_by_role("link", name=ticket.number).click()
        await expect(page.get_by_text("больше 14 дней назад")).to_be_visible()
        await expect(page.get_by_role("button", name="Открыть снова")).to_have_count(0)
        await pictured(page, folder, f"tickets-over-{scheme}")


async def test_a_form_that_a_bad_line_sends_twice_is_there_once(office: Office, tmp_path: Path) -> None:
    async with (
        Visitor(office, await with_card(office)) as anna,
        on_a_phone(office, script=False, scheme="light") as page,
    ):
        await anna.has_factor()
        await enters(page, anna)
        await page.get_by_role("link", name="Новое обращение").click()
        await page.get_by_label("Что случилось").fill(WORDS)
        await page.get_by_role("button", name="Дальше").click()
        await page.get_by_role("button", name="Отправить").click()
        await said(page, "Обращение отправлено")

        async def twice(route: Route) -> None:
            if route.request.method == "POST":
                await route.fetch(max_redirects=0)
            await route.continue_()

        await page.route(re.compile("/(answer|reopen)$"), twice)
        await page.get_by_label("Напишите, что добавить").fill("Вот снимок")
        await page.get_by_label("Фото и документы").set_input_files([image(tmp_path, "снимок.png")])
        await page.get_by_role("button", name="Отправить").click()
        await said(page, "Добавили в обращение")
        await page.get_by_role("button", name="Вопрос решён").click()
        await page.get_by_label("Напишите, что осталось").fill("Нет, не решён")
        await page.get_by_role("button", name="Открыть снова").click()
        await said(page, "снова в обработке")
        await expect(page.get_by_text("Вот снимок")).to_have_count(1)
        await expect(page.get_by_role("link", name="снимок.png")).to_have_count(1)
        await expect(page.get_by_text("Нет, не решён")).to_have_count(1)
