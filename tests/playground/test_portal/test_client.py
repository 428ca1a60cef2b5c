"""The portal as its client meets it: requests, codes, tokens, claims."""

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.playground.test_portal.browser import CALLBACK, SETTINGS, VERIFIER, Browser, Hands, answer_in


async def test_a_citizen_signs_in_and_the_client_learns_who_it_is(browser: Browser, clock: Hands) -> None:
    facts = (await browser.http.get("/portal/.well-known/openid-configuration")).json()
    assert facts["issuer"] == "http://127.0.0.1:8081/portal"
    page = await browser.open_portal()
    assert "Вход на портал" in page.text
    consent = await browser.enter(page, "ilina", "ilina34")
    assert "Медкарта просит" in consent.text
    answer = await browser.decide(consent, "allow")
    assert (answer["state"], answer["iss"]) == ("the-state", facts["issuer"])

    tokens = (await browser.redeem(answer["code"])).json()
    keys = KeySet.import_key_set((await browser.http.get(facts["jwks_uri"])).json())
    assert "d" not in keys.as_dict()["keys"][0]
    now = int(clock().timestamp())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert claims == {
        "iss": facts["issuer"],
        "sub": "1000000001",
        "aud": "medkarta",
        "iat": now,
        "exp": now + 3600,
        "auth_time": now,
        "nonce": "the-nonce",
    }
    person = (await browser.who(tokens["access_token"])).json()
    assert person["sub"] == claims["sub"]
    assert (person["family_name"], person["given_name"], person["middle_name"]) == ("Ильина", "Анна", "Сергеевна")
    assert (person["level"], person["trusted"], person["gender"]) == ("PR", True, "female")
    assert person["birthdate"] == "1992-04-17"
    assert person["passport"].keys() == {"series", "number", "issued_at", "issuer", "department_code"}
    assert person["address"].keys() == {"formatted"}
    assert person["oms"].keys() == {"enp"}
    assert person.keys() <= set(facts["claims_supported"])


async def test_the_portal_tells_no_more_than_it_knows(browser: Browser) -> None:
    unverified = await browser.claims("dronov", "dronov46")
    assert unverified == {
        "sub": "1000000006",
        "family_name": "Дронов",
        "given_name": "Олег",
        "middle_name": "Николаевич",
        "phone_number": "+79000000006",
        "email": "dronov@example.org",
        "level": "P",
        "trusted": False,
    }


async def test_a_child_has_no_passport_and_somebody_has_no_patronymic(browser: Browser) -> None:
    child = await browser.claims("orlova", "orlova12")
    assert child["level"] == "KD"
    assert "passport" not in child
    browser.http.cookies.clear()
    assert "middle_name" not in await browser.claims("braun", "braun34")


async def test_silent_sign_in_says_what_it_lacks(browser: Browser) -> None:
    assert answer_in(await browser.open_portal(prompt="none"))["error"] == "login_required"
    await browser.sign_in()
    assert answer_in(await browser.open_portal(prompt="none"))["error"] == "consent_required"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
    ],
)
async def test_a_faulty_request_is_told_to_the_client(
    browser: Browser, changes: dict[str, str | None], error: str
) -> None:
    assert answer_in(await browser.open_portal(**changes))["error"] == error


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1@evil.example/"},
        {"redirect_uri": "http://127.0.0.1:8080/callback#piece"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1:port/"},
        {"redirect_uri": "http://[::1"},
    ],
)
async def test_a_stranger_is_never_sent_anything(browser: Browser, changes: dict[str, str | None]) -> None:
    answer = await browser.open_portal(**changes)
    assert answer.status_code == 400
    assert "Вход не получился" in answer.text


async def test_a_code_works_once_and_its_second_use_voids_the_token(browser: Browser) -> None:
    code = await browser.sign_in()
    tokens = (await browser.redeem(code)).json()
    again = await browser.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await browser.who(tokens["access_token"])).status_code == 401


async def test_a_code_lives_sixty_seconds(browser: Browser, clock: Hands) -> None:
    code = await browser.sign_in()
    clock.move(seconds=60)
    assert (await browser.redeem(code)).json()["error"] == "invalid_grant"


async def test_an_access_token_lives_an_hour(browser: Browser, clock: Hands) -> None:
    tokens = (await browser.redeem(await browser.sign_in())).json()
    clock.move(minutes=59)
    assert (await browser.who(tokens["access_token"])).status_code == 200
    clock.move(minutes=1)
    late = await browser.who(tokens["access_token"])
    assert late.status_code == 401
    assert "invalid_token" in late.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 50}, {"code_verifier": ""}, {"redirect_uri": CALLBACK + "/"}]
)
async def test_a_code_is_worth_nothing_with_a_wrong_verifier_or_address(
    browser: Browser, changes: dict[str, str]
) -> None:
    code = await browser.sign_in()
    assert (await browser.redeem(code, **changes)).json()["error"] == "invalid_grant"
    assert (await browser.redeem(code)).json()["error"] == "invalid_grant"


async def test_the_client_proves_itself_either_way_but_it_must(browser: Browser) -> None:
    code = await browser.sign_in()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": SETTINGS.portal_client_id,
    }
    for wrong in ({}, {"client_secret": "wrong"}):
        answer = await browser.http.post("/portal/token", data=form | wrong)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert "Basic" in answer.headers["WWW-Authenticate"]
    right = await browser.http.post("/portal/token", data=form | {"client_secret": SETTINGS.portal_client_secret})
    assert right.status_code == 200
    assert right.headers["Cache-Control"] == "no-store"


async def test_other_grants_are_not_served(browser: Browser) -> None:
    answer = await browser.redeem(await browser.sign_in(), grant_type="password")
    assert answer.json()["error"] == "unsupported_grant_type"


async def test_the_portal_breaks_on_purpose_and_mends(browser: Browser) -> None:
    code = await browser.sign_in()
    await browser.http.post("/portal/faults", json={"endpoint": "token", "mode": "down", "times": 1})
    assert (await browser.redeem(code)).status_code == 503
    tokens = (await browser.redeem(code)).json()
    await browser.http.post("/portal/faults", json={"endpoint": "*", "mode": "error"})
    assert (await browser.who(tokens["access_token"])).status_code == 500
    assert (await browser.open_portal()).status_code == 500
    await browser.http.delete("/portal/faults")
    assert (await browser.who(tokens["access_token"])).status_code == 200
    unknown = await browser.http.post("/portal/faults", json={"endpoint": "moon", "mode": "down"})
    assert unknown.status_code == 404
    assert "moon" in unknown.json()["error"]
