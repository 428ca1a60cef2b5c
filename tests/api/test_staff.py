"""Members of staff come in, stay and leave."""

import re
from dataclasses import replace

import pytest

from api.app import create_app
from core.domain.actor import Role
from tests.api.conftest import SETTINGS
from tests.api.office import PASSWORD, Browser, Office, problem


async def test_the_right_login_password_and_code_lead_to_the_queue(office: Office):
    await office.hires("zoya")
    async with office.browser() as browser:
        answer = await browser.signs_in(office, "zoya")
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("medkarta_desk="))
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Path=/;" in cookie
        queue = await browser.get("/desk")
        assert queue.status_code == 200
        assert "Зоя Лаптева" in queue.text


async def test_over_https_the_cookies_are_bound_to_the_host(office: Office):
    await office.hires("zoya")
    office.app = create_app(
        office.container, replace(SETTINGS, public_url="https://desk.example.org", cookie_secure=True)
    )
    async with office.browser(url="https://desk.example.org") as browser:
        answer = await browser.signs_in(office, "zoya")
        cookie = next(
            each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-medkarta_desk=")
        )
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
        assert (await browser.get("/desk")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"login": "nobody"}, {"login": "zoya", "password": "not the password"}, {"login": "zoya", "code": "000000"}],
)
async def test_whatever_is_wrong_the_answer_is_the_same_and_the_login_stays(office: Office, wrong: dict[str, str]):
    await office.hires("zoya")
    async with office.browser() as browser:
        answer = await browser.signs_in(office, **wrong)
    assert answer.status_code == 401
    assert "Логин, пароль или код не подошли" in answer.text
    assert f'value="{wrong["login"]}"' in answer.text
    assert "medkarta_desk=" not in str(answer.headers)


async def test_a_code_works_once(office: Office):
    await office.hires("zoya")
    async with office.browser() as first, office.browser() as second:
        assert (await first.signs_in(office, "zoya")).status_code == 303
        assert (await second.signs_in(office, "zoya")).status_code == 401
        office.clock.passes(seconds=31)
        assert (await second.signs_in(office, "zoya")).status_code == 303


async def test_five_mistakes_close_the_account_for_a_quarter_of_an_hour(office: Office):
    await office.hires("zoya")
    async with office.browser() as browser:
        for _ in range(5):
            await browser.signs_in(office, "zoya", password="not the password")
        answer = await browser.signs_in(office, "zoya")
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "900"
        assert "после 09:15 по Москве" in answer.text
        office.clock.passes(minutes=15, seconds=1)
        assert (await browser.signs_in(office, "zoya")).status_code == 303


async def test_an_address_that_guesses_is_asked_to_wait_while_others_work(office: Office):
    await office.hires("zoya")
    async with office.browser(address="203.0.113.9") as guesser, office.browser(address="203.0.113.10") as other:
        for number in range(20):
            assert (await guesser.signs_in(office, f"guess{number}")).status_code == 401
        refused = await guesser.signs_in(office, "zoya")
        assert refused.status_code == 429
        assert "Подождите пять минут" in refused.text
        assert (await other.signs_in(office, "zoya")).status_code == 303
        office.clock.passes(minutes=5)
        assert (await guesser.signs_in(office, "zoya")).status_code == 303


async def test_behind_a_trusted_proxy_whoever_guesses_keeps_nobody_else_out(office: Office):
    await office.hires("zoya")
    office.app = create_app(office.container, replace(SETTINGS, trusted_proxies=("10.0.0.0/8",)))
    async with office.browser(address="10.0.0.7") as browser:
        for number in range(20):
            # What the sender writes further left changes nothing.
            browser.headers["X-Forwarded-For"] = f"198.51.100.{number}, 203.0.113.9, 10.0.0.8"
            assert (await browser.signs_in(office, f"guess{number}")).status_code == 401
        assert (await browser.signs_in(office, "zoya")).status_code == 429
        browser.headers["X-Forwarded-For"] = "203.0.113.10"
        assert (await browser.signs_in(office, "zoya")).status_code == 303


async def test_whoever_is_no_proxy_is_not_believed_about_addresses(office: Office):
    await office.hires("zoya")
    async with office.browser(address="203.0.113.9") as guesser:
        for number in range(20):
            guesser.headers["X-Forwarded-For"] = f"198.51.100.{number}"
            assert (await guesser.signs_in(office, f"guess{number}")).status_code == 401
        assert (await guesser.signs_in(office, "zoya")).status_code == 429


async def test_a_session_ends_after_a_quarter_of_an_hour_of_nothing(office: Office, desk: Browser):
    office.clock.passes(minutes=14)
    assert (await desk.get("/desk")).status_code == 200
    office.clock.passes(minutes=14)
    assert (await desk.get("/desk")).status_code == 200
    office.clock.passes(minutes=15)
    gone = await desk.get("/desk")
    assert (gone.status_code, gone.headers["location"]) == (303, "/desk/sign-in?next=/desk&ended=1")
    assert "Сеанс закончился" in (await desk.get(gone.headers["location"])).text


async def test_a_session_ends_after_twelve_hours_however_busy(office: Office, desk: Browser):
    for _ in range(71):
        office.clock.passes(minutes=10)
        assert (await desk.get("/api/v1/me")).status_code == 200
    office.clock.passes(minutes=10)
    assert (await desk.get("/api/v1/me")).status_code == 401


async def test_after_signing_in_again_the_work_goes_on_where_it_was(office: Office, desk: Browser):
    request = await office.asks(office.gate.person_behind)
    office.clock.passes(minutes=20)
    gone = await desk.get(f"/desk/verifications/{request}")
    form = (await desk.get(gone.headers["location"])).text
    assert f'name="next" value="/desk/verifications/{request}"' in form


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org", "//evil.example.org", "/desk/../x", "/desk\\@evil"])
async def test_signing_in_never_leads_to_another_site(office: Office, elsewhere: str):
    await office.hires("zoya")
    async with office.browser() as browser:
        form = {
            "csrf": await browser.secret_on("/desk/sign-in"),
            "login": "zoya",
            "password": PASSWORD,
            "code": office.code(),
        }
        answer = await browser.post("/desk/sign-in", data=form | {"next": elsewhere})
    assert answer.headers["location"] == "/desk"


async def test_signing_out_ends_the_session_at_once(office: Office, desk: Browser):
    name = desk.cookies["medkarta_desk"]
    answer = await desk.post("/desk/sign-out", data={"csrf": "secret-of-zoya"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")
    async with office.browser() as thief:
        thief.cookies.set("medkarta_desk", name)
        assert (await thief.get("/api/v1/me")).status_code == 401


async def test_the_name_of_a_session_is_never_one_that_the_browser_brought(office: Office):
    await office.hires("zoya")
    async with office.browser() as browser:
        browser.cookies.set("medkarta_desk", "planted", domain="desk.example.org")
        form = {
            "csrf": await browser.secret_on("/desk/sign-in"),
            "login": "zoya",
            "password": PASSWORD,
            "code": office.code(),
        }
        answer = await browser.post("/desk/sign-in", data=form)
        name = re.search(r"medkarta_desk=([^;]+)", str(answer.headers.get_list("set-cookie")))
        assert name is not None
        assert name[1] != "planted"
        assert len(name[1]) >= 43


async def test_signing_in_again_ends_the_session_that_the_browser_had(office: Office, desk: Browser):
    former = desk.cookies["medkarta_desk"]
    answer = await desk.post("/api/v1/sessions", json={"login": "zoya", "password": PASSWORD, "code": office.code()})
    assert answer.status_code == 201
    assert (await desk.get("/api/v1/me")).status_code == 200
    async with office.browser() as thief:
        thief.cookies.set("medkarta_desk", former)
        assert (await thief.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({}, {}),
        ({"csrf": "guessed"}, {}),
        ({"csrf": "right"}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": "right"}, {"Origin": "https://evil.example.org"}),
    ],
)
async def test_a_sign_in_form_sent_from_elsewhere_is_refused(
    office: Office, form: dict[str, str], headers: dict[str, str]
):
    await office.hires("zoya")
    async with office.browser() as browser:
        secret = await browser.secret_on("/desk/sign-in")
        sent = {"login": "zoya", "password": PASSWORD, "code": office.code()} | form
        if sent.get("csrf") == "right":
            sent["csrf"] = secret
        answer = await browser.post("/desk/sign-in", data=sent, headers=headers)
    assert answer.status_code == 403
    assert "Страница устарела" in answer.text


async def test_a_program_signs_in_reads_who_it_is_and_signs_out(office: Office):
    await office.hires("igor", Role.ADMINISTRATOR)
    async with office.browser() as program:
        opened = await program.post(
            "/api/v1/sessions", json={"login": "igor", "password": PASSWORD, "code": office.code()}
        )
        assert opened.status_code == 201
        me = (await program.get("/api/v1/me")).json()
        assert me == opened.json()
        assert (me["login"], me["name"], me["role"]) == ("igor", "Игорь Сомов", "administrator")
        refused = await program.delete("/api/v1/sessions/current")
        assert problem(refused, 403) == "urn:medkarta:problem:form-refused"
        closed = await program.delete("/api/v1/sessions/current", headers={"X-CSRF-Token": me["csrf"]})
        assert closed.status_code == 204
        assert problem(await program.get("/api/v1/me"), 401) == "urn:medkarta:problem:sign-in-first"


async def test_a_wrong_sign_in_by_a_program_is_a_problem_that_tells_nothing(office: Office):
    async with office.browser() as program:
        answer = await program.post("/api/v1/sessions", json={"login": "a\0b", "password": "x", "code": "1"})
        assert problem(answer, 401) == "urn:medkarta:problem:wrong-sign-in"
        malformed = await program.post("/api/v1/sessions", json={"login": "личное", "password": 7})
        assert problem(malformed, 422) == "urn:medkarta:problem:malformed"
        assert malformed.json()["fields"] == ["body.password", "body.code"]
        assert "личное" not in malformed.text


async def test_an_accountant_is_told_which_roles_see_the_queue(office: Office):
    await office.hires("vera", Role.ACCOUNTANT, name="Вера Тихая")
    async with office.browser() as browser:
        secret = await browser.sits(office, "vera")
        page = await browser.get("/desk")
        assert page.status_code == 403
        assert "нет доступа к этой странице" in page.text
        assert "Выйти" in page.text
        assert problem(await browser.get("/api/v1/queue"), 403) == "urn:medkarta:problem:role-refused"
        assert (await browser.post("/desk/sign-out", data={"csrf": secret})).status_code == 303
