"""The public page of a handover under strange hands: previews, two browsers, other sites, guesses, odd addresses."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core import ports
from core.domain.handover import ALPHABET, SPANS, Code, Handover, Handovers, Term, Ways
from core.domain.ids import ClinicId, HandoverId, RecordId, new_id
from core.domain.record import Coding, Visit, Visits
from core.domain.record.coding import ICD10
from core.services.handover import Made
from tests.api.clinics import with_card
from tests.api.office import Browser, Office

SECRET = "<script>alert('диабет')</script>"
READ = "/handover/visits"


@pytest.fixture
async def handed(office: Office) -> Made:
    """One visit, its words as bad as they can be, handed over for a day."""
    citizen = await with_card(office)
    now = office.clock.now()
    visit = Visit(
        RecordId(new_id(now)),
        citizen.account,
        ClinicId(new_id(now)),
        now,
        institution=SECRET + "\u202e" + "я" * 300,
        doctor="Петров П. П.",
        diagnoses=(Coding(ICD10, "E11.9", "Diabetes"),),
        recommendations=(SECRET,),
    )
    async with office.container() as inside:
        visits, handovers = await inside.get(Visits), await inside.get(Handovers)
        codes = await inside.get(ports.Codes)
        ways = Ways(codes.token(), Code.fresh())
        term = SPANS[Term.DAY]
        handover = Handover(HandoverId(new_id(now)), citizen.account, (visit.id,), "", now, now + term)
        async with await inside.get(ports.Transaction):
            await visits.put([visit])
            assert await handovers.add(handover, ways, now)
    return Made(handover, ways.token, str(ways.code))


@pytest.fixture
async def browser(office: Office) -> AsyncIterator[Browser]:
    async with office.browser() as browser:
        yield browser


async def opens(browser: Browser, place: str) -> str:
    """Press the button on the page; returns where it leads, or nothing."""
    page = await browser.get(place)
    if page.status_code != 200:
        return ""
    answer = await browser.post(place, data={"csrf": page.text.split('name="csrf" value="')[1].split('"')[0]})
    return answer.headers.get("location", "")


async def test_previews_of_messengers_use_nothing_up_and_learn_nothing(handed: Made, browser: Browser) -> None:
    place = f"/handover/{handed.token}"
    for _ in range(5):
        preview = await browser.get(place, headers={"User-Agent": "TelegramBot (like TwitterBot)"})
        assert preview.status_code == 200
        assert "Ильина" not in preview.text
        assert "E11.9" not in preview.text
    assert (await browser.head(place)).status_code in {200, 405}
    assert await opens(browser, place) == READ


async def test_the_page_is_as_strict_as_a_page_can_be(handed: Made, browser: Browser) -> None:
    place = f"/handover/{handed.token}"
    pages = [await browser.get("/handover"), await browser.get(place)]
    assert await opens(browser, place) == READ
    pages += [await browser.get(READ), await browser.get(place)]
    assert [page.status_code for page in pages] == [200, 200, 200, 410]
    for page in pages:
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "script-src" not in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in page.headers["x-robots-tag"]
        assert "<script" not in page.text
    read = pages[2].text
    assert "E11.9" in read
    assert handed.token not in read
    assert handed.token not in pages[0].text


async def test_two_browsers_press_at_once_and_one_reads(office: Office, handed: Made) -> None:
    place = f"/handover/{handed.token}"
    async with office.browser() as one, office.browser() as two:
        led = await asyncio.gather(opens(one, place), opens(two, place))
        assert sorted(led) == ["", READ]
        read = [(await each.get(READ)).status_code for each in (one, two)]
        assert sorted(read) == [200, 410]


async def test_another_site_cannot_burn_the_link(office: Office, handed: Made, browser: Browser) -> None:
    place = f"/handover/{handed.token}"
    page = await browser.get(place)
    secret = page.text.split('name="csrf" value="')[1].split('"')[0]
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}):
        refused = await browser.post(place, data={"csrf": secret}, headers=headers)
        assert refused.status_code == 403
    async with office.browser() as bare:
        assert (await bare.post(place, data={"csrf": secret})).status_code == 403
    assert await opens(browser, place) == READ


async def test_what_was_opened_closes_after_a_quarter_of_an_hour(
    office: Office, handed: Made, browser: Browser
) -> None:
    assert await opens(browser, f"/handover/{handed.token}") == READ
    office.clock.passes(minutes=14, seconds=59)
    assert (await browser.get(READ)).status_code == 200
    office.clock.passes(seconds=1)
    closed = await browser.get(READ)
    assert closed.status_code == 410
    assert "E11.9" not in closed.text


async def test_guessing_codes_ends_soon_from_one_address(office: Office, handed: Made, browser: Browser) -> None:
    page = await browser.get("/handover")
    secret = page.text.split('name="csrf" value="')[1].split('"')[0]
    statuses = []
    for number in range(25):
        guess = f"{ALPHABET[number]}{handed.code[1:]}"
        if guess == handed.code:
            continue
        statuses.append((await browser.post("/handover", data={"csrf": secret, "code": guess})).status_code)
    assert statuses[0] == 410
    assert statuses[-1] == 429
    async with office.browser(address="203.0.113.9") as elsewhere:
        secret = await elsewhere.secret_on("/handover")
        answer = await elsewhere.post("/handover", data={"csrf": secret, "code": handed.code})
        assert answer.headers["location"] == READ


@pytest.mark.parametrize(
    "token", ["x", "x" * 5000, "%00", "..%2f..%2fetc", "💉", "%E2%80%AE", "visits%00", "'%20OR%201=1--"]
)
async def test_odd_addresses_open_nothing_and_say_the_same(handed: Made, browser: Browser, token: str) -> None:
    page = await browser.get(f"/handover/{token}")
    assert page.status_code in {404, 410}
    assert handed.token not in page.text


@pytest.mark.parametrize("code", ["", "\0", "0" * 10_000, "\u202e7K2M", "💉" * 12, "АВЕК-МНРС-ТХУА"])
async def test_odd_codes_are_wrong_codes(handed: Made, browser: Browser, code: str) -> None:
    secret = await browser.secret_on("/handover")
    answer = await browser.post("/handover", data={"csrf": secret, "code": code})
    assert answer.status_code == 410
    assert "location" not in answer.headers
    assert await opens(browser, f"/handover/{handed.token}") == READ


async def test_a_cookie_of_ones_own_making_reads_nothing(handed: Made, browser: Browser) -> None:
    for name in ("", handed.token, "x" * 4000, str(handed.handover.id)):
        browser.cookies.set("medkarta_handover", name, domain="desk.example.org")
        assert (await browser.get(READ)).status_code == 410
