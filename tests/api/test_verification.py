"""A reviewer decides on a request for verification: once, and with reasons when it is a refusal."""

from collections.abc import Mapping

import pytest

from core.domain.ids import VerificationId, new_id
from tests.api.office import MORNING, Browser, Office, person, problem

CSRF = {"X-CSRF-Token": "secret-of-zoya"}
FORM = {"csrf": "secret-of-zoya"}
BLURRED = "Фото размыто, данные не читаются."


@pytest.fixture
async def request_id(office: Office, desk: Browser) -> VerificationId:
    return await office.asks(person("Анна", "Ильина"), inn="500100732259")


async def test_the_portals_words_stand_beside_the_scans(desk: Browser, request_id: VerificationId):
    page = (await desk.get(f"/desk/verifications/{request_id}")).text
    assert "Ильина Анна Сергеевна" in page
    assert "17.04.1992" in page
    assert "как на портале" in page
    assert 'alt="Скан: Паспорт"' in page
    told = (await desk.get(f"/api/v1/verifications/{request_id}")).json()
    assert (told["state"], told["full_name"], told["inn"]) == ("pending", "Ильина Анна Сергеевна", "500100732259")
    assert [(each["kind"], each["mime"]) for each in told["documents"]] == [("passport", "image/png")]


async def test_an_inn_that_differs_from_the_portals_is_pointed_out(office: Office, desk: Browser):
    request = await office.asks(person("Анна", "Ильина"), inn="7707083893")
    assert "не как на портале" in (await desk.get(f"/desk/verifications/{request}")).text


async def test_an_approval_empties_the_queue(desk: Browser, request_id: VerificationId):
    answer = await desk.post(f"/desk/verifications/{request_id}", data=FORM | {"decision": "approve"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?done=approved")
    queue = (await desk.get("/desk?done=approved")).text
    assert "Готово: подтверждено" in queue
    assert "Очередь пуста" in queue
    page = (await desk.get(f"/desk/verifications/{request_id}")).text
    assert "Учётная запись подтверждена" in page
    assert "Решение: zoya" in page
    assert 'name="decision"' not in page


async def test_a_refusal_keeps_the_reason_with_its_document(desk: Browser, request_id: VerificationId):
    form = FORM | {"decision": "refuse", "passport": BLURRED, "inn": " "}
    assert (await desk.post(f"/desk/verifications/{request_id}", data=form)).headers["location"] == "/desk?done=refused"
    told = (await desk.get(f"/api/v1/verifications/{request_id}")).json()
    assert (told["state"], told["decided_by"]) == ("refused", "zoya")
    assert [(each["state"], each["reason"]) for each in told["documents"]] == [("refused", BLURRED)]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"decision": "refuse"}, "Для отказа напишите причину"),
        ({"decision": "refuse", "passport": "  "}, "Для отказа напишите причину"),
        ({"decision": "refuse", "passport": "не"}, "Для отказа напишите причину"),
        ({"decision": "refuse", "inn": "й" * 301}, "Для отказа напишите причину"),
        ({"decision": "approve", "passport": BLURRED}, "Уберите причину или откажите"),
        ({}, "Для отказа напишите причину"),
    ],
)
async def test_an_unclear_decision_changes_nothing_and_keeps_what_was_typed(
    desk: Browser, request_id: VerificationId, form: Mapping[str, str], said: str
):
    answer = await desk.post(f"/desk/verifications/{request_id}", data=FORM | dict(form))
    assert answer.status_code == 422
    assert said in answer.text
    assert form.get("passport", "") in answer.text
    assert (await desk.get(f"/api/v1/verifications/{request_id}")).json()["state"] == "pending"


async def test_the_second_reviewer_is_told_kindly_who_was_first(
    office: Office, desk: Browser, request_id: VerificationId
):
    await office.hires("igor")
    async with office.browser() as other:
        await other.sits(office, "igor")
        first = {"csrf": "secret-of-igor", "decision": "approve"}
        assert (await other.post(f"/desk/verifications/{request_id}", data=first)).status_code == 303
    late = await desk.post(f"/desk/verifications/{request_id}", data=FORM | {"decision": "refuse", "passport": BLURRED})
    assert late.status_code == 409
    assert "Уже решил(а) igor" in late.text
    told = (await desk.get(f"/api/v1/verifications/{request_id}")).json()
    assert (told["state"], told["decided_by"]) == ("approved", "igor")


async def test_a_program_decides_once(desk: Browser, request_id: VerificationId):
    place = f"/api/v1/verifications/{request_id}/decision"
    refusal = {"decision": "refuse", "reasons": {"inn": "Номер не читается."}}
    assert (await desk.post(place, json=refusal, headers=CSRF)).status_code == 204
    again = await desk.post(place, json={"decision": "approve"}, headers=CSRF)
    assert problem(again, 409) == "urn:medkarta:problem:already-decided"
    assert again.json()["detail"] == "Уже решил(а) zoya. Ваше решение не записано."


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"decision": "refuse"}, "reason-needed"),
        ({"decision": "refuse", "reasons": {}}, "reason-needed"),
        ({"decision": "refuse", "reasons": {"passport": "  "}}, "reason-needed"),
        ({"decision": "approve", "reasons": {"passport": BLURRED}}, "contradiction"),
        ({"decision": "maybe"}, "malformed"),
        ({"decision": "refuse", "reasons": {"snils": "Не тот документ."}}, "malformed"),
    ],
)
async def test_a_program_is_told_what_is_wrong_with_a_decision(
    desk: Browser, request_id: VerificationId, body: Mapping[str, object], name: str
):
    answer = await desk.post(f"/api/v1/verifications/{request_id}/decision", json=body, headers=CSRF)
    assert problem(answer, 422) == f"urn:medkarta:problem:{name}"
    assert (await desk.get(f"/api/v1/verifications/{request_id}")).json()["state"] == "pending"


@pytest.mark.parametrize("headers", [{}, {"X-CSRF-Token": "guessed"}, CSRF | {"Sec-Fetch-Site": "cross-site"}])
async def test_a_decision_without_the_secret_of_the_session_is_refused(
    desk: Browser, request_id: VerificationId, headers: Mapping[str, str]
):
    place = f"/api/v1/verifications/{request_id}/decision"
    answer = await desk.post(place, json={"decision": "approve"}, headers=dict(headers))
    assert problem(answer, 403) == "urn:medkarta:problem:form-refused"
    secret = headers.get("X-CSRF-Token", "")
    sites = {name: value for name, value in headers.items() if name.startswith("Sec")}
    form = {"csrf": secret, "decision": "approve"}
    assert (await desk.post(f"/desk/verifications/{request_id}", data=form, headers=sites)).status_code == 403
    assert (await desk.get(f"/api/v1/verifications/{request_id}")).json()["state"] == "pending"


async def test_what_is_not_there_sounds_the_same_everywhere(desk: Browser):
    nowhere = new_id(MORNING)
    assert problem(await desk.get(f"/api/v1/verifications/{nowhere}"), 404) == "urn:medkarta:problem:not-there"
    assert problem(await desk.get(f"/api/v1/documents/{nowhere}"), 404) == "urn:medkarta:problem:not-there"
    for page in (
        f"/desk/verifications/{nowhere}",
        f"/desk/documents/{nowhere}",
        f"/desk/files/{nowhere}",
        "/desk/x",
        "/desk/files/7",
    ):
        answer = await desk.get(page)
        assert answer.status_code == 404
        assert "Здесь ничего нет" in answer.text
