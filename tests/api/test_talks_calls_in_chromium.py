"""What the desk calls with: a sound and a notification, once for what is new, and not where they were turned off."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from core.domain.actor import Role
from core.domain.sla import Limits
from core.services.sla import SetLimits
from tests.api.chatting import Sitting, Talking, fits, listens, live, seated, shot
from tests.api.office import Office
from tests.api.test_talks_late import actor, watched

pytestmark = pytest.mark.needs_chromium
STUBS = """
window.rung = 0;
window.noted = [];
window.away = false;
Object.defineProperty(Document.prototype, "hidden", { get: () => window.away });
window.AudioContext = class {
  currentTime = 0;
  destination = {};
  createOscillator() { return { frequency: {}, connect: (next) => next, start: () => { window.rung += 1; }, stop() {} }; }
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next };
  }
};
window.Notification = class extends EventTarget {
  static permission = "PERMISSION";
  constructor(words, how) { super(); window.noted.push([words, how.tag]); }
  close() {}
};
"""
"""What sounds and what is notified is written down; `away`: the tab is hidden."""
NEW_LINE = "Новое сообщение в вашем разговоре"
LATE = {"ru": "Срок вышел", "en": "Past the limit"}


@pytest.fixture
def talking(office: Office) -> Talking:
    return Talking(office)


@pytest.fixture
async def sitting(office: Office) -> AsyncIterator[Sitting]:
    """The operator Зоя Лаптева; there is the senior Игорь Сомов too."""
    await office.hires("igor", Role.SENIOR, name="Игорь Сомов")
    async with seated(office, "zoya", Role.OPERATOR, "Зоя Лаптева") as sitting:
        yield sitting


async def opened(sitting: Sitting, address: str = "/desk/talks", permission: str = "granted", **how: object) -> Page:
    """Open the desk and touch it: before that a browser lets nothing be heard."""
    page = await sitting.page(**how)
    await page.add_init_script(STUBS.replace("PERMISSION", permission))
    await live(page, address)
    await page.get_by_role("heading", level=1).click()
    return page


async def hides(page: Page, *, away: bool = True) -> None:
    """The tab is hidden, or shown again."""
    await page.evaluate(
        "(away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }", away
    )


async def called(page: Page) -> tuple[int, list[list[str]]]:
    """Return how often it rang and what was notified, once a tab that had to ask another has its answer."""
    await page.evaluate("navigator.locks?.request('asked in turn', () => null)")
    return await page.evaluate("window.rung"), await page.evaluate("window.noted")


def row(page: Page, text: str) -> Locator:
    return page.locator("[data-rows] > li", has_text=text)


async def test_a_new_one_that_waits_rings_once(sitting: Sitting, talking: Talking) -> None:
    page = await opened(sitting)
    assert await called(page) == (0, [])
    citizen, _ = await talking.calls()
    await expect(row(page, "Не пришёл код")).to_be_visible()
    assert await called(page) == (1, [])  # whoever looks at the page needs no notification
    await talking.says(citizen, "Алло")
    await expect(row(page, "Алло")).to_be_visible()
    assert await called(page) == (1, [])
    await hides(page)
    await talking.calls("Борис", "Тихий", words="А меня?")
    await expect(row(page, "А меня?")).to_be_visible()
    assert await called(page) == (2, [["Кто-то ждёт оператора", "medkarta"]])
    await expect(page).to_have_title("(2) Разговоры · Медкарта")


async def beside(page: Page, stubs: str = "") -> Page:
    """Open the desk in one more tab of the same browser, and touch it."""
    other = await page.context.new_page()
    await other.add_init_script(STUBS.replace("PERMISSION", "granted") + stubs)
    await live(other, "/desk/talks")
    await other.get_by_role("heading", level=1).click()
    return other


async def rung(*tabs: Page) -> list[int]:
    return [(await called(page))[0] for page in tabs]


async def test_of_two_tabs_one_rings_and_the_other_once_that_is_closed(sitting: Sitting, talking: Talking) -> None:
    first = await opened(sitting)
    second = await beside(first)
    for number in range(2):
        await talking.calls(f"Анна{number}", words=f"Вопрос {number}")
        for page in (first, second):
            await expect(row(page, f"Вопрос {number}")).to_be_visible()
        assert sorted(await rung(first, second)) == [0, number + 1]
    ringing, silent = (first, second) if (await called(first))[0] else (second, first)
    await ringing.close()
    await talking.calls("Борис", words="А меня?")
    await expect(row(silent, "А меня?")).to_be_visible()
    assert await rung(silent) == [1]


async def test_where_tabs_cannot_agree_both_ring(sitting: Sitting, talking: Talking) -> None:
    without = "Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });"
    first = await opened(sitting)
    tabs = [await beside(first, without), await beside(first, without)]
    await first.close()
    await talking.calls(words="Не пришёл код")
    for page in tabs:
        await expect(row(page, "Не пришёл код")).to_be_visible()
    assert await rung(*tabs) == [1, 1]


async def test_a_citizens_line_rings_once_while_nobody_looks(sitting: Sitting, talking: Talking) -> None:
    citizen, conversation = await talking.calls()
    await talking.claims("zoya", conversation)
    page = await opened(sitting, f"/desk/talks/{conversation}")
    await expect(page).to_have_title("Анна И. · Медкарта")  # what stood there is read
    await hides(page)
    await talking.says(citizen, "Алло")
    await expect(page).to_have_title("(1) Анна И. · Медкарта")
    assert await called(page) == (1, [[NEW_LINE, "medkarta"]])
    await talking.calls("Борис", "Тихий", words="А меня?")  # the list is read anew
    await expect(page).to_have_title("(2) Анна И. · Медкарта")
    assert (await called(page))[1] == [[words, "medkarta"] for words in (NEW_LINE, "Кто-то ждёт оператора")]
    await hides(page, away=False)
    await expect(page).to_have_title("(1) Анна И. · Медкарта")
    await talking.says(citizen, "Вы тут?")
    await expect(row(page, "Вы тут?")).to_be_visible()
    assert (await called(page))[0] == 2


@pytest.mark.parametrize("look", [("ru", "light", 1440), ("en", "dark", 820)])
async def test_a_limit_that_is_over_rings_once_and_has_a_place_of_its_own(
    office: Office, sitting: Sitting, talking: Talking, look: tuple[str, str, int]
) -> None:
    language, scheme, width = look
    await office.hires("olga", Role.ADMINISTRATOR, name="Ольга Ким")
    named = Limits(conversation=timedelta(minutes=5), staff=(await actor(office, "igor")).staff)
    async with office.container() as inside:
        await (await inside.get(SetLimits))(await actor(office, "olga"), named)
    await talking.calls()
    await watched(office)
    page = await opened(
        sitting, f"/desk/talks?language={language}", color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    tab = page.locator("[data-tabs]").get_by_role("link", name=LATE[language])
    await expect(tab).to_have_count(0)
    await watched(office, minutes=6)
    await expect(tab).to_contain_text("1")
    assert (await called(page))[0] == 1
    await tab.click()
    await expect(page.locator("[data-rows] > li")).to_have_count(1)
    await page.locator("[data-rows] > li a").click()
    await expect(page.locator(".line.note")).to_contain_text("Игорь Сомов")
    await shot(page, f"late-{language}-{scheme}-{width}")
    assert await fits(page)


@pytest.mark.parametrize("permission", ["default", "denied"])
async def test_what_was_turned_off_stays_off(sitting: Sitting, talking: Talking, permission: str) -> None:
    page = await opened(sitting, permission=permission)
    sound = page.locator("[data-sound]")
    await expect(sound).to_have_attribute("aria-pressed", "true")
    await sound.click()
    for _ in range(2):
        await expect(sound).to_have_attribute("aria-pressed", "false")
        await hides(page)
        await talking.calls(f"Анна{_}", words=f"Вопрос {_}")
        await expect(row(page, f"Вопрос {_}")).to_be_visible()
        assert await called(page) == (0, [])
        await page.reload()
        await listens(page)
        await page.get_by_role("heading", level=1).click()
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "true")
    assert await called(page) == (1, [])  # how it sounds
    await page.reload()
    await expect(sound).to_have_attribute("aria-pressed", "true")
