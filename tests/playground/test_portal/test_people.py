"""The portal as a citizen meets it: signing in, refusing, coming back."""

import base64
import re

import pytest

from tests.playground.test_portal.browser import (
    CALLBACK,
    Browser,
    Hands,
    answer_in,
    sign_in_of,
)


@pytest.mark.parametrize("typed", [" ILINA ", "+7 900 000-00-01", "8 (900) 000 00 01", "Ilina@example.org", "snils"])
async def test_one_signs_in_by_login_phone_mail_or_snils(browser: Browser, typed: str) -> None:
    if typed == "snils":
        typed = (await browser.http.get("/portal/citizens")).json()[0]["snils"]
    assert "Медкарта просит" in (await browser.enter(await browser.open_portal(), typed, "ilina34")).text


@pytest.mark.parametrize(("login", "password"), [("ilina", "wrong"), ("nobody", "ilina34"), ("ilina", "ILINA34")])
async def test_a_wrong_login_or_password_is_said_at_once_and_the_login_stays(
    browser: Browser, login: str, password: str
) -> None:
    answer = await browser.enter(await browser.open_portal(), login, password)
    assert answer.status_code == 401
    assert "Неверный логин или пароль" in answer.text
    assert f'value="{login}"' in answer.text
    assert password not in re.sub(r"data-password=\S+|<code>.*?</code>", "", answer.text)
    assert "Медкарта просит" in (await browser.enter(answer, "ilina", "ilina34")).text


async def test_ten_wrong_passwords_lock_this_login_for_five_minutes(browser: Browser, clock: Hands) -> None:
    page = await browser.open_portal()
    for _ in range(10):
        assert (await browser.enter(page, "ilina", "guess")).status_code == 401
    locked = await browser.enter(page, "+79000000001", "ilina34")
    assert locked.status_code == 429
    assert "Слишком много попыток" in locked.text
    assert locked.headers["Retry-After"] == "300"
    assert "Медкарта просит" in (await browser.enter(page, "sokolov", "sokolov46")).text
    clock.move(minutes=5)
    assert "Медкарта просит" in (await browser.enter(page, "ilina", "ilina34")).text


async def test_refusing_leads_back_without_a_code(browser: Browser) -> None:
    consent = await browser.enter(await browser.open_portal(), "ilina", "ilina34")
    answer = await browser.decide(consent, "deny")
    assert answer["error"] == "access_denied"
    assert answer["state"] == "the-state"
    assert "code" not in answer


async def test_one_may_turn_back_before_signing_in(browser: Browser) -> None:
    assert (await browser.decide(await browser.open_portal(), "deny"))["error"] == "access_denied"


async def test_nobody_consents_without_signing_in(browser: Browser) -> None:
    page = await browser.open_portal()
    answer = await browser.http.post("/portal/consent", data={"sign_in": sign_in_of(page), "decision": "allow"})
    assert answer.status_code == 200
    assert "Вход на портал" in answer.text


async def test_a_double_tap_on_allow_leads_to_the_same_place(browser: Browser) -> None:
    consent = await browser.enter(await browser.open_portal(), "ilina", "ilina34")
    assert await browser.decide(consent, "allow") == await browser.decide(consent, "allow")


async def test_a_sign_in_belongs_to_the_browser_that_began_it(browser: Browser) -> None:
    page = await browser.open_portal()
    browser.http.cookies.clear()
    answer = await browser.enter(page, "ilina", "ilina34")
    assert answer.status_code == 400
    assert "другом браузере" in answer.text


async def test_a_sign_in_left_for_ten_minutes_asks_to_begin_anew(browser: Browser, clock: Hands) -> None:
    page = await browser.open_portal()
    clock.move(minutes=10)
    assert "слишком давно" in (await browser.enter(page, "ilina", "ilina34")).text


async def test_the_second_sign_in_offers_the_same_person_or_another(browser: Browser, clock: Hands) -> None:
    await browser.sign_in()
    signed_in_at = int(clock().timestamp())
    clock.move(minutes=3)
    choice = await browser.open_portal()
    assert "Войти как Анна И." in choice.text
    same = await browser.http.post("/portal/continue", data={"sign_in": sign_in_of(choice)}, follow_redirects=True)
    code = (await browser.decide(same, "allow"))["code"]
    payload = (await browser.redeem(code)).json()["id_token"].split(".")[1]
    assert f'"auth_time":{signed_in_at}' in base64.urlsafe_b64decode(payload + "==").decode()

    choice = await browser.open_portal()
    form = await browser.http.get("/portal/login", params={"sign_in": sign_in_of(choice)})
    other = await browser.enter(form, "belova", "belova70")
    assert "Белова Мария Викторовна" in other.text
    assert "Вход на портал" in (await browser.open_portal(prompt="login")).text


async def test_signing_out_ends_the_session(browser: Browser) -> None:
    tokens = (await browser.redeem(await browser.sign_in())).json()
    out = await browser.http.get(
        "/portal/logout",
        params={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": CALLBACK, "state": "bye"},
    )
    assert answer_in(out)["state"] == "bye"
    assert "Вход на портал" in (await browser.open_portal()).text
    strange = await browser.http.get(
        "/portal/logout", params={"id_token_hint": "not.a.token", "post_logout_redirect_uri": CALLBACK}
    )
    assert strange.status_code == 200
    assert "Вы вышли" in strange.text


async def test_what_a_person_types_is_never_markup(browser: Browser) -> None:
    answer = await browser.enter(await browser.open_portal(), '"><script>alert(1)</script>', "x")
    assert "<script>alert" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
