"""Administrators manage the staff, groups and sessions, on pages and by calls; what is theirs alone is nobody else's."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from pyotp import TOTP

from core.domain.actor import Role
from core.domain.ids import StaffId
from core.domain.staff import StaffMembers
from core.ports import Transaction
from tests.api.office import PASSWORD, Browser, Office, problem

TEAM = {"name": "Первая смена", "networks": "", "topics": ["card", "booking"]}


async def id_of(office: Office, login: str) -> UUID:
    async with office.container() as inside, (await inside.get(Transaction)).looking():
        member = await (await inside.get(StaffMembers)).by_login(login)
    assert member is not None
    return member.id


@pytest.fixture
async def boss(office: Office) -> Any:
    """A browser of the administrator `igor`; `olga` is an operator."""
    await office.hires("igor", Role.ADMINISTRATOR)
    await office.hires("olga", Role.OPERATOR, name="Ольга <b>Речная</b>")
    async with office.browser(address="203.0.113.20") as browser:
        await browser.sits(office, "igor")
        yield browser


async def sends(browser: Browser, path: str, **form: object) -> httpx.Response:
    return await browser.post(path, data={"csrf": "secret-of-igor", **form})


async def calls(browser: Browser, method: str, path: str, json: object = None, login: str = "igor") -> httpx.Response:
    return await browser.request(method, path, json=json, headers={"X-CSRF-Token": f"secret-of-{login}"})


async def test_whoever_is_added_on_the_page_signs_in_with_what_is_shown_once(office: Office, boss: Browser):
    shown = await sends(boss, "/desk/staff", login="vera", name="Вера Тихая", role="operator")
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    password, groups = re.findall(r"<code>([^<]+)</code>", shown.text)
    assert "<svg" in shown.text
    assert "style=" not in shown.text
    async with office.browser() as browser:
        code = TOTP(groups.replace(" ", "")).at(office.clock.now())
        entered = await browser.signs_in(office, "vera", password=password, code=code)
        assert entered.headers["location"] == "/desk"
        assert (await browser.get("/desk")).headers["location"] == "/desk/own"
    listed = (await boss.get("/desk/staff")).text
    assert "Вера Тихая" in listed
    assert password not in listed
    assert "Ольга &lt;b&gt;Речная" in listed


async def test_what_stands_in_the_way_of_adding_is_said_beside_what_was_typed(boss: Browser):
    for form, said in (
        ({"login": "olga", "role": "operator"}, "Такой логин уже есть"),
        ({"login": "О!", "role": "operator"}, "Логин: от 3 до 32"),
        ({"login": "doc", "name": "", "role": "doctor"}, "нужно указать имя"),
    ):
        answer = await sends(boss, "/desk/staff", **form)
        assert answer.status_code in {409, 422}
        assert said in answer.text
        assert f'value="{form["login"]}"' in answer.text
    assert (await sends(boss, "/desk/staff", login="vera", role="king")).status_code == 404
    assert (await boss.post("/desk/staff", data={"login": "vera", "role": "operator"})).status_code == 403


async def test_a_member_is_given_a_duty_a_role_and_a_group(office: Office, boss: Browser):
    olga = await id_of(office, "olga")
    assert (await sends(boss, "/desk/teams", **TEAM)).headers["location"] == "/desk/teams?done=saved"
    team = re.search(r'name="team" value="([0-9a-f-]{36})"', (await boss.get("/desk/teams")).text)
    assert team is not None
    duty = {"capacity": "7", "skills": ["card"], "languages": ["ru"], "team": team[1]}
    done = await sends(boss, f"/desk/staff/{olga}/duty", **duty)
    page = (await boss.get(done.headers["location"])).text
    assert 'value="7"' in page
    assert f'<option value="{team[1]}" selected>' in page
    told = (await boss.get("/api/v1/staff")).json()["staff"]
    (mine,) = [each for each in told if each["login"] == "olga"]
    assert (mine["duty"]["capacity"], mine["duty"]["skills"], mine["duty"]["team"]) == (7, ["card"], team[1])
    for wrong in ({"capacity": "0"}, {"capacity": "x"}, {"skills": []}, {"languages": ["de"]}, {"team": "no"}):
        assert (await sends(boss, f"/desk/staff/{olga}/duty", **(duty | wrong))).status_code in {404, 422}
    await sends(boss, f"/desk/staff/{olga}/role", role="senior", name="Ольга Речная")
    assert "старший оператор" in (await boss.get(f"/desk/staff/{olga}")).text
    assert (await boss.get(f"/desk/staff/{UUID(int=5)}")).status_code == 404


async def test_a_group_that_cannot_be_is_explained_with_everything_still_there(boss: Browser):
    bad = await sends(boss, "/desk/teams", **(TEAM | {"networks": "203.0.113.0/24\nработа"}))
    assert bad.status_code == 422
    assert "Не получилось понять сеть «работа»" in bad.text
    assert "203.0.113.0/24" in bad.text
    await sends(boss, "/desk/teams", **TEAM)
    assert (await sends(boss, "/desk/teams", **TEAM)).status_code == 409
    answer = await calls(boss, "POST", "/api/v1/teams", {"name": "Ночь", "networks": ["2001:db8::/32"]})
    made = answer.json()
    assert (answer.status_code, made["networks"], made["version"]) == (201, ["2001:db8::/32"], 1)
    changed = await calls(boss, "PUT", f"/api/v1/teams/{made['id']}", {"name": "Ночная смена", "version": 1})
    assert changed.json() | {"id": ""} == {"id": "", "name": "Ночная смена", "networks": [], "topics": [], "version": 2}
    late = await calls(boss, "PUT", f"/api/v1/teams/{made['id']}", {"name": "Утро", "version": 1})
    assert problem(late, 409) == "urn:medkarta:problem:changed-meanwhile"
    assert (await calls(boss, "DELETE", f"/api/v1/teams/{made['id']}")).status_code == 204
    assert (await calls(boss, "DELETE", f"/api/v1/teams/{made['id']}")).status_code == 404


async def test_from_a_strange_network_neither_a_page_nor_a_call_nor_the_door_is_open(office: Office, boss: Browser):
    olga = await id_of(office, "olga")
    made = (await calls(boss, "POST", "/api/v1/teams", {"name": "Ночь", "networks": ["203.0.113.0/24"]})).json()
    async with office.browser(address="198.51.100.7") as away, office.browser(address="203.0.113.9") as inside:
        await away.sits(office, "olga")
        inside.cookies.update(away.cookies)
        assert (await away.get("/api/v1/me")).status_code == 200
        duty = {"capacity": 5, "skills": ["card"], "languages": ["ru"], "team": made["id"]}
        assert (await calls(boss, "PUT", f"/api/v1/staff/{olga}/duty", duty)).status_code == 200
        assert problem(await away.get("/api/v1/me"), 403) == "urn:medkarta:problem:network-refused"
        page = await away.get("/desk/sessions")
        assert page.status_code == 403
        assert "только из сетей" in page.text
        assert (await inside.get("/api/v1/me")).status_code == 200
        # What a stranger writes about proxies changes nothing.
        spoofed = await away.get("/api/v1/me", headers={"X-Forwarded-For": "203.0.113.9"})
        assert spoofed.status_code == 403
    async with office.browser(address="198.51.100.8") as door:
        refused = await door.signs_in(office, "olga")
        assert refused.status_code == 403
        assert "только из сетей" in refused.text
        assert "medkarta_desk=" not in str(refused.headers)
        guessed = await door.signs_in(office, "olga", password="not the password")
        assert "только из сетей" not in guessed.text


async def test_the_last_administrator_cannot_be_put_out_by_themselves(office: Office, boss: Browser):
    igor = await id_of(office, "igor")
    for path, form in (("disable", {}), ("role", {"role": "senior", "name": "Игорь"})):
        answer = await sends(boss, f"/desk/staff/{igor}/{path}", **form)
        assert answer.status_code == 409
        assert "управлять сотрудниками будет некому" in answer.text
    refused = await calls(boss, "POST", f"/api/v1/staff/{igor}/disable")
    assert problem(refused, 409) == "urn:medkarta:problem:last-administrator"
    shut = {"name": "Управление", "networks": ["198.51.100.0/24"]}
    made = (await calls(boss, "POST", "/api/v1/teams", shut)).json()
    duty = {"capacity": 5, "skills": ["card"], "languages": ["ru"], "team": made["id"]}
    assert problem(await calls(boss, "PUT", f"/api/v1/staff/{igor}/duty", duty), 409).endswith("self-shut-out")


async def test_a_role_taken_away_is_gone_from_the_open_session_at_once(office: Office, boss: Browser):
    olga = await id_of(office, "olga")
    async with office.browser() as browser:
        await browser.sits(office, "olga")
        assert (await calls(browser, "PUT", "/api/v1/presence", {"presence": "here"}, "olga")).status_code == 200
        changed = await calls(boss, "PUT", f"/api/v1/staff/{olga}/role", {"role": "accountant", "name": "Ольга"})
        assert changed.status_code == 204
        assert (await browser.get("/api/v1/me")).json()["role"] == "accountant"
        refused = await calls(browser, "PUT", "/api/v1/presence", {"presence": "here"}, "olga")
        assert problem(refused, 403) == "urn:medkarta:problem:role-refused"
        assert (await calls(boss, "POST", f"/api/v1/staff/{olga}/disable")).status_code == 204
        assert problem(await browser.get("/api/v1/me"), 401) == "urn:medkarta:problem:session-gone"


async def test_a_lock_is_shown_to_the_administrator_who_takes_it_away(office: Office, boss: Browser):
    olga = await id_of(office, "olga")
    for number in range(5):
        # From five addresses: the limit is the account's.
        async with office.browser(address=f"198.51.100.{number}") as guesser:
            await guesser.signs_in(office, "olga", code="000000")
    page = (await boss.get(f"/desk/staff/{olga}")).text
    assert "закрыт до 09:15" in page
    assert "Ошибок подряд: 5" in page
    async with office.browser() as browser:
        assert (await browser.signs_in(office, "olga")).status_code == 429
        assert (await sends(boss, f"/desk/staff/{olga}/enable")).status_code == 303
        assert (await browser.signs_in(office, "olga")).status_code == 303


async def test_sessions_are_seen_and_ended_their_own_and_by_an_administrator_others(office: Office, boss: Browser):
    olga = await id_of(office, "olga")
    async with office.browser() as laptop, office.browser() as phone, office.browser() as vera:
        laptop.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"
        assert (await laptop.signs_in(office, "olga")).status_code == 303
        office.clock.passes(seconds=31)
        assert (await phone.signs_in(office, "olga")).status_code == 303
        page = (await laptop.get("/desk/sessions")).text
        assert "Firefox</strong>, Windows" in page
        assert "этот сеанс" in page
        assert "127.0.0.1" not in page
        found = (await laptop.get("/api/v1/sessions")).json()["sessions"]
        (other,) = [each["id"] for each in found if not each["current"]]
        (own,) = [each["id"] for each in found if each["current"]]
        csrf = (await laptop.get("/api/v1/me")).json()["csrf"]
        # Knowing how a session is called opens nothing.
        await office.hires("vera", Role.OPERATOR, name="Вера")
        await vera.sits(office, "vera")
        stolen = await calls(vera, "DELETE", f"/api/v1/sessions/{own}", login="vera")
        assert problem(stolen, 404) == "urn:medkarta:problem:not-there"
        assert (await vera.get(f"/api/v1/staff/{olga}/sessions")).status_code == 403
        ended = await laptop.post(f"/desk/sessions/{other}/end", data={"csrf": csrf})
        assert ended.headers["location"] == "/desk/sessions?done=true"
        assert (await phone.get("/api/v1/me")).status_code == 401
        assert len((await boss.get(f"/api/v1/staff/{olga}/sessions")).json()["sessions"]) == 1
        assert (await calls(boss, "DELETE", f"/api/v1/staff/{olga}/sessions")).json() == {"ended": 1}
        assert (await laptop.get("/api/v1/me")).status_code == 401


async def test_an_operator_says_whether_they_are_here_and_sees_who_answers_and_no_more(office: Office, boss: Browser):
    await office.hires("rita", Role.REGISTRAR, name="Рита Ясная")
    async with office.browser() as browser:
        await browser.sits(office, "olga")
        said = await calls(browser, "PUT", "/api/v1/presence", {"presence": "away"}, "olga")
        assert (said.status_code, said.json()["presence"]) == (200, "away")
        seen = await calls(browser, "POST", "/api/v1/presence/seen", None, "olga")
        assert (seen.status_code, seen.json()["presence"]) == (200, "away")
        listed = (await browser.get("/api/v1/staff")).json()
        assert [each["login"] for each in listed["staff"]] == ["igor", "olga"]
        assert {each["locked_until"] for each in listed["staff"]} == {None}
        assert {each["sessions"] for each in listed["staff"]} == {None}
        assert (await browser.get("/api/v1/teams")).status_code == 200
        for method, path in (
            ("POST", "/api/v1/staff"),
            ("POST", f"/api/v1/staff/{UUID(int=1)}/secrets"),
            ("PUT", f"/api/v1/staff/{UUID(int=1)}/role"),
            ("POST", "/api/v1/teams"),
        ):
            assert (await calls(browser, method, path, {}, "olga")).status_code in {403, 422}
        for page in ("/desk/staff", "/desk/teams", f"/desk/staff/{StaffId(UUID(int=1))}"):
            assert (await browser.get(page)).status_code == 403


async def test_the_list_is_read_on_by_its_cursor(boss: Browser):
    first = (await boss.get("/api/v1/staff?limit=1")).json()
    assert ([each["login"] for each in first["staff"]], first["next"]) == (["igor"], "igor")
    rest = (await boss.get("/api/v1/staff", params={"after": first["next"]})).json()
    assert ([each["login"] for each in rest["staff"]], rest["next"]) == (["olga"], None)


async def test_new_secrets_end_what_the_old_ones_opened(office: Office, boss: Browser):
    olga = await id_of(office, "olga")
    async with office.browser() as browser:
        await browser.sits(office, "olga")
        new = (await calls(boss, "POST", f"/api/v1/staff/{olga}/secrets")).json()
        assert new["totp_uri"].startswith("otpauth://totp/")
        assert (await browser.get("/api/v1/me")).status_code == 401
        assert (await browser.signs_in(office, "olga")).status_code == 401
        code = TOTP(new["totp_secret"]).at(office.clock.now())
        assert (await browser.signs_in(office, "olga", password=new["password"], code=code)).status_code == 303


async def test_a_member_takes_another_password_and_wrong_tries_count_as_at_the_door(office: Office, boss: Browser):
    new = "another horse battery"
    async with office.browser() as here, office.browser() as other:
        assert (await here.signs_in(office, "olga")).status_code == 303
        office.clock.passes(seconds=31)
        assert (await other.signs_in(office, "olga")).status_code == 303
        csrf = (await here.get("/api/v1/me")).json()["csrf"]
        office.clock.passes(seconds=31)

        async def change(**more: str) -> httpx.Response:
            form = {"csrf": csrf, "password": PASSWORD, "code": office.code(), "new": new} | more
            return await here.post("/desk/sessions/password", data=form)

        for weak in ("short", PASSWORD, "it is olga herself"):
            assert "Пароль не подходит" in (await change(new=weak)).text
        assert (await change(password="not the password")).status_code == 401
        assert (await change(code="000000")).status_code == 401
        done = await change()
        assert (done.status_code, "Пароль сменён" in done.text) == (200, True)
        assert (await here.get("/api/v1/me")).status_code == 200
        assert (await other.get("/api/v1/me")).status_code == 401
        office.clock.passes(seconds=31)
        assert (await other.signs_in(office, "olga")).status_code == 401
        assert (await other.signs_in(office, "olga", password=new)).status_code == 303
        for _ in range(5):
            body = {"password": "not the password", "code": "000000", "new": "yet another horse"}
            wrong = await here.put("/api/v1/me/password", json=body, headers={"X-CSRF-Token": csrf})
            assert wrong.status_code == 401
        office.clock.passes(seconds=31)
        assert (await change(password=new, new="yet another horse")).status_code == 429
