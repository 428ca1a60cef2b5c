"""Tickets and ready answers for programs: answered once, moved by right, never out of another group."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from api.limits import LARGEST_LINE
from core.domain.actor import Role
from core.domain.document import MAX_BYTES
from core.domain.ticket import MOST_FILES
from core.services.ticket import ViewTicket, enclosing
from tests.api.listening import group
from tests.api.office import Office, picture, problem
from tests.api.talking import Member, at_desk, requests

CANNED = {
    "shortcut": "снилс",
    "title": "Где СНИЛС",
    "texts": {"ru": "{name}, он на Госуслугах.", "en": "On the portal."},
}


@pytest.fixture
async def zoya(office: Office) -> AsyncIterator[Member]:
    """An operator."""
    async with at_desk(office, "zoya") as member:
        yield member


async def test_a_ticket_is_taken_answered_asked_about_and_closed(office: Office, zoya: Member) -> None:
    _, ticket = await requests(office)
    (listed,) = (await zoya.get("/tickets", unowned=True)).json()["tickets"]
    assert (listed["id"], listed["name"], listed["state"]) == (str(ticket), "Анна И.", "in_work")
    where = f"/tickets/{ticket}"
    assert (await zoya.posts(f"{where}/take")).json()["owner"]["name"] == "Zoya Петрова"
    asked = await zoya.posts(f"{where}/questions", {"text": "Пришлите снимок экрана"})
    assert (asked.status_code, asked.json()["asks"]) == (201, True)
    assert (await zoya.get(where)).json()["ticket"]["state"] == "waiting"
    answers = [await zoya.posts(f"{where}/answers", {"text": "Исправили"}, key="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await zoya.posts(f"{where}/notes", {"text": "Та же ошибка, что вчера"})).json()["side"] == "note"
    assert (await zoya.does("PUT", f"{where}/tags", {"tags": ["ошибка"]})).json()["tags"] == ["ошибка"]
    one = (await zoya.get(where)).json()
    assert one["ticket"]["state"] == "answered"
    assert [each["text"] for each in one["remarks"]].count("Исправили") == 1
    closed = await zoya.posts(f"{where}/move", {"to": "closed", "version": one["ticket"]["version"]})
    assert closed.json()["state"] == "closed"
    old = await zoya.posts(f"{where}/move", {"to": "in_work", "version": one["ticket"]["version"]})
    assert old.status_code == 409
    assert [each["id"] for each in (await zoya.get("/tickets/search", words="не открывается")).json()["tickets"]] == [
        str(ticket)
    ]


async def test_an_answer_carries_files_once_and_a_hostile_name_is_data(office: Office, zoya: Member) -> None:
    citizen, ticket = await requests(office)
    where, name = f"/tickets/{ticket}", '../"><script>alert(1)</script>\u202egnp.exe'
    files = [("file", (name, picture(), "text/html")), ("file", ("схема.png", picture(), "image/png"))]
    answers = [
        await zoya.posts(f"{where}/answers", files=files, data={"text": "Вот справка"}, key="once") for _ in range(2)
    ]
    assert answers[0].status_code == 201, answers[0].text
    assert answers[0].json() == answers[1].json()
    told = answers[0].json()["files"]
    assert [(each["name"], each["mime"]) for each in told] == [
        ("script>gnp.exe.png", "image/png"),
        ("схема.png", "image/png"),
    ]
    got = await zoya.browser.get(told[0]["address"])
    assert got.headers["content-disposition"] == "inline; filename*=UTF-8''script%3Egnp.exe.png"
    assert got.content.startswith(b"\x89PNG")
    alone = await zoya.posts(f"{where}/questions", files=files[1:], data={"text": "Заполните"})
    assert (alone.status_code, alone.json()["asks"], len(alone.json()["files"])) == (201, True, 1)
    remarks = (await zoya.get(where)).json()["remarks"]
    assert [len(each["files"]) for each in remarks if each["side"] == "staff"] == [2, 1]
    async with office.container() as inside:
        view = await (await inside.get(ViewTicket))(citizen, ticket)
    assert [len(each.files) for each in view.remarks if each.files] == [2, 1]


async def test_what_is_too_much_or_no_paper_is_refused_whole(office: Office, zoya: Member) -> None:
    _, ticket = await requests(office)
    where = f"/tickets/{ticket}/answers"

    async def refused(*contents: bytes, status: int = 422) -> str:
        files = [("file", (f"{number}.png", content, "image/png")) for number, content in enumerate(contents)]
        answer = await zoya.posts(where, files=files, data={"text": "Вот"})
        return problem(answer, status).removeprefix("urn:medkarta:problem:") + f": {answer.json()['detail']}"

    assert (await refused(picture(), b"0" * (MAX_BYTES + 1))).startswith("bad-file: Файл больше 5 МБ")
    assert (await refused(picture(), b"MZ program")).startswith("bad-file: ")
    assert (await refused(*[picture()] * (MOST_FILES + 1))).startswith("too-many-files: ")
    assert (await refused(*[picture()] * (MOST_FILES + 2), status=400)).startswith("malformed")
    assert (await refused(b"0" * LARGEST_LINE, status=413)).startswith("too-big")
    empty = await zoya.posts(where, files=[("other", ("a.png", picture(), "image/png"))], data={"text": "Вот"})
    assert problem(empty, 422) == "urn:medkarta:problem:malformed"
    assert problem(await zoya.posts(where, {"text": ""}), 422) == "urn:medkarta:problem:malformed"
    one = (await zoya.get(f"/tickets/{ticket}")).json()
    assert (one["ticket"]["state"], [each["side"] for each in one["remarks"]]) == ("in_work", ["event"])


async def test_more_bytes_than_a_ticket_takes_are_a_problem_of_its_own(
    office: Office, zoya: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ticket = await requests(office)
    files = [("file", ("a.png", picture(), "image/png"))]
    where = f"/tickets/{ticket}/answers"
    kept = await zoya.posts(where, files=files, data={"text": "Вот"})
    size = kept.json()["files"][0]["size"]
    monkeypatch.setattr(enclosing, "MOST_BYTES", 2 * size)
    assert (await zoya.posts(where, files=files, data={"text": "Ещё"})).status_code == 201
    refused = await zoya.posts(where, files=files, data={"text": "И ещё"})
    assert problem(refused, 413) == "urn:medkarta:problem:files-too-heavy"
    assert "не больше 100 МБ" in refused.json()["detail"]
    assert (await zoya.posts(where, {"text": "Словами"})).status_code == 201


async def test_of_two_who_take_a_ticket_one_hears_by_whom_it_was_taken(office: Office, zoya: Member) -> None:
    _, ticket = await requests(office)
    async with at_desk(office, "olga") as olga:
        answers = await asyncio.gather(*(each.posts(f"/tickets/{ticket}/take") for each in (zoya, olga)))
    (lost,) = [each for each in answers if each.status_code != 200]
    assert problem(lost, 409) == "urn:medkarta:problem:taken-by"
    assert lost.json()["by"] in {"Zoya Петрова", "Olga Петрова"}


async def test_another_group_s_ticket_is_not_there(office: Office) -> None:
    own, other = await group(office, "Свои"), await group(office, "Другие")
    _, ticket = await requests(office)
    _, third = await requests(office, name="Вера")
    async with at_desk(office, "vera", Role.SENIOR) as vera, at_desk(office, "zoya", team=own) as zoya:
        assert (await vera.posts(f"/tickets/{ticket}/assign", {"team": str(other)})).status_code == 204
        for method, path, body in (
            ("GET", "", None),
            ("POST", "/answers", {"text": "Эй"}),
            ("POST", "/questions", {"text": "Эй"}),
            ("POST", "/notes", {"text": "Эй"}),
            ("POST", "/move", {"to": "closed", "version": 1}),
            ("POST", "/take", None),
            ("POST", "/assign", {"team": str(own)}),
            ("POST", "/merge", {"into": str(third)}),
            ("POST", "/links", {"ticket": str(third)}),
            ("PUT", "/tags", {"tags": ["моё"]}),
        ):
            answer = await zoya.does(method, f"/tickets/{ticket}{path}", body)
            assert problem(answer, 404) == "urn:medkarta:problem:not-there", (method, path)
        assert [each["id"] for each in (await zoya.get("/tickets")).json()["tickets"]] == [str(third)]
        assert problem(await vera.posts(f"/tickets/{ticket}/merge", {"into": str(third)}), 409).endswith("other-person")
        assert problem(await zoya.get("/tickets", cursor="AAAA"), 400) == "urn:medkarta:problem:bad-cursor"
        assert problem(await zoya.get("/tickets/search", words="а", cursor="AAAA"), 400).endswith("bad-cursor")


async def test_ready_answers_are_kept_by_seniors_and_found_by_everybody(office: Office, zoya: Member) -> None:
    assert problem(await zoya.posts("/canned", CANNED), 403) == "urn:medkarta:problem:role-refused"
    async with at_desk(office, "vera", Role.SENIOR) as vera:
        kept = (await vera.posts("/canned", CANNED)).json()
        assert problem(await vera.posts("/canned", CANNED), 409) == "urn:medkarta:problem:shortcut-taken"
        wrong = CANNED | {"shortcut": "b", "texts": {"ru": "{snils}"}}
        assert problem(await vera.posts("/canned", wrong), 422) == "urn:medkarta:problem:canned-wrong"
        (found,) = (await zoya.get("/canned", words="/сни")).json()["canned"]
        assert found == kept
        changed = CANNED | {"title": "СНИЛС", "version": kept["version"]}
        assert (await vera.does("PUT", f"/canned/{kept['id']}", changed)).json()["title"] == "СНИЛС"
        assert (await vera.does("PUT", f"/canned/{kept['id']}", changed)).status_code == 409
        assert (await vera.does("DELETE", f"/canned/{kept['id']}")).status_code == 204
        assert problem(await vera.does("DELETE", f"/canned/{kept['id']}"), 404) == "urn:medkarta:problem:not-there"
    assert (await zoya.get("/canned")).json()["canned"] == []
