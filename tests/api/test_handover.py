"""A specialist opens what a patient handed over: previews burn nothing, the page opens once, and everything else looks the same."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from api.app import create_app
from core.domain.actor import Citizen
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.chat import Chats
from core.domain.factor import SPAN, Factor, FactorKind, Factors, Unlock, Unlocks
from core.domain.handover import Term
from core.domain.ids import CardId, ChatId, ClinicId, RecordId, new_id
from core.domain.record import Coding, Visit, Visits
from core.domain.record.coding import ICD10
from core.ports import Transaction
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.handover import HandOver, Made, RevokeHandover
from tests.api.conftest import SETTINGS
from tests.api.office import SECRET, Browser, Office, person

READER = "medkarta_handover"


async def a_patient(office: Office) -> Citizen:
    """Somebody with a card, whose sections are open."""
    citizen = await office.knows(person("Анна", "Ильина"))
    now = office.clock.now()
    async with office.container() as inside:
        await (await inside.get(GiveConsent))(citizen, "ru")
    async with office.container() as inside:
        cards, factors, unlocks = await inside.get(Cards), await inside.get(Factors), await inside.get(Unlocks)
        async with await inside.get(Transaction):
            card = Card(CardId(new_id(now)), citizen.account, new_patient_number(), CardState.ACTIVE, now)
            await cards.create(card, snils="11223344595", passport="4510123456")
            await factors.save(Factor(citizen.account, FactorKind.TOTP, secret=SECRET, confirmed=True), now)
            await unlocks.put(Unlock(citizen.account, citizen.chat, now, now + SPAN, SPAN))
    return citizen


async def handed(office: Office, recipient: str = "Кардиологу <b>", advice: Sequence[str] = ("Меньше соли",)) -> Made:
    """Hand one visit over."""
    citizen = await a_patient(office)
    now = office.clock.now()
    visit = Visit(
        RecordId(new_id(now)), citizen.account, ClinicId(new_id(now)), now, institution="Поликлиника <7>",
        doctor="Рябинина О. С.", speciality="Терапия", diagnoses=(Coding(ICD10, "I10", "Hypertension"),),
        recommendations=tuple(advice), prescriptions=("Лозартан 50 мг",),
    )  # fmt: skip
    async with office.container() as inside:
        visits = await inside.get(Visits)
        async with await inside.get(Transaction):
            await visits.put([visit])
    async with office.container() as inside:
        return await (await inside.get(HandOver))(citizen, [visit.id], Term.DAY, recipient)


async def opens(browser: Browser, token: str) -> None:
    page = f"/handover/{token}"
    answer = await browser.post(page, data={"csrf": await browser.secret_on(page)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/handover/visits")


async def types(browser: Browser, code: str) -> int:
    answer = await browser.post("/handover", data={"csrf": await browser.secret_on("/handover"), "code": code})
    return answer.status_code


async def test_following_the_link_uses_nothing_up_and_shows_nothing(office: Office):
    made = await handed(office)
    async with office.browser() as preview:
        for _ in range(5):
            page = await preview.get(f"/handover/{made.token}")
            assert page.status_code == 200
            assert "Кардиологу &lt;b&gt;" in page.text
            for secret in ("Анна", "Ильина", "I10", "Терапия", "Поликлиника", made.code):
                assert secret not in page.text
        assert (await preview.head(f"/handover/{made.token}")).status_code in {200, 405}
    async with office.browser() as browser:
        await opens(browser, made.token)


async def test_it_opens_once_and_is_reread_in_that_browser_alone(office: Office):
    made = await handed(office)
    async with office.browser() as browser, office.browser() as other:
        await opens(browser, made.token)
        for _ in range(2):
            page = await browser.get("/handover/visits")
            assert page.status_code == 200
            for told in ("Ильина Анна Сергеевна", "I10 Гипертоническая болезнь", "Рябинина О. С. · Терапия",
                         "Поликлиника &lt;7&gt;", "Меньше соли", "Лозартан 50 мг", "17 апреля 1992"):  # fmt: skip
                assert told in page.text
        english = await browser.get("/handover/visits?language=en")
        assert "Prescribed drugs" in english.text
        assert "I10 Hypertension" in english.text
        assert (await other.get("/handover/visits")).status_code == 410
        assert (await other.get(f"/handover/{made.token}")).status_code == 410
        office.clock.passes(minutes=15)
        assert (await browser.get("/handover/visits")).status_code == 410


async def test_a_code_opens_it_too_however_it_is_typed(office: Office):
    made = await handed(office)
    async with office.browser() as browser:
        assert await types(browser, f"  {made.code.lower().replace('-', ' ')} ") == 303
        page = (await browser.get("/handover/visits")).text
        assert "Меньше соли" in page
        # Whoever opened it by the code has not seen the page before it, which says for whom it is.
        assert "Кардиологу &lt;b&gt;" in page


async def test_unknown_opened_revoked_and_withdrawn_are_the_same_page(office: Office):
    token = (await handed(office)).token
    async with office.browser() as browser:
        never = await browser.get("/handover/never-was")
        await opens(browser, token)
    async with office.browser() as browser:
        csrf = await browser.secret_on("/handover")
        opened = await browser.get(f"/handover/{token}")
        posted = await browser.post(f"/handover/{token}", data={"csrf": csrf})
        lost = await browser.post("/handover/never-was", data={"csrf": csrf})
        reread = await browser.get("/handover/visits")

    def told(page: str) -> str:
        return page.replace(token, "").replace("never-was", "").replace("visits", "")

    assert {page.status_code for page in (never, opened, posted, lost, reread)} == {410}
    assert len({told(page.text) for page in (never, opened, posted, lost, reread)}) == 1


async def test_withdrawn_consent_and_a_revoked_link_close_the_open_page(office: Office):
    made = await handed(office)
    citizen = Citizen(made.handover.account, await chat_of(office, made))
    async with office.browser() as browser:
        await opens(browser, made.token)
        assert (await browser.get("/handover/visits")).status_code == 200
        async with office.container() as inside:
            assert await (await inside.get(RevokeHandover))(citizen, made.handover.id)
        assert (await browser.get("/handover/visits")).status_code == 410


async def test_after_a_withdrawn_consent_the_link_says_no_more_than_an_unknown_one(office: Office):
    made = await handed(office)
    citizen = Citizen(made.handover.account, await chat_of(office, made))
    async with office.container() as inside:
        await (await inside.get(WithdrawConsent))(citizen)
    async with office.browser() as browser:
        assert (await browser.get(f"/handover/{made.token}")).status_code == 410
        assert await types(browser, made.code) == 410


async def chat_of(office: Office, made: Made) -> ChatId:
    async with office.container() as inside:
        chats = await inside.get(Chats)
        async with (await inside.get(Transaction)).looking():
            chat = await chats.bound_to(made.handover.account)
    assert chat is not None
    return chat.id


async def test_an_address_that_guesses_is_stopped_and_another_is_not(office: Office):
    made = await handed(office)
    async with office.browser(address="192.0.2.1") as guesser, office.browser(address="192.0.2.2") as doctor:
        outcomes = [await types(guesser, "2345-6789-ABCD") for _ in range(21)]
        assert outcomes == [410] * 20 + [429]
        assert await types(guesser, made.code) == 429
        assert await types(doctor, made.code) == 303


@pytest.mark.parametrize("code", ["", "x" * 60_000, "\0", "' OR 1=1 --", "२२२२२२२२२२२२"])
async def test_whatever_is_typed_gets_one_kind_page(office: Office, code: str):
    async with office.browser() as browser:
        answer = await browser.post("/handover", data={"csrf": await browser.secret_on("/handover"), "code": code})
    assert answer.status_code == 410
    assert "Этот код не открывается" in answer.text


async def test_a_form_from_elsewhere_opens_nothing(office: Office):
    made = await handed(office)
    async with office.browser() as browser:
        await browser.secret_on(f"/handover/{made.token}")
        assert (await browser.post(f"/handover/{made.token}", data={"csrf": "x"})).status_code == 403
        strange = {"Sec-Fetch-Site": "cross-site"}
        csrf = await browser.secret_on(f"/handover/{made.token}")
        assert (await browser.post(f"/handover/{made.token}", data={"csrf": csrf}, headers=strange)).status_code == 403
        await opens(browser, made.token)


async def test_over_https_the_cookie_is_bound_to_this_host(office: Office):
    made = await handed(office)
    app = create_app(office.container, replace(SETTINGS, cookie_secure=True, public_url="https://desk.example.org"))
    async with Browser(app, url="https://desk.example.org") as browser:
        page = f"/handover/{made.token}"
        opened = await browser.post(page, data={"csrf": await browser.secret_on(page)})
        cookie = next(each for each in opened.headers.get_list("set-cookie") if READER in each)
        assert cookie.startswith(f"__Host-{READER}=")
        for part in ("Secure", "HttpOnly", "Path=/", "SameSite=strict"):
            assert part in cookie
        assert (await browser.get("/handover/visits")).status_code == 200


async def test_pages_are_kept_nowhere_and_found_by_nobody(office: Office):
    made = await handed(office)
    async with office.browser() as browser:
        page = f"/handover/{made.token}"
        opened = await browser.post(page, data={"csrf": await browser.secret_on(page)})
        cookie = next(each for each in opened.headers.get_list("set-cookie") if each.startswith(READER))
        for part in ("HttpOnly", "Max-Age=900", "Path=/", "SameSite=strict"):
            assert part in cookie
        for address in ("/handover", "/handover/visits", page):
            answer = await browser.get(address)
            assert answer.headers["cache-control"] == "no-store"
            assert "noindex" in answer.headers["x-robots-tag"]
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "script" not in answer.text
