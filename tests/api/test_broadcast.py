"""Broadcasts at the desk: written, looked at, sent, watched; by administrators alone."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core.domain.actor import Role
from core.domain.ids import new_id
from core.services.broadcast import TendBroadcast
from core.services.idempotency import ForgetCalls
from tests.api.office import Browser, Office, person, problem

TEXT = "В субботу поликлиника открыта до 20:00. https://example.org/saturday"
BODY: Mapping[str, Any] = {"texts": {"ru": TEXT}}


@pytest.fixture
async def boss(office: Office) -> AsyncIterator[Browser]:
    """A browser in which the administrator `igor` is signed in; writes of programs carry their secret."""
    await office.hires("igor", Role.ADMINISTRATOR)
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "igor")
        yield browser


async def written(boss: Browser, **more: Any) -> dict[str, Any]:
    answer = await boss.post("/api/v1/broadcasts", json={**BODY, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def sent(boss: Browser, address: str, **form: Any) -> httpx.Response:
    """Send a form of a page."""
    return await boss.post(address, data={"csrf": "secret-of-igor", **form})


async def works(office: Office) -> None:
    """Let the worker look after broadcasts."""
    while True:
        async with office.container() as inside:
            if not await (await inside.get(TendBroadcast))():
                return


async def test_the_empty_list_says_so_and_leads_to_the_form(office: Office, boss: Browser):
    page = (await boss.get("/desk/broadcasts")).text
    assert "Рассылок ещё не было" in page
    assert 'href="/desk/broadcasts/new"' in page
    assert 'aria-current="page">Рассылки' in page


async def test_a_written_one_is_shown_as_people_will_see_it_with_the_count(office: Office, boss: Browser):
    await office.knows(person("Анна", "Ильина"))
    await office.knows(person("Пётр", "Громов"))
    made = await sent(boss, "/desk/broadcasts/new", ru=TEXT, youngest="18")
    page = (await boss.get(made.headers["location"])).text
    assert "Так увидят люди" in page
    assert '<a href="https://example.org/saturday" rel="noopener">' in page
    assert re.search(r'class="reach digits">2<', page)
    assert "никому ничего не отправлено" in page
    assert "30–39" in page
    assert "Возраст: от 18" in page
    assert (await boss.get("/desk/broadcasts")).text.count("Черновик") == 1


async def test_what_staff_type_is_words_never_a_script(office: Office, boss: Browser):
    nasty = '<script>alert(1)</script> javascript:alert(2) "><img src=x>'
    made = await sent(boss, "/desk/broadcasts/new", ru=nasty, en=nasty, title=nasty)
    for address in ("/desk/broadcasts", made.headers["location"], f"{made.headers['location']}/edit"):
        page = (await boss.get(address)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


async def test_a_form_that_is_wrong_keeps_everything_that_was_typed(office: Office, boss: Browser):
    answer = await sent(
        boss,
        "/desk/broadcasts/new",
        ru="  ",
        en="Open until 8 p.m.",
        title="Суббота",
        region=["66", "77"],
        language="ru",
        topic="results",
        urgent="yes",
    )
    assert answer.status_code == 422
    assert "Напишите текст на русском" in answer.text
    for kept in (
        "Open until 8 p.m.</textarea>",
        'value="Суббота"',
        'name="region" value="66" checked',
        'name="region" value="77" checked',
        'name="language" value="ru" checked',
        '<option value="results" selected>',
        'name="urgent" value="yes" checked',
    ):
        assert kept in answer.text, kept


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"ru": "я" * 4100}, "лишних знаков 4"),
        ({"ru": TEXT, "youngest": "60", "oldest": "18"}, "возраст от 0 до 120"),
        ({"ru": TEXT, "youngest": "старше"}, "возраст от 0 до 120"),
        ({"ru": TEXT, "region": "00"}, "номер из двух цифр"),
        ({"ru": TEXT, "topic": "gossip"}, "Проверьте, кому"),
    ],
)
async def test_what_is_wrong_is_said_in_one_sentence(boss: Browser, form: dict[str, str], says: str):
    answer = await sent(boss, "/desk/broadcasts/new", **form)
    assert answer.status_code == 422
    assert says in answer.text


async def test_a_form_sent_twice_makes_one_draft(boss: Browser):
    key = re.search(r'name="key" value="([^"]+)"', (await boss.get("/desk/broadcasts/new")).text)
    assert key
    first = await sent(boss, "/desk/broadcasts/new", ru=TEXT, key=key[1])
    again = await sent(boss, "/desk/broadcasts/new", ru=TEXT, key=key[1])
    assert first.headers["location"] == again.headers["location"]
    other = await sent(boss, "/desk/broadcasts/new", ru="Другое", key=key[1])
    assert other.status_code == 422
    assert "уже сделан черновик" in other.text
    assert len((await boss.get("/api/v1/broadcasts")).json()["broadcasts"]) == 1


async def test_a_draft_is_corrected_and_a_launched_one_is_not(boss: Browser):
    draft = await written(boss)
    place = f"/desk/broadcasts/{draft['id']}"
    assert f"{TEXT}</textarea>" in (await boss.get(f"{place}/edit")).text
    assert (await sent(boss, f"{place}/edit", ru="Исправлено")).headers["location"] == place
    assert "Исправлено" in (await boss.get(place)).text
    await sent(boss, f"{place}/launch")
    assert (await boss.get(f"{place}/edit")).headers["location"] == place
    late = await sent(boss, f"{place}/edit", ru="Поздно")
    assert late.status_code == 409
    assert "уже что-то сделали до вас" in late.text


async def test_it_is_sent_watched_halted_and_taken_back(office: Office, boss: Browser):
    await office.knows(person("Анна", "Ильина"))
    place = f"/desk/broadcasts/{(await written(boss))['id']}"
    assert (await sent(boss, f"{place}/launch")).headers["location"] == place
    await works(office)
    office.clock.passes(seconds=5)
    await works(office)
    page = (await boss.get(place)).text
    assert "Отправляется" in page
    assert re.search(r'data-word="waiting">1<', page)
    assert "/static/broadcast.js" in page
    assert (await sent(boss, f"{place}/pause")).status_code == 303
    page = (await boss.get(place)).text
    assert "На паузе" in page
    assert re.search(r'data-word="held">1<', page)
    assert (await sent(boss, f"{place}/resume")).status_code == 303
    assert (await sent(boss, f"{place}/cancel")).status_code == 303
    await works(office)
    page = (await boss.get(place)).text
    assert "Итог" in page
    assert re.search(r'data-word="cancelled">1<', page)
    assert "/static/broadcast.js" not in page
    again = await sent(boss, f"{place}/pause")
    assert again.status_code == 409
    assert "Итог" in again.text


async def test_a_time_is_told_in_moscow_and_the_past_is_refused_on_the_same_page(office: Office, boss: Browser):
    draft = await written(boss)
    place = f"/desk/broadcasts/{draft['id']}"
    past = await sent(boss, f"{place}/launch", when="later", at="2026-11-23T08:00")
    assert past.status_code == 422
    assert "которое ещё не прошло" in past.text
    assert 'value="2026-11-23T08:00"' in past.text
    await sent(boss, f"{place}/launch", when="later", at="2026-11-23T10:30")
    assert "Уйдёт 23 ноября, 10:30 по Москве" in (await boss.get(place)).text
    told = (await boss.get(f"/api/v1/broadcasts/{draft['id']}")).json()
    assert (told["state"], told["scheduled_at"]) == ("scheduled", "2026-11-23T07:30:00Z")


async def test_a_program_does_the_same(office: Office, boss: Browser):
    await office.knows(person("Анна", "Ильина"))
    draft = await written(boss, segment={"youngest": 18, "oldest": 60}, title="Суббота")
    address = f"/api/v1/broadcasts/{draft['id']}"
    reach = (await boss.get(f"{address}/reach")).json()
    assert (reach["people"], reach["by_age"], reach["whole"]) == (1, {"30": 1}, True)
    changed = (await boss.put(address, json={**BODY, "urgent": True})).json()
    assert (changed["urgent"], changed["title"]) == (True, TEXT)
    launched = (await boss.post(f"{address}/launch", json={})).json()
    assert launched["state"] == "scheduled"
    assert problem(await boss.post(f"{address}/launch", json={}), 409) == "urn:medkarta:problem:broadcast-moved"
    await works(office)
    paused = (await boss.post(f"{address}/pause")).json()
    assert (paused["state"], paused["counts"]["held"]) == ("paused", 1)
    assert (await boss.post(f"{address}/resume")).json()["state"] == "sending"
    cancelled = (await boss.post(f"{address}/cancel")).json()
    assert (cancelled["state"], cancelled["counts"]["cancelled"]) == ("cancelled", 1)
    assert cancelled["said"]["cancelled"] == "1"


async def test_a_repeated_key_of_a_program_is_one_broadcast(boss: Browser):
    key = {"Idempotency-Key": "saturday-1"}
    first = await boss.post("/api/v1/broadcasts", json=BODY, headers=key)
    again = await boss.post("/api/v1/broadcasts", json=BODY, headers=key)
    assert first.json()["id"] == again.json()["id"]
    other = await boss.post("/api/v1/broadcasts", json={"texts": {"ru": "Другое"}}, headers=key)
    assert problem(other, 422) == "urn:medkarta:problem:key-taken"


async def test_a_key_of_a_broadcast_is_known_longer_than_answers_are_kept(office: Office, boss: Browser):
    key = {"Idempotency-Key": "saturday-1"}
    first = await boss.post("/api/v1/broadcasts", json=BODY, headers=key)
    async with office.container() as inside:
        office.clock.passes(hours=25)
        assert await (await inside.get(ForgetCalls))() == 1
    await boss.sits(office, "igor")
    again = await boss.post("/api/v1/broadcasts", json=BODY, headers=key)
    assert first.json()["id"] == again.json()["id"]
    other = await boss.post("/api/v1/broadcasts", json={"texts": {"ru": "Другое"}}, headers={"Idempotency-Key": "new"})
    assert other.json()["id"] != first.json()["id"]


async def test_a_time_without_a_zone_and_a_time_past_are_refused_to_a_program(office: Office, boss: Browser):
    address = f"/api/v1/broadcasts/{(await written(boss))['id']}/launch"
    assert (
        problem(await boss.post(address, json={"at": "2026-11-24T10:00:00"}), 422) == "urn:medkarta:problem:malformed"
    )
    past = (office.clock.now() - timedelta(hours=1)).isoformat()
    assert problem(await boss.post(address, json={"at": past}), 422) == "urn:medkarta:problem:bad-moment"


async def test_only_administrators_see_and_do_any_of_it(office: Office, boss: Browser):
    draft = await written(boss)
    place, address = f"/desk/broadcasts/{draft['id']}", f"/api/v1/broadcasts/{draft['id']}"
    for login, role in (("zoya", Role.REVIEWER), ("vera", Role.AUDITOR)):
        await office.hires(login, role)
        async with office.browser() as other:
            secret = await other.sits(office, login)
            other.headers["X-CSRF-Token"] = secret
            for page in ("/desk/broadcasts", "/desk/broadcasts/new", place, f"{place}/edit"):
                assert (await other.get(page)).status_code == 403
            for page in ("new", f"{draft['id']}/launch", f"{draft['id']}/cancel"):
                form = {"csrf": secret, "ru": TEXT}
                assert (await other.post(f"/desk/broadcasts/{page}", data=form)).status_code == 403
            assert problem(await other.get("/api/v1/broadcasts"), 403) == "urn:medkarta:problem:role-refused"
            assert problem(await other.post("/api/v1/broadcasts", json=BODY), 403).endswith("role-refused")
            assert problem(await other.post(f"{address}/launch", json={}), 403).endswith("role-refused")
    await office.hires("anna")
    async with office.browser() as other:
        await other.sits(office, "anna")
        assert "/desk/broadcasts" not in (await other.get("/desk")).text


async def test_a_form_of_another_site_launches_nothing(boss: Browser):
    draft = await written(boss)
    forged = await boss.post(f"/desk/broadcasts/{draft['id']}/launch", data={"csrf": "guessed"})
    assert forged.status_code == 403
    del boss.headers["X-CSRF-Token"]
    assert problem(await boss.post(f"/api/v1/broadcasts/{draft['id']}/launch", json={}), 403).endswith("form-refused")
    assert (await boss.get(f"/api/v1/broadcasts/{draft['id']}")).json()["state"] == "draft"


async def test_a_broadcast_that_is_not_there_is_not_there(office: Office, boss: Browser):
    nowhere = new_id(office.clock.now())
    assert (await boss.get(f"/desk/broadcasts/{nowhere}")).status_code == 404
    assert problem(await boss.get(f"/api/v1/broadcasts/{nowhere}"), 404) == "urn:medkarta:problem:not-there"


async def test_whoever_has_to_sign_in_comes_back_to_the_list(office: Office, boss: Browser):
    async with office.browser() as stranger:
        page = await stranger.get("/desk/broadcasts")
        assert page.headers["location"] == "/desk/sign-in?next=/desk/broadcasts"
        form = await stranger.get(page.headers["location"])
        assert 'name="next" value="/desk/broadcasts"' in form.text
