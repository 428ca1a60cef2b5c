"""Where programs are told of tickets: kept by administrators, the secret shown once, what came to nothing sent again."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from core import ports
from core.domain.actor import Role
from core.domain.hook import HookEvent, Hooks
from core.domain.reach import Reach
from core.services.hook import ListHooks, TellPrograms
from tests.api.office import Office, problem
from tests.api.talking import Member, at_desk, requests

NOTHING = "01932f00-0000-7000-8000-000000000001"
URL = "https://hooks.example.org/told"
WANTED = {"url": URL, "events": ["ticket.created", "ticket.status_changed"]}


class Nobody:
    """Programs outside: none of them answers."""

    reach = Reach()

    def fresh_secret(self) -> str:
        return "whsec_c2VjcmV0"

    async def send(self, _due: object, _at: object) -> int:
        raise ports.Unavailable("hook")


@pytest.fixture
async def head(office: Office) -> AsyncIterator[Member]:
    """An administrator."""
    async with at_desk(office, "zoya", Role.ADMINISTRATOR) as member:
        yield member


async def given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket was made, and nobody answered for a day."""
    await requests(office)
    for _ in range(60):
        async with office.container() as inside:
            tell = await inside.get(TellPrograms)
            object.__setattr__(tell, "post", Nobody())
            await tell()
        office.clock.passes(minutes=30)


async def test_an_address_shows_its_secret_once(head: Member) -> None:
    made = await head.posts("/hooks", WANTED)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    (kept,) = (await head.get("/hooks")).json()["hooks"]
    assert (kept["url"], kept["events"], kept["given_up"]) == (URL, WANTED["events"], 0)
    assert "secret" not in kept
    assert (await head.does("DELETE", f"/hooks/{kept['id']}")).status_code == 204
    assert problem(await head.does("DELETE", f"/hooks/{kept['id']}"), 404) == "urn:medkarta:problem:not-there"


async def test_a_secret_is_changed_for_a_day_of_both_and_an_address_is_switched_off(
    head: Member, office: Office
) -> None:
    made = (await head.posts("/hooks", WANTED)).json()
    where = f"/hooks/{made['id']}"
    first, second = [(await head.posts(f"{where}/secret", key=key)).json() for key in ("once", "twice")]
    assert problem(await head.posts(f"{where}/secret", key="twice"), 409).endswith("answer-withheld")
    assert len({made["secret"], first["secret"], second["secret"]}) == 3
    (kept,) = (await head.get("/hooks")).json()["hooks"]
    until = office.clock.now() + timedelta(days=1)
    assert (datetime.fromisoformat(kept["both_sign_until"]), kept["off"], "secret" in kept) == (until, False, False)
    assert (await head.does("PUT", f"{where}/off", {"off": True})).status_code == 204
    await requests(office)
    assert (await head.get(f"{where}/tellings")).json()["tellings"] == []
    assert (await head.get("/hooks")).json()["hooks"][0]["off"] is True
    assert problem(await head.does("PUT", f"{where}/off", {"off": "maybe"}), 422).endswith("malformed")
    async with at_desk(office, "olga", Role.SENIOR) as olga:
        assert problem(await olga.posts(f"{where}/secret"), 403) == "urn:medkarta:problem:role-refused"
        assert problem(await olga.does("PUT", f"{where}/off", {"off": True}), 403).endswith("role-refused")
    office.clock.passes(days=1)
    later = Member(head.browser, await head.browser.sits(office, "zoya"))
    assert (await later.get("/hooks")).json()["hooks"][0]["both_sign_until"] is None
    assert problem(await later.posts(f"/hooks/{NOTHING}/secret"), 404) == "urn:medkarta:problem:not-there"


async def test_no_key_of_a_call_brings_the_secret_back(head: Member) -> None:
    first, second = [await head.posts("/hooks", WANTED, key="once") for _ in range(2)]
    assert problem(second, 409) == "urn:medkarta:problem:answer-withheld"
    assert first.json()["secret"] not in second.text
    assert len((await head.get("/hooks")).json()["hooks"]) == 1


async def test_what_collided_with_another_change_is_refused_with_a_sentence(
    head: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def collides(*_args: object, **_how: object) -> None:
        raise ports.Collided

    monkeypatch.setattr(ListHooks, "__call__", collides)
    answer = await head.get("/hooks")
    assert problem(answer, 409).endswith("collided")
    assert "Повторите" in answer.json()["detail"]


@pytest.mark.parametrize("url", ["http://example.org/", "https://169.254.169.254/latest", "https://localhost/", "x"])
async def test_an_address_that_leads_nowhere_or_inside_is_refused(
    head: Member, office: Office, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    post = await office.container.get(ports.HookPost)
    monkeypatch.setattr(post, "reach", Reach())
    assert problem(await head.posts("/hooks", WANTED | {"url": url}), 422) == "urn:medkarta:problem:hook-wrong"


async def test_a_ticket_is_told_and_what_came_to_nothing_is_sent_again(
    head: Member, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = (await head.posts("/hooks", WANTED)).json()["id"]
    async with office.container() as inside:
        assert HookEvent.TICKET_CREATED in (await _all(inside))[0].events
    await given_up(office, monkeypatch)
    member = Member(head.browser, await head.browser.sits(office, "zoya"))
    (telling,) = (await member.get(f"/hooks/{hook}/tellings")).json()["tellings"]
    assert (telling["event"], telling["state"], telling["status"]) == ("ticket.created", "given_up", None)
    assert "Ильина" not in telling["body"]
    page = await member.browser.get(f"/desk/hooks/{hook}")
    assert "не доставлено" in page.text
    assert "Отправить ещё раз" in page.text
    assert "Не доставлено за сутки: 1" in (await member.browser.get("/desk/hooks")).text
    again = await member.posts(f"/hooks/{hook}/tellings/{telling['id']}/again")
    assert again.status_code == 204
    twice = await member.posts(f"/hooks/{hook}/tellings/{telling['id']}/again")
    assert problem(twice, 409) == "urn:medkarta:problem:still-trying"


async def _all(inside: object) -> list[object]:
    hooks = await inside.get(Hooks)  # type: ignore[attr-defined]
    async with (await inside.get(ports.Transaction)).looking():  # type: ignore[attr-defined]
        return list(await hooks.all())


async def test_the_pages_serve_administrators_without_a_script(head: Member, office: Office) -> None:
    browser = head.browser
    assert "Адресов пока нет" in (await browser.get("/desk/hooks")).text
    form = {"csrf": head.csrf, "url": URL, "events": ["ticket.created"]}
    assert (await browser.post("/desk/hooks", data=form | {"csrf": ""})).status_code == 403
    wrong = await browser.post("/desk/hooks", data=form | {"url": "<script>"})
    assert wrong.status_code == 422
    assert "&lt;script&gt;" in wrong.text
    assert "<script>" not in wrong.text
    made = await browser.post("/desk/hooks", data=form)
    assert "whsec_" in made.text
    listed = await browser.get("/desk/hooks")
    assert URL in listed.text
    assert "whsec_" not in listed.text
    (kept,) = (await head.get("/hooks")).json()["hooks"]
    assert "Сюда ещё ничего не отправляли" in (await browser.get(f"/desk/hooks/{kept['id']}")).text
    gone = await browser.post(f"/desk/hooks/{kept['id']}/remove", data={"csrf": head.csrf})
    assert gone.headers["location"] == "/desk/hooks"
    assert (await browser.get(f"/desk/hooks/{kept['id']}")).status_code == 404
    async with at_desk(office, "olga", Role.SENIOR) as olga:
        assert problem(await olga.get("/hooks"), 403) == "urn:medkarta:problem:role-refused"
        assert (await olga.browser.get("/desk/hooks")).status_code == 403


async def test_each_change_of_state_is_told_with_the_state_it_came_to(head: Member, office: Office) -> None:
    hook = (await head.posts("/hooks", WANTED)).json()["id"]
    _, ticket = await requests(office)
    await head.posts(f"/tickets/{ticket}/take")
    office.clock.passes(seconds=1)  # ids of one moment have no order
    await head.posts(f"/tickets/{ticket}/questions", {"text": "Пришлите снимок экрана"})
    await head.posts(f"/tickets/{ticket}/notes", {"text": "Ждём снимок"})
    told = [json.loads(each["body"]) for each in (await head.get(f"/hooks/{hook}/tellings")).json()["tellings"]]
    assert [(each["type"], each["data"]["state"]) for each in reversed(told)] == [
        ("ticket.created", "in_work"),
        ("ticket.status_changed", "waiting"),
    ]
    assert {each["data"]["id"] for each in told} == {str(ticket)}
    page = (await head.get(f"/hooks/{hook}/tellings", limit=1)).json()
    rest = (await head.get(f"/hooks/{hook}/tellings", limit=1, cursor=page["next"])).json()
    assert [json.loads(each["body"])["type"] for each in page["tellings"] + rest["tellings"]] == [
        "ticket.status_changed",
        "ticket.created",
    ]
