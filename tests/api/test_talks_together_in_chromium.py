"""Two at one conversation, and a page that was away or may see less: what is on the screen follows, what was typed stays."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route, expect

from core.domain.actor import Role, Staff
from core.domain.ids import ConversationId, TeamId
from core.domain.staff import StaffMembers
from core.ports import Transaction
from core.services.conversation import TransferConversation
from tests.api.chatting import Sitting, Talking, live, seated, shot
from tests.api.listening import group, moved
from tests.api.office import Office

pytestmark = pytest.mark.needs_chromium
KNOWN = ("404 (Not Found)", "401 (Unauthorized)")
SAID = """() => {
  window.said = [];
  const place = document.querySelector("[data-status]");
  new MutationObserver(() => place.textContent && window.said.push(place.textContent)).observe(place, { childList: true });
}"""
"""Keeps what a screen reader is told."""


@pytest.fixture
def talking(office: Office) -> Talking:
    return Talking(office)


@pytest.fixture
async def sitting(office: Office) -> AsyncIterator[Sitting]:
    """The operator Зоя Лаптева; there is the senior Игорь Сомов too."""
    await office.hires("igor", Role.SENIOR, name="Игорь Сомов")
    async with seated(office, "zoya", Role.OPERATOR, "Зоя Лаптева", known=KNOWN) as sitting:
        yield sitting


async def member(office: Office, login: str) -> Staff:
    """Return somebody whom the office has hired."""
    async with office.container() as inside:
        members = await inside.get(StaffMembers)
        async with (await inside.get(Transaction)).looking():
            found = await members.by_login(login)
    assert found is not None
    return found.actor


async def colleague(office: Office, sitting: Sitting) -> Sitting:
    """The senior sits down at another desk."""
    async with office.browser() as browser:
        await browser.sits(office, "igor")
        return Sitting(sitting.chromium, sitting.address, browser.cookies["medkarta_desk"])


async def both(office: Office, sitting: Sitting, conversation: ConversationId, **how: object) -> tuple[Page, Page]:
    """Both look at one conversation."""
    pages = await sitting.page(**how), await (await colleague(office, sitting)).page(**how)
    await pages[1].clock.install()
    for page in pages:
        await live(page, f"/desk/talks/{conversation}")
    return pages


async def test_each_sees_that_the_other_writes_and_hears_of_it_once(
    office: Office, sitting: Sitting, talking: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.TYPING_EVERY_S", 0.0)
    _, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    hers, his = await both(office, sitting, conversation)
    await hers.evaluate(SAID)
    for words in ("Похоже", " на сбой", " связи"):
        async with his.expect_response("**/typing"):
            await his.get_by_role("textbox", name="Заметка").press_sequentially(words)
        await expect(hers.locator("[data-writes]")).to_have_text("Игорь Сомов печатает…")
        await his.clock.fast_forward(4_500)  # a page tells of it every four seconds at most
    await hers.wait_for_function("window.said.length")
    assert await hers.evaluate("window.said") == ["Игорь Сомов печатает…"]
    await expect(his.locator("[data-writes]")).to_be_empty()
    await shot(hers, "writes")
    await expect(hers.locator("[data-writes]")).to_be_empty()  # some seconds after the last key
    await hers.get_by_role("textbox", name="Ответ человеку").press_sequentially("Смотрю")
    await expect(his.locator("[data-writes]")).to_have_text("Зоя Лаптева печатает…")
    await hers.keyboard.press("Enter")
    await expect(his.locator(".line.operator")).to_contain_text("Смотрю")
    await expect(his.locator("[data-writes]")).to_be_empty()


async def test_nobody_is_told_of_another_conversation(office: Office, sitting: Sitting, talking: Talking) -> None:
    citizen, first = await talking.calls()
    _, second = await talking.calls("Борис", "Тихий")
    await talking.claims("zoya", first)
    hers, his = await both(office, sitting, first)
    await hers.evaluate(SAID)
    await live(his, f"/desk/talks/{second}")
    async with his.expect_response("**/typing"):
        await his.get_by_role("textbox", name="Заметка").press_sequentially("Вижу")
    await talking.says(citizen, "Я тут")
    await expect(hers.locator(".line.citizen").last).to_contain_text("Я тут")
    await expect(hers.locator("[data-status]")).to_have_text("Я тут")
    assert await hers.evaluate("window.said") == ["Я тут"]
    await expect(hers.locator("[data-writes]")).to_be_empty()


@pytest.mark.parametrize("how", ["handed on", "another group"])
async def test_a_conversation_that_was_taken_away_leaves_the_screen_and_the_words_stay(
    office: Office, sitting: Sitting, talking: Talking, how: str
) -> None:
    own, other = await group(office, "Своя"), await group(office, "Другая")
    zoya = await member(office, "zoya")
    await moved(office, zoya.staff, own)
    _, conversation = await talking.calls()
    await hands(office, conversation, own)
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    await page.get_by_role("textbox", name="Заметка").fill("Спросить у второй линии")
    await expect(page.locator(".line.citizen")).to_contain_text("Не пришёл код")
    if how == "handed on":
        await hands(office, conversation, other)
    else:
        await moved(office, zoya.staff, other)
    await expect(page.get_by_role("alert")).to_contain_text("вам больше не виден")
    await expect(page.get_by_text("Не пришёл код")).to_have_count(0)
    await expect(page.get_by_text("Анна И.")).to_have_count(0)
    await expect(page.get_by_label("Вы не успели отправить")).to_have_value("Спросить у второй линии")
    await shot(page, f"lost-{how.split(maxsplit=1)[0]}")
    assert page.url.endswith("/desk/talks")
    await expect(page.locator("[data-live]")).to_have_attribute("data-live", "on")


async def test_a_page_that_was_away_too_long_reads_everything_anew(
    sitting: Sitting, talking: Talking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.BEHIND", 2)
    citizen, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page, gate = await sitting.page(), asyncio.Event()

    async def waits(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route("**/api/v1/events*", waits)
    async with page.expect_response("**/read"):  # what it tells by itself it has told
        await page.goto(f"/desk/talks/{conversation}")
    for text in ("раз", "два", "три"):
        await talking.says(citizen, text)
    await talking.calls("Борис", "Тихий", words="А меня?")
    await expect(page.locator(".line.citizen .said")).to_have_text(["Не пришёл код"])
    gate.set()
    await expect(page.locator(".line.citizen .said")).to_have_text(["Не пришёл код", "раз", "два", "три"])
    await expect(page).to_have_title("(1) Анна И. · Медкарта")
    await talking.says(citizen, "четыре")
    await expect(page.locator(".line.citizen .said").last).to_have_text("четыре")


async def test_a_session_that_ended_says_so_and_the_words_stay(
    office: Office, sitting: Sitting, talking: Talking
) -> None:
    _, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page, asked = await sitting.page(), list[str]()
    page.on("request", lambda request: asked.append(request.url) if "/events" in request.url else None)
    await live(page, f"/desk/talks/{conversation}")
    field = page.get_by_role("textbox", name="Ответ человеку")
    async with page.expect_response("**/draft"):
        await field.fill("Не закончил")
    async with office.container() as inside:
        members = await inside.get(StaffMembers)
        async with await inside.get(Transaction):
            await members.close_session(sitting.session)
    await expect(page.locator("[data-live]")).to_have_text("Сеанс закончился. Войдите снова")
    await expect(field).to_have_value("Не закончил")
    await field.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Войдите снова")
    await expect(field).to_have_value("Не закончил")
    await shot(page, "gone")
    assert len(asked) == 1  # nobody knocks at a door that is shut


async def hands(office: Office, conversation: ConversationId, team: TeamId) -> None:
    """The senior hands it on to a group."""
    actor = await member(office, "igor")
    async with office.container() as inside:
        await (await inside.get(TransferConversation))(actor, conversation, team=team)


async def test_what_was_typed_as_a_note_before_the_conversation_was_taken_stays_a_note(
    sitting: Sitting, talking: Talking
) -> None:
    _, conversation = await talking.calls()
    page = await sitting.page()
    await live(page, f"/desk/talks/{conversation}")
    await page.get_by_role("textbox", name="Заметка").fill("Не верит, что это мы")
    await page.locator("main").get_by_role("button", name="Взять").first.click()
    note = page.get_by_role("textbox", name="Заметка")
    await expect(note).to_be_enabled()
    await expect(page.get_by_role("checkbox", name="Заметка")).to_be_enabled()
    await expect(note).to_have_value("Не верит, что это мы")
    await page.keyboard.press("Escape")
    await note.press("Enter")
    await expect(page.locator("[data-line]").last).to_contain_text("Не верит, что это мы")
    await expect(page.locator("[data-line]").last).to_have_attribute("data-side", "note")


async def answers_slowly(sitting: Sitting, talking: Talking) -> tuple[Page, asyncio.Event]:
    """Return a conversation of hers in which answers stay under way until the event."""
    _, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page, under_way = await sitting.page(), asyncio.Event()
    await live(page, f"/desk/talks/{conversation}")

    async def hold(route: Route) -> None:
        await under_way.wait()
        await route.continue_()

    await page.route("**/say", hold)
    return page, under_way


async def test_whoever_left_the_field_while_an_answer_is_under_way_is_not_pulled_back(
    sitting: Sitting, talking: Talking
) -> None:
    page, under_way = await answers_slowly(sitting, talking)
    answer = page.get_by_role("textbox", name="Ответ человеку")
    for words in ("Смотрю.", "Нашла."):
        await answer.fill(words)
        await answer.press("Enter")
    await page.keyboard.press("Escape")
    under_way.set()
    await expect(page.locator(".line.operator").last).to_contain_text("Нашла.")
    await expect(answer).not_to_be_focused()
    await page.keyboard.press("n")
    note = page.get_by_role("textbox", name="Заметка")
    await expect(note).to_be_focused()
    await expect(note).to_have_value("")


async def test_a_note_that_waits_for_the_answer_before_it_stays_a_note(sitting: Sitting, talking: Talking) -> None:
    page, under_way = await answers_slowly(sitting, talking)
    answer = page.get_by_role("textbox", name="Ответ человеку")
    await answer.fill("Смотрю.")
    await answer.press("Enter")
    await page.get_by_role("checkbox", name="Заметка").check()
    note = page.get_by_role("textbox", name="Заметка")
    await note.fill("Не верит, что это мы")
    await note.press("Enter")
    await page.get_by_role("checkbox", name="Заметка").uncheck()
    under_way.set()
    await expect(page.locator(".line.note")).to_contain_text("Не верит")
    await expect(page.locator(".line.operator")).to_have_count(1)


async def test_a_list_that_was_prolonged_while_it_was_asked_for_keeps_its_length(
    sitting: Sitting, talking: Talking
) -> None:
    await talking.waits(60)
    page, asked, answered = await sitting.page(), asyncio.Event(), asyncio.Event()
    await live(page, "/desk/talks")
    rows = page.locator("[data-rows] > li")

    async def hold(route: Route) -> None:
        if "x-unattended" not in route.request.headers:
            await route.continue_()
            return
        answer = await route.fetch()
        asked.set()
        await answered.wait()
        await route.fulfill(response=answer)

    await page.route("**/desk/talks?*", hold)
    await talking.calls()
    await asked.wait()
    await page.get_by_role("link", name="Показать ещё").click()
    await expect(rows).to_have_count(60)
    answered.set()
    await expect(page).to_have_title("(61) Разговоры · Медкарта")
    await expect(rows).to_have_count(60)


async def test_a_row_that_was_asked_for_again_is_called_by_what_it_says(sitting: Sitting, talking: Talking) -> None:
    citizen, _ = await talking.calls()
    page = await sitting.page()
    await live(page, "/desk/talks")
    await talking.says(citizen, "Алло")
    await expect(page.get_by_role("link", name=re.compile("Анна И.*Алло"))).to_be_visible()
