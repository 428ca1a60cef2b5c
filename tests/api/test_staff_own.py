"""Whoever was handed a password and a key takes their own, and nothing works before that."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from pyotp import TOTP

from core.domain.actor import Role
from core.services.staff import AddStaff, NewMember, ResetStaff
from tests.api.office import Browser, Office, problem

OWN = "сорок две синие чашки"


@dataclass
class Newcomer:
    """Somebody who was added at the desk a moment ago."""

    office: Office
    browser: Browser
    given: NewMember

    def code(self, secret: str) -> str:
        return TOTP(secret).at(self.office.clock.now())

    async def enters(self, password: str | None = None, secret: str | None = None) -> str:
        """Sign in; return where the desk leads to."""
        code = self.code(secret or self.given.totp_secret)
        answer = await self.browser.signs_in(self.office, "olga", password=password or self.given.password, code=code)
        assert answer.status_code == 303, answer.text
        return str((await self.browser.get(answer.headers["location"])).headers.get("location", ""))

    async def secret(self) -> str:
        """Return the key that the page shows."""
        page = (await self.browser.get("/desk/own")).text
        return page.split("<code>")[1].split("</code>")[0].replace(" ", "")


@pytest.fixture
async def olga(office: Office) -> AsyncIterator[Newcomer]:
    """An operator who has the secrets that somebody gave her."""
    async with office.container() as inside:
        given = await (await inside.get(AddStaff))("olga", "Ольга Серова", Role.OPERATOR)
    async with office.browser() as browser:
        yield Newcomer(office, browser, given)


async def test_the_first_sign_in_leads_to_secrets_of_ones_own_and_nowhere_else(olga: Newcomer):
    assert await olga.enters() == "/desk/own"
    for path in ("/desk", "/desk/talks", "/desk/sessions", "/desk/articles"):
        assert (await olga.browser.get(path)).headers["location"] == "/desk/own", path
    form = {"csrf": await olga.browser.secret_on("/desk/own")}
    refused = await olga.browser.post("/desk/talks/presence", data=form | {"presence": "here"})
    assert refused.headers["location"] == "/desk/own"
    for path in ("/me", "/conversations", "/sessions", "/events"):
        assert problem(await olga.browser.get(f"/api/v1{path}"), 403) == "urn:medkarta:problem:own-secrets-first", path
    page = (await olga.browser.get("/desk/own")).text
    assert "Вы вошли как olga" in page
    assert "/desk/talks" not in page
    secret = await olga.secret()
    assert secret == await olga.secret()
    assert secret != olga.given.totp_secret
    taken = await olga.browser.post("/desk/own", data=form | {"new": OWN, "code": olga.code(secret)})
    assert (taken.status_code, taken.headers["location"]) == (303, "/desk")
    assert (await olga.browser.get("/desk/talks")).status_code == 200
    assert (await olga.browser.get("/desk/own")).headers["location"] == "/desk"


async def test_what_was_handed_opens_nothing_afterwards_and_what_was_taken_does(olga: Newcomer, office: Office):
    await olga.enters()
    secret, form = await olga.secret(), {"csrf": await olga.browser.secret_on("/desk/own")}
    await olga.browser.post("/desk/own", data=form | {"new": OWN, "code": olga.code(secret)})
    office.clock.passes(seconds=60)
    async with office.browser() as other:
        former = await other.signs_in(
            office, "olga", password=olga.given.password, code=olga.code(olga.given.totp_secret)
        )
        assert former.status_code == 401
        own = await other.signs_in(office, "olga", password=OWN, code=olga.code(secret))
        assert own.headers["location"] == "/desk"
        assert (await other.get("/desk/talks")).status_code == 200


async def test_a_weak_password_and_a_code_of_the_former_key_leave_everything_as_it_was(olga: Newcomer):
    await olga.enters()
    secret, form = await olga.secret(), {"csrf": await olga.browser.secret_on("/desk/own")}
    for new in ("short", olga.given.password, "это логин olga внутри"):
        weak = await olga.browser.post("/desk/own", data=form | {"new": new, "code": olga.code(secret)})
        assert weak.status_code == 422
        assert "Пароль не подходит" in weak.text
        assert secret in weak.text.replace(" ", "")
    wrong = await olga.browser.post("/desk/own", data=form | {"new": OWN, "code": olga.code(olga.given.totp_secret)})
    assert wrong.status_code == 422
    assert "Код не подошёл" in wrong.text
    assert (await olga.browser.get("/desk/talks")).headers["location"] == "/desk/own"
    forged = await olga.browser.post("/desk/own", data={"csrf": "guessed", "new": OWN, "code": olga.code(secret)})
    assert forged.status_code == 403


async def test_whoever_gave_the_secrets_sees_another_key_and_is_out_once_the_owner_has_theirs(
    olga: Newcomer, office: Office
):
    async with office.browser() as giver:
        await giver.signs_in(office, "olga", password=olga.given.password, code=olga.code(olga.given.totp_secret))
        seen = await Newcomer(office, giver, olga.given).secret()
        office.clock.passes(seconds=30)
        await olga.enters()
        secret, form = await olga.secret(), {"csrf": await olga.browser.secret_on("/desk/own")}
        assert secret != seen
        await olga.browser.post("/desk/own", data=form | {"new": OWN, "code": olga.code(secret)})
        assert (await giver.get("/desk/own")).headers["location"].startswith("/desk/sign-in")


async def test_programs_do_the_same_and_a_reset_begins_anew(olga: Newcomer, office: Office):
    program = olga.browser
    said = {"login": "olga", "password": olga.given.password, "code": olga.code(olga.given.totp_secret)}
    me = (await program.post("/api/v1/sessions", json=said)).json()
    assert me["own_secrets_first"] is True
    program.headers["X-CSRF-Token"] = me["csrf"]
    key = (await program.post("/api/v1/me/authenticator")).json()
    body = {"new": OWN, "code": "000000"}
    assert problem(await program.put("/api/v1/me/secrets", json=body), 422) == "urn:medkarta:problem:wrong-new-code"
    body["code"] = olga.code(key["totp_secret"])
    taken = [await program.put("/api/v1/me/secrets", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [each.status_code for each in taken] == [204, 204]
    assert (await program.get("/api/v1/me")).json()["own_secrets_first"] is False
    assert problem(await program.post("/api/v1/me/authenticator"), 404) == "urn:medkarta:problem:not-there"
    async with office.container() as inside:
        olga.given = await (await inside.get(ResetStaff))("olga")
    assert (await program.get("/api/v1/me")).status_code == 401
    office.clock.passes(seconds=60)
    assert await olga.enters() == "/desk/own"


async def test_whoever_does_not_want_to_can_leave(olga: Newcomer):
    await olga.enters()
    form = {"csrf": await olga.browser.secret_on("/desk/own")}
    assert (await olga.browser.post("/desk/sign-out", data=form)).headers["location"] == "/desk/sign-in"
    assert (await olga.browser.get("/desk/own")).headers["location"].startswith("/desk/sign-in")


async def test_who_has_had_secrets_for_long_is_asked_for_nothing(office: Office):
    await office.hires("zoya")
    async with office.browser() as browser:
        assert (await browser.signs_in(office, "zoya")).headers["location"] == "/desk"
        assert (await browser.get("/desk")).status_code == 200


async def test_what_was_handed_over_lapses_after_72_hours_and_an_administrator_gives_new(
    olga: Newcomer, office: Office
):
    office.clock.passes(hours=71, minutes=59)
    assert await olga.enters() == "/desk/own"
    office.clock.passes(minutes=1)
    said = {"login": "olga", "password": olga.given.password, "code": olga.code(olga.given.totp_secret)}
    async with office.browser() as late:
        lapsed = await late.signs_in(office, "olga", password=said["password"], code=said["code"])
        assert lapsed.status_code == 403
        assert "Попросите администратора выдать новые" in lapsed.text
        office.clock.passes(seconds=30)
        said["code"] = olga.code(olga.given.totp_secret)
        wrong = await late.post("/api/v1/sessions", json=said | {"password": "not this one"})
        assert problem(wrong, 401) == "urn:medkarta:problem:wrong-sign-in"
        refused = await late.post("/api/v1/sessions", json=said)
        assert problem(refused, 403) == "urn:medkarta:problem:secrets-lapsed"
    await office.hires("igor", Role.ADMINISTRATOR)
    async with office.browser() as steward:
        form = {"csrf": await steward.sits(office, "igor")}
        (member,) = [each for each in (await steward.get("/api/v1/staff")).json()["staff"] if each["login"] == "olga"]
        assert member["handed_until"] == "2026-11-26T06:00:00Z"
        page = (await steward.get(f"/desk/staff/{member['id']}")).text
        assert "пароль истёк" in page
        assert "Переданные пароль и ключ истекли" in page
        given = (await steward.post(f"/desk/staff/{member['id']}/secrets", data=form)).text
        assert "Эти действуют до 29 ноября" in given
        password, secret = (part.split("</code>")[0].replace(" ", "") for part in given.split("<code>")[1:3])
        assert "ещё не входил" in (await steward.get(f"/desk/staff/{member['id']}")).text
    assert await olga.enters(password=password, secret=secret) == "/desk/own"


async def test_a_key_of_ones_own_never_lapses(olga: Newcomer, office: Office):
    await olga.enters()
    secret, form = await olga.secret(), {"csrf": await olga.browser.secret_on("/desk/own")}
    await olga.browser.post("/desk/own", data=form | {"new": OWN, "code": olga.code(secret)})
    office.clock.passes(days=30)
    async with office.browser() as later:
        entered = await later.signs_in(office, "olga", password=OWN, code=olga.code(secret))
        assert entered.headers["location"] == "/desk"
