"""A citizen goes through the browser to the portal and back."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from core import ports
from core.domain.ids import ChatId
from core.services.signin import BeginSignIn
from tests.api.office import Browser, Office, person


async def ticket(office: Office, chat_name: str = "Анна", chat: int = 7) -> str:
    async with office.container() as inside:
        return await (await inside.get(BeginSignIn))(ChatId(chat), chat_name)


async def goes_on(browser: Browser, word: str) -> httpx.Response:
    return await browser.post(f"/sign-in/{word}", data={"csrf": await browser.secret_on(f"/sign-in/{word}")})


def state_of(answer: httpx.Response) -> str:
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


async def test_the_page_says_whose_chat_it_is_and_uses_nothing_up(office: Office):
    word = await ticket(office, "Анна <b>&")
    async with office.browser() as browser:
        for _ in range(3):
            page = await browser.get(f"/sign-in/{word}")
            assert page.status_code == 200
        assert "Вход откроется для чата Telegram" in page.text
        assert "«Анна &lt;b&gt;&amp;»" in page.text
        assert "Если эту ссылку вам прислали другие люди, а не бот, закройте страницу." in page.text
        assert "form-action 'self' https://portal.example.org;" in page.headers["content-security-policy"]
        english = await browser.get(f"/sign-in/{word}", headers={"Accept-Language": "en"})
        assert "If somebody else than the bot sent you this link, close the page." in english.text


async def test_the_button_ties_the_browser_to_the_attempt_and_leads_to_the_portal(office: Office):
    async with office.browser() as browser:
        answer = await goes_on(browser, await ticket(office))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("https://portal.example.org/authorize?")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"medkarta_state={state_of(answer)};")
    for part in ("HttpOnly", "Max-Age=600", "Path=/portal/callback", "SameSite=lax"):
        assert part in cookie


async def test_back_from_the_portal_the_person_is_sent_to_the_chat(office: Office):
    async with office.browser() as browser:
        state = state_of(await goes_on(browser, await ticket(office)))
        answer = await browser.get("/portal/callback", params={"code": "c", "state": state})
        assert (answer.status_code, answer.headers["location"]) == (303, "/portal/done")
        assert 'medkarta_state=""' in answer.headers["set-cookie"]
        done = await browser.get("/portal/done")
        assert "Готово, вернитесь в чат" in done.text
        assert 'href="https://t.me/medkarta_test_bot"' in done.text


async def test_an_account_that_lives_in_another_chat_is_asked_about_there(office: Office):
    async with office.browser() as browser:
        for chat, place in ((7, "/portal/done"), (8, "/portal/question")):
            state = state_of(await goes_on(browser, await ticket(office, chat=chat)))
            answer = await browser.get("/portal/callback", params={"code": "c", "state": state})
            assert answer.headers["location"] == place
        assert "Ответьте на него" in (await browser.get("/portal/question")).text


@pytest.mark.parametrize("cookie", [None, "another-state"])
async def test_another_browser_cannot_finish_what_this_one_began(office: Office, cookie: str | None):
    async with office.browser() as mine, office.browser() as theirs:
        state = state_of(await goes_on(mine, await ticket(office)))
        if cookie:
            theirs.cookies.set("medkarta_state", cookie)
        answer = await theirs.get("/portal/callback", params={"code": "c", "state": state})
        assert answer.status_code == 400
        assert "Вход не завершён" in answer.text
        mine_again = await mine.get("/portal/callback", params={"code": "c", "state": state})
        assert mine_again.headers["location"] == "/portal/done"


async def test_a_link_works_once(office: Office):
    word = await ticket(office)
    async with office.browser() as browser:
        state = state_of(await goes_on(browser, word))
        cookie = browser.cookies["medkarta_state"]
        await browser.get("/portal/callback", params={"code": "c", "state": state})
        browser.cookies.set("medkarta_state", cookie)
        again = await browser.get("/portal/callback", params={"code": "c", "state": state})
        assert again.status_code == 410
        assert "Эта ссылка больше не действует" in again.text
        assert (await browser.get(f"/sign-in/{word}")).status_code == 410


async def test_a_link_is_gone_after_ten_minutes(office: Office):
    word = await ticket(office)
    office.clock.passes(minutes=10, seconds=1)
    async with office.browser() as browser:
        assert (await browser.get(f"/sign-in/{word}")).status_code == 410
        assert (await browser.get("/sign-in/no-such-word")).status_code == 410


async def test_whoever_says_no_at_the_portal_reads_what_happens_next(office: Office):
    async with office.browser() as browser:
        state = state_of(await goes_on(browser, await ticket(office)))
        answer = await browser.get("/portal/callback", params={"error": "access_denied", "state": state})
        assert answer.status_code == 200
        assert "Вход отменён" in answer.text
        assert "Вернуться в чат" in answer.text


@pytest.mark.parametrize(
    ("trouble", "status", "said"),
    [
        (ports.SignInRefused("signature: secret detail"), 400, "Вход не завершён"),
        (ports.Unavailable("portal"), 503, "Портал сейчас не отвечает"),
    ],
)
async def test_trouble_at_the_portal_is_said_without_details(
    office: Office, trouble: Exception, status: int, said: str
):
    office.gate.person_behind = trouble
    async with office.browser() as browser:
        state = state_of(await goes_on(browser, await ticket(office)))
        answer = await browser.get("/portal/callback", params={"code": "c", "state": state})
        assert answer.status_code == status
        assert said in answer.text
        assert "secret detail" not in answer.text
        if status == 503:
            office.gate.person_behind = person("Анна", "Ильина")
            retry = await browser.get(f"/sign-in/{await ticket(office)}")
            assert retry.status_code == 200


async def test_a_portal_that_is_away_is_said_before_anybody_goes_there(office: Office):
    word = await ticket(office)
    office.gate.away = True
    async with office.browser() as browser:
        page = await browser.get(f"/sign-in/{word}")
        assert page.status_code == 503
        assert "всё, что вы уже заполнили, сохранено" in page.text
        office.gate.away = False
        assert (await browser.get(f"/sign-in/{word}")).status_code == 200


@pytest.mark.parametrize(
    "query", [{}, {"error": "invalid_request"}, {"code": "c"}, {"state": "s"}, {"code": "c", "state": "ж"}]
)
async def test_a_broken_return_is_answered_kindly(office: Office, query: dict[str, str]):
    async with office.browser() as browser:
        answer = await browser.get("/portal/callback", params=query)
        assert answer.status_code == 400
        assert "Вход не завершён" in answer.text


async def test_another_site_cannot_push_a_person_past_the_question_whose_chat_it_is(office: Office):
    word = await ticket(office)
    async with office.browser() as browser:
        secret = await browser.secret_on(f"/sign-in/{word}")
        for form, headers in (
            ({}, {}),
            ({"csrf": "guessed"}, {}),
            ({"csrf": secret}, {"Sec-Fetch-Site": "cross-site"}),
        ):
            answer = await browser.post(f"/sign-in/{word}", data=form, headers=headers)
            assert answer.status_code == 403
            assert "medkarta_state" not in str(answer.headers)
            assert "Вернуться в чат" in answer.text
