"""The citizen's pages: in by a link of one use, through the lock, and what they show."""

import pytest

from core.domain.page import LINK_LIFETIME, LONGEST, Place
from core.services.consent import WithdrawConsent
from core.services.factor import LockRecord
from core.services.signin import SignOut
from tests.api.clinics import with_card
from tests.api.office import Office, person
from tests.api.pages import Visitor, call


async def test_a_link_shows_a_button_first_so_that_previews_of_messengers_burn_nothing(owner: Visitor, office: Office):
    link = await owner.link(Place.RESULTS)
    async with office.browser() as messenger:
        for _ in range(3):
            assert (await messenger.get(link)).status_code == 200
        assert (await messenger.head(link)).status_code in {200, 405}
    answer = await owner.sends(link, page=link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/my/results")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert (await owner.browser.get("/my")).status_code == 200


async def test_a_link_opens_once_even_for_the_browser_that_opened_it(owner: Visitor, office: Office):
    link = await owner.link()
    async with Visitor(office, owner.citizen) as thief:
        page = await thief.browser.get(link)
        await owner.sends(link, page=link)
        token = page.text.split('name="csrf" value="')[1].split('"')[0]
        late = await thief.browser.post(link, data={"csrf": token})
        assert late.status_code == 410
        assert "больше не действует" in late.text
        assert "medkarta_page" not in late.headers.get("set-cookie", "")
        assert (await thief.browser.get("/my")).status_code == 401
    assert (await owner.browser.get(link)).status_code == 410


async def test_a_link_that_is_too_old_or_of_somebody_who_signed_out_says_where_a_new_one_is(
    owner: Visitor, office: Office
):
    old = await owner.link()
    office.clock.passes(seconds=LINK_LIFETIME.total_seconds())
    assert "Новая ссылка" in (await owner.browser.get(old)).text
    fresh = await owner.link()
    await call(office, SignOut, owner.citizen)
    assert (await owner.browser.get(fresh)).status_code == 410
    assert (await owner.browser.get("/my/open/" + "x" * 3000)).status_code == 410


async def test_opening_wants_the_form_of_this_browser(owner: Visitor, office: Office):
    link = await owner.link()
    async with office.browser() as other:
        assert (await other.post(link)).status_code == 403
        assert (await other.post(link, data={"csrf": "x"})).status_code == 403
    assert (await owner.sends(link, page=link)).status_code == 303


async def test_without_a_session_every_page_says_that_it_is_closed(office: Office):
    async with office.browser() as browser:
        for path in (
            "/my",
            "/my/results",
            "/my/visits",
            "/my/vaccinations",
            "/my/documents",
            "/my/activity",
            "/my/card",
            "/my/security",
            "/my/scans",
            "/my/account",
            "/my/account/phone",
            "/my/documents/order",
            "/my/documents/order/confirm",
            "/my/visits/hand-over",
            "/my/visits/handed",
            "/my/vaccinations/add",
            "/my/vaccinations/claims",
            "/my/vaccinations/correction",
        ):
            answer = await browser.get(path)
            assert answer.status_code == 401, path
            assert "по новой ссылке из чата" in answer.text
        for path in ("/my/lock", "/my/leave", "/my/card/snils", "/my/security/totp"):
            assert (await browser.post(path, data={"csrf": "x"})).status_code == 401, path


async def test_a_medical_page_leads_through_the_lock_and_back_to_where_the_person_wanted(owner: Visitor):
    locked = await owner.enters(Place.RESULTS)
    assert locked.headers["location"] == "/my/unlock?next=%2Fmy%2Fresults"
    wrong = await owner.unlocks("000000", "/my/results")
    assert wrong.status_code == 422
    assert "Осталось попыток: 4" in wrong.text
    assert 'value="/my/results"' in wrong.text
    assert (await owner.unlocks("12", "/my/results")).status_code == 422
    right = await owner.unlocks(onward="/my/results")
    assert right.headers["location"] == "/my/results"
    await owner.sees("/my/results", "Результатов пока нет")


@pytest.mark.parametrize(
    "onward", ["https://evil.example.org", "//evil.example.org", "/desk", "/my/../desk", "/my?x=<b>"]
)
async def test_the_lock_leads_nowhere_else(owner: Visitor, onward: str):
    await owner.enters()
    assert (await owner.unlocks(onward=onward)).headers["location"] == "/my"


async def test_five_wrong_codes_close_the_lock_for_a_while(owner: Visitor):
    await owner.enters()
    for _ in range(5):
        answer = await owner.unlocks("000000")
    assert answer.status_code == 429
    assert "Неверных кодов было слишком много" in answer.text
    assert (await owner.sees("/my/unlock", "Неверных кодов было слишком много")).count("<form") < 3


async def test_a_second_browser_shows_its_own_code_while_the_first_is_open(inside: Visitor, office: Office):
    await inside.sees("/my/results")
    async with Visitor(office, inside.citizen) as other:
        answer = await other.enters(Place.RESULTS)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/my/unlock")


async def test_locking_now_locks_and_the_session_of_the_page_stays(inside: Visitor):
    await inside.sees("/my/results")
    assert (await inside.sends("/my/lock")).headers["location"] == "/my"
    assert (await inside.browser.get("/my/results")).headers["location"].startswith("/my/unlock")
    await inside.sees("/my", "Мои результаты")


async def test_locking_in_the_chat_locks_the_page(inside: Visitor, office: Office):
    await call(office, LockRecord, inside.citizen)
    assert (await inside.browser.get("/my/results")).status_code == 303


async def test_time_locks_and_later_closes_the_page(inside: Visitor, office: Office):
    office.clock.passes(minutes=16)
    assert (await inside.browser.get("/my/results")).status_code == 303
    office.clock.passes(seconds=LONGEST.total_seconds())
    assert (await inside.browser.get("/my")).status_code == 401


@pytest.mark.parametrize("ends", [SignOut, WithdrawConsent])
async def test_what_ends_in_the_chat_ends_on_the_page(inside: Visitor, office: Office, ends: type):
    await call(office, ends, inside.citizen)
    assert (await inside.browser.get("/my/results")).status_code == 401


async def test_leaving_ends_this_browser_alone_and_locks(inside: Visitor, office: Office):
    async with Visitor(office, inside.citizen) as other:
        await other.enters()
        left = await inside.sends("/my/leave")
        assert "Вы вышли" in left.text
        assert (await inside.browser.get("/my")).status_code == 401
        assert (await other.browser.get("/my")).status_code == 200


async def test_a_form_without_its_secret_or_from_another_site_does_nothing(inside: Visitor):
    for path in (
        "/my/lock",
        "/my/leave",
        "/my/results/search",
        "/my/security/totp",
        "/my/card/snils",
        "/my/documents/order",
        "/my/documents/order/confirm",
        "/my/visits/hand-over",
        "/my/vaccinations/add",
        "/my/vaccinations/add/send",
        "/my/scans/passport",
        "/my/account/phone",
        "/my/account/papers/inn",
    ):
        answer = await inside.browser.post(path, data={"csrf": "wrong", "words": "x", "value": "x"})
        assert answer.status_code == 403, path
    token = (await inside.sees("/my")).split('name="csrf" value="')[1].split('"')[0]
    strange = {"Origin": "https://evil.example.org"}
    assert (await inside.browser.post("/my/lock", data={"csrf": token}, headers=strange)).status_code == 403
    await inside.sees("/my/results")


async def test_pages_are_kept_nowhere_and_run_nothing_inline(inside: Visitor):
    answer = await inside.browser.get("/my/results")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text


async def test_who_has_no_card_learns_what_to_do(office: Office):
    async with Visitor(office, await office.knows(person("Олег", "Новиков"))) as oleg:
        await oleg.has_factor()
        await oleg.enters()
        await oleg.unlocks()
        await oleg.sees("/my/results", "Медкарты пока нет", 'href="/my/card"', 'href="/my/scans"', status=404)
        await oleg.sees("/my/scans", "Открытой заявки сейчас нет")


async def test_who_has_no_factor_is_led_to_setting_it_up(office: Office):
    async with Visitor(office, await with_card(office)) as owner:
        await owner.enters()
        await owner.sees("/my/unlock", "Второй замок ещё не настроен", 'href="/my/security"')
