"""Conversations for programs: taken once, answered once, never from an old view, never out of another group."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.domain.actor import Role
from core.domain.conversation import LARGEST_FILE, LineKind
from tests.api.listening import group, hired, moved
from tests.api.office import Office, picture, problem
from tests.api.talking import Member, at_desk, calls, visits, writes

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
async def zoya(office: Office) -> AsyncIterator[Member]:
    """An operator."""
    async with at_desk(office, "zoya") as member:
        yield member


async def taken(office: Office, member: Member, **how: Any) -> tuple[Any, Any]:
    """Somebody calls, and the member has it."""
    citizen, talk = await calls(office, **how)
    assert (await member.posts(f"/conversations/{talk}/claim")).status_code == 200
    return citizen, talk


async def test_a_conversation_from_the_call_to_the_end(office: Office, zoya: Member) -> None:
    citizen, talk = await calls(office, words="Где карта?")
    (entry,) = (await zoya.get("/conversations", whose="waiting")).json()["conversations"]
    assert (entry["id"], entry["name"], entry["state"]) == (str(talk), "Анна И.", "waiting")
    claimed = (await zoya.posts(f"/conversations/{talk}/claim")).json()
    assert (claimed["state"], claimed["owner"]["name"]) == ("taken", "Zoya Петрова")
    line = (await zoya.says(talk, "Здравствуйте")).json()
    assert (line["side"], line["text"], line["delivery"], line["author"]["name"]) == (
        *("operator", "Здравствуйте", "waiting"),
        "Zoya Петрова",
    )
    where = f"/conversations/{talk}"
    edited = await zoya.does(
        "PATCH", f"{where}/lines/{line['number']}", {"text": "Добрый день", "epoch": line["epoch"]}
    )
    assert (edited.json()["text"], edited.json()["earlier"][0]["text"]) == ("Добрый день", "Здравствуйте")
    gone = await zoya.does("DELETE", f"{where}/lines/{line['number']}?epoch={line['epoch']}")
    assert gone.json()["gone"]
    assert (await zoya.posts(f"{where}/notes", {"text": "Проверить СНИЛС"})).json()["side"] == "note"
    for path, body in (("draft", {"text": "Сейчас"}), ("tags", {"tags": ["карта"]}), ("read", {"line": 1})):
        assert (await zoya.does("PUT", f"{where}/{path}", body)).status_code == 204
    assert (await zoya.posts(f"{where}/typing")).status_code == 204
    seen = await zoya.sees(talk)
    assert (seen["draft"], seen["conversation"]["tags"], seen["mine"]) == ("Сейчас", ["карта"], True)
    assert [each["number"] for each in seen["lines"]] == list(range(1, len(seen["lines"]) + 1))
    assert next(each["number"] for each in (await zoya.sees(talk, after=2))["lines"]) == 3
    epoch = seen["conversation"]["epoch"]
    assert (await zoya.posts(f"{where}/paper", {"words": "Пришлите паспорт", "epoch": epoch})).status_code == 201
    assert (await zoya.posts(f"{where}/step", {"place": "card", "epoch": epoch})).status_code == 201
    await writes(office, citizen, "Спасибо", 7)
    assert (await zoya.posts(f"{where}/end")).status_code == 204
    assert problem(await zoya.says(talk, "Ещё"), 409).startswith("urn:medkarta:problem:")
    assert (await zoya.sees(talk))["conversation"]["ending"] == "operator"


async def test_of_two_who_take_it_at_once_one_gets_it_and_the_other_hears_by_whom(office: Office, zoya: Member) -> None:
    _, talk = await calls(office)
    async with at_desk(office, "olga") as olga:
        answers = await asyncio.gather(*(each.posts(f"/conversations/{talk}/claim") for each in (zoya, olga)))
        (lost,) = [each for each in answers if each.status_code != 200]
        assert problem(lost, 409) == "urn:medkarta:problem:taken-by"
        (won,) = [each for each in answers if each.status_code == 200]
        assert lost.json()["by"] == won.json()["owner"]["name"]
        assert won.json()["owner"]["name"] in lost.json()["detail"]


async def test_an_answer_from_an_old_view_is_refused_with_what_was_missed(office: Office, zoya: Member) -> None:
    citizen, talk = await taken(office, zoya)
    seen = (await zoya.sees(talk))["conversation"]
    await writes(office, citizen, "Уже не надо", 5)
    body = {"text": "Сейчас", "epoch": seen["epoch"], "seen": seen["lines"]}
    refused = await zoya.posts(f"/conversations/{talk}/lines", body, key="first")
    assert problem(refused, 409) == "urn:medkarta:problem:stale-view"
    (missed,) = refused.json()["missed"]
    assert (missed["text"], refused.json()["last"]) == ("Уже не надо", missed["number"])
    assert not [each for each in (await zoya.sees(talk))["lines"] if each["text"] == "Сейчас"]
    # What came to nothing leaves its key free.
    body["seen"] = missed["number"]
    assert (await zoya.posts(f"/conversations/{talk}/lines", body, key="first")).status_code == 201


async def test_a_call_that_is_repeated_is_made_once(office: Office, zoya: Member) -> None:
    _, talk = await taken(office, zoya)
    seen = (await zoya.sees(talk))["conversation"]
    body = {"text": "Здравствуйте", "epoch": seen["epoch"], "seen": seen["lines"]}
    path = f"/conversations/{talk}/lines"
    first = await zoya.posts(path, body, key="once")
    second = await zoya.posts(path, body, key="once")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    other = await zoya.posts(path, body | {"text": "Другое"}, key="once")
    assert problem(other, 422) == "urn:medkarta:problem:key-taken"
    for wrong in (None, "x" * 65):
        assert problem(await zoya.posts(path, body, key=wrong), 422) == "urn:medkarta:problem:malformed"
    said = [each for each in (await zoya.sees(talk))["lines"] if each["text"] == "Здравствуйте"]
    assert len(said) == 1


async def test_the_same_call_many_times_at_once_is_one_line(office: Office, zoya: Member) -> None:
    _, talk = await taken(office, zoya)
    seen = (await zoya.sees(talk))["conversation"]
    body = {"text": "Здравствуйте", "epoch": seen["epoch"], "seen": seen["lines"]}
    answers = await asyncio.gather(*(zoya.posts(f"/conversations/{talk}/lines", body, key="once") for _ in range(6)))
    assert {each.status_code for each in answers} <= {201, 409}
    assert any(each.status_code == 201 for each in answers)
    for each in answers:
        if each.status_code == 409:
            assert problem(each, 409) == "urn:medkarta:problem:under-way"
            assert each.headers["retry-after"] == "1"
    said = [each for each in (await zoya.sees(talk))["lines"] if each["text"] == "Здравствуйте"]
    assert len(said) == 1


async def test_a_key_says_nothing_to_somebody_else_or_after_signing_out(office: Office, zoya: Member) -> None:
    _, talk = await taken(office, zoya)
    said = await zoya.says(talk, "Тайное", key="once")
    assert said.status_code == 201
    path, body = f"/conversations/{talk}/lines", {"text": "Тайное", "epoch": 2, "seen": 1}
    async with at_desk(office, "olga", Role.ADMINISTRATOR) as olga:
        assert "Тайное" not in (await olga.posts(path, body, key="once")).text
    forged = Member(zoya.browser, "guessed")
    assert problem(await forged.posts(path, body, key="once"), 403) == "urn:medkarta:problem:form-refused"
    await zoya.does("DELETE", "/sessions/current")
    assert (await zoya.posts(path, body, key="once")).status_code == 401


async def test_a_key_brings_nothing_back_from_a_group_that_was_left(office: Office) -> None:
    first, second = await group(office, "Первая"), await group(office, "Вторая")
    staff = await hired(office, "olga", team=first)
    async with at_desk(office, "vera", Role.SENIOR) as vera, office.browser() as browser:
        olga = Member(browser, await browser.sits(office, "olga"))
        _, talk = await calls(office)
        assert (await vera.posts(f"/conversations/{talk}/transfer", {"team": str(first)})).status_code == 204
        path, body = f"/conversations/{talk}/notes", {"text": "Перезвонить вечером"}
        assert (await olga.posts(path, body, key="once")).status_code == 201
        await moved(office, staff, second)
        again = await olga.posts(path, body, key="once")
        assert "вечером" not in again.text
        assert problem(again, 404) == "urn:medkarta:problem:not-there"


async def test_files_go_both_ways_and_nothing_in_them_runs(office: Office, zoya: Member) -> None:
    citizen, talk = await taken(office, zoya)
    seen = (await zoya.sees(talk))["conversation"]
    fields = {"text": "Вот", "epoch": str(seen["epoch"]), "seen": str(seen["lines"])}
    file = {"file": (f"{HOSTILE}\r\nX-Evil: 1.png", picture(), "text/html")}
    sent = await zoya.posts(f"/conversations/{talk}/lines", data=fields, files=file, key="with-file")
    assert sent.status_code == 201, sent.text
    assert sent.json()["file"]["mime"] == "image/png"
    again = await zoya.posts(f"/conversations/{talk}/lines", data=fields, files=file, key="with-file")
    assert again.content == sent.content  # its boundary is another one
    shown = await zoya.browser.get(sent.json()["file"]["address"])
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''")
    assert "\n" not in shown.headers["content-disposition"]
    assert "x-evil" not in shown.headers
    for name, mime, content in (
        (HOSTILE, "text/html", b"<script>alert(1)</script>"),
        ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ):
        line = await writes(office, citizen, "", 20, kind=LineKind.DOCUMENT, file=(name, mime, content))
        got = await zoya.get(f"/conversations/{talk}/lines/{line.number}/file")
        assert got.headers["content-type"] == "application/octet-stream"
        assert got.headers["content-disposition"].startswith("attachment;")
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
        assert "default-src 'none'" in got.headers["content-security-policy"]
    assert problem(await zoya.get(f"/conversations/{talk}/lines/1/file"), 404) == "urn:medkarta:problem:not-there"


async def test_what_is_too_large_is_refused_before_it_is_kept(office: Office, zoya: Member) -> None:
    _, talk = await taken(office, zoya)
    seen = (await zoya.sees(talk))["conversation"]
    fields = {"text": "", "epoch": str(seen["epoch"]), "seen": str(seen["lines"])}
    for size in (LARGEST_FILE + 1, LARGEST_FILE + 1024 * 1024):
        file = {"file": ("big.bin", b"0" * size, "application/octet-stream")}
        assert (await zoya.posts(f"/conversations/{talk}/lines", data=fields, files=file)).status_code == 413
    assert (await zoya.does("PUT", f"/conversations/{talk}/draft", {"text": "я" * 40_000})).status_code == 413
    assert (await zoya.sees(talk))["conversation"]["lines"] == seen["lines"]


async def test_another_group_s_conversation_is_not_there(office: Office) -> None:
    own, other = await group(office, "Свои"), await group(office, "Другие")
    async with at_desk(office, "vera", Role.SENIOR) as vera, at_desk(office, "zoya", team=own) as zoya:
        _, talk = await calls(office)
        assert (await vera.posts(f"/conversations/{talk}/claim")).status_code == 200
        assert (await vera.posts(f"/conversations/{talk}/transfer", {"team": str(other)})).status_code == 204
        epoch = (await vera.sees(talk))["conversation"]["epoch"]
        where = f"/conversations/{talk}"
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/lines/1/file", None),
            ("POST", "/claim", None),
            ("POST", "/transfer", {"team": str(own)}),
            ("POST", "/return", None),
            ("POST", "/end", None),
            ("POST", "/lines", {"text": "Эй", "epoch": epoch, "seen": 9}),
            ("PATCH", "/lines/1", {"text": "Эй", "epoch": epoch}),
            ("DELETE", f"/lines/1?epoch={epoch}", None),
            ("POST", "/notes", {"text": "Эй"}),
            ("POST", "/paper", {"words": "Паспорт", "epoch": epoch}),
            ("POST", "/step", {"place": "card", "epoch": epoch}),
            ("PUT", "/draft", {"text": "Эй"}),
            ("PUT", "/read", {"line": 1}),
            ("POST", "/typing", None),
            ("PUT", "/tags", {"tags": ["моё"]}),
            ("PUT", "/ticket", {"ticket": str(talk)}),
            ("POST", "/ticket", {"topic": "card", "description": "Не открывается карта"}),
            ("POST", "/reveal", {"which": "snils", "reason": "хочу посмотреть"}),
        ):
            answer = await zoya.does(method, where + path, body)
            assert problem(answer, 404) == "urn:medkarta:problem:not-there", (method, path)
        assert (
            problem(await zoya.posts(f"{where}/assign", {"to": str(talk)}), 403) == "urn:medkarta:problem:role-refused"
        )
        assert (await zoya.get("/conversations")).json()["conversations"] == []
        assert (await zoya.get("/search", words="Анна")).json()["found"] == []


async def test_what_people_write_comes_back_as_data(office: Office, zoya: Member) -> None:
    citizen, talk = await taken(office, zoya, name=HOSTILE[:40])
    await writes(office, citizen, HOSTILE, 3)
    await zoya.posts(f"/conversations/{talk}/notes", {"text": HOSTILE})
    answer = await zoya.get(f"/conversations/{talk}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [each["text"] for each in answer.json()["lines"]].count(HOSTILE) == 2


async def test_an_identifier_is_shown_to_whoever_says_why(office: Office, zoya: Member) -> None:
    _, talk = await taken(office, zoya)
    masked = (await zoya.sees(talk))["person"]["identifiers"]
    which = next(iter(masked), "phone")
    short = await zoya.posts(f"/conversations/{talk}/reveal", {"which": which, "reason": "да"})
    assert problem(short, 422) == "urn:medkarta:problem:reason-wanted"
    if masked:
        full = await zoya.posts(f"/conversations/{talk}/reveal", {"which": which, "reason": "сверить с порталом"})
        assert full.json()["value"] != masked[which]


async def test_pages_of_the_queue_hold_each_conversation_once(office: Office, zoya: Member) -> None:
    talks = {str(await visits(office, chat)) for chat in range(1, 8)}
    got: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await zoya.get("/conversations", limit=3, **cursor)).json()
        got += [each["id"] for each in page["conversations"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(got) == len(set(got)) == 7
    assert set(got) == talks
    for wrong in ("", "!", "zzz", "bnVsbA", "\0"):
        answer = await zoya.get("/conversations", cursor=wrong)
        assert problem(answer, 400) == "urn:medkarta:problem:bad-cursor", wrong


async def test_every_write_wants_the_secret_of_the_session(office: Office, zoya: Member) -> None:
    description = (await zoya.browser.get("/api/v1/openapi.json")).json()
    nobody = "00000000-0000-7000-8000-000000000000"
    tried = 0
    for path, ways in description["paths"].items():
        if not path.startswith(("/api/v1/conversations", "/api/v1/tickets", "/api/v1/canned", "/api/v1/hooks")):
            continue
        for method in set(ways) - {"get"}:
            where = path
            for name in ("conversation", "ticket", "hook", "canned", "telling"):
                where = where.replace(f"{{{name}}}", nobody)
            where = where.replace("{line}", "1")
            answer = await zoya.browser.request(method.upper(), where, headers={"Idempotency-Key": "k"}, json={})
            # An operator who may not do it at all hears that first.
            assert problem(answer, 403) in {"urn:medkarta:problem:form-refused", "urn:medkarta:problem:role-refused"}
            tried += 1
    assert tried > 25
