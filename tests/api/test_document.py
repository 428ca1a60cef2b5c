"""Documents of applications: looked at, opened safely, decided once."""

import pytest

from core.domain.actor import Role
from core.domain.document import Kind, Purpose
from core.domain.ids import DocumentId
from tests.api.office import Browser, Office, person, picture, problem

CSRF = {"X-CSRF-Token": "secret-of-zoya"}
FORM = {"csrf": "secret-of-zoya"}


@pytest.fixture
async def document(office: Office, desk: Browser) -> DocumentId:
    return await office.sends(await office.knows(person("Пётр", "Громов")), Kind.SNILS)


async def test_a_scan_is_served_so_that_nothing_in_it_can_act(desk: Browser, document: DocumentId):
    for place in (f"/desk/files/{document}", f"/api/v1/documents/{document}/content"):
        answer = await desk.get(place)
        assert answer.status_code == 200
        assert answer.content == picture()
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["content-disposition"] == 'inline; filename="snils.png"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "sandbox" in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy


async def test_a_kind_of_file_that_no_browser_should_open_is_a_download(office: Office, desk: Browser):
    citizen = await office.knows(person("Пётр", "Громов"))
    odd = await office.sends(citizen, Kind.PASSPORT, content=b"<script>alert(1)</script>", mime="text/html")
    answer = await desk.get(f"/desk/files/{odd}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="passport"'


async def test_a_pdf_opens_in_place(office: Office, desk: Browser):
    citizen = await office.knows(person("Пётр", "Громов"))
    pdf = await office.sends(citizen, Kind.PASSPORT, content=b"%PDF-1.7", mime="application/pdf")
    page = (await desk.get(f"/desk/documents/{pdf}")).text
    assert f'<iframe src="/desk/files/{pdf}#' in page
    assert 'title="Скан: Паспорт"' in page
    assert (await desk.get(f"/desk/files/{pdf}")).headers["x-frame-options"] == "SAMEORIGIN"


async def test_the_page_of_a_document_shows_whose_it_is(desk: Browser, document: DocumentId):
    page = (await desk.get(f"/desk/documents/{document}")).text
    assert "Пётр Г." in page
    assert "Громов" not in page
    assert "прислан 23 ноября, 09:00" in page
    told = (await desk.get(f"/api/v1/documents/{document}")).json()
    assert (told["name"], told["kind"], told["state"], told["size"]) == ("Пётр Г.", "snils", "received", len(picture()))


async def test_a_document_is_accepted_once(desk: Browser, document: DocumentId):
    answer = await desk.post(f"/desk/documents/{document}", data=FORM | {"decision": "approve"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?done=approved")
    again = await desk.post(f"/desk/documents/{document}", data=FORM | {"decision": "refuse", "reason": "Не читается."})
    assert again.status_code == 409
    assert "Ваше решение не записано" in again.text
    assert "Документ принят" in again.text


async def test_a_refusal_is_shown_with_its_reason(desk: Browser, document: DocumentId):
    form = FORM | {"decision": "refuse", "reason": "Номер <b>не читается</b>."}
    assert (await desk.post(f"/desk/documents/{document}", data=form)).status_code == 303
    page = (await desk.get(f"/desk/documents/{document}")).text
    assert "Причина отказа: Номер &lt;b&gt;не читается&lt;/b&gt;." in page


@pytest.mark.parametrize(
    "form", [{"decision": "refuse"}, {"decision": "refuse", "reason": "да"}, {"decision": "approve", "reason": "Нет."}]
)
async def test_an_unclear_decision_on_a_document_changes_nothing(
    desk: Browser, document: DocumentId, form: dict[str, str]
):
    assert (await desk.post(f"/desk/documents/{document}", data=FORM | form)).status_code == 422
    assert (await desk.get(f"/api/v1/documents/{document}")).json()["state"] == "received"


async def test_a_program_refuses_with_a_reason_once(desk: Browser, document: DocumentId):
    place = f"/api/v1/documents/{document}/decision"
    assert problem(await desk.post(place, json={"decision": "refuse"}, headers=CSRF), 422).endswith("reason-needed")
    refusal = {"decision": "refuse", "reason": "Номер не читается."}
    assert (await desk.post(place, json=refusal, headers=CSRF)).status_code == 204
    assert problem(await desk.post(place, json=refusal, headers=CSRF), 409) == "urn:medkarta:problem:changed-meanwhile"


async def test_a_document_of_a_verification_is_decided_on_the_accounts_page(office: Office, desk: Browser):
    citizen = await office.knows(person("Анна", "Ильина"))
    document = await office.sends(citizen, Kind.PASSPORT, Purpose.VERIFICATION)
    page = (await desk.get(f"/desk/documents/{document}")).text
    assert "проверяют вместе с учётной записью" in page
    assert 'name="decision"' not in page
    answer = await desk.post(f"/api/v1/documents/{document}/decision", json={"decision": "approve"}, headers=CSRF)
    assert problem(answer, 409) == "urn:medkarta:problem:changed-meanwhile"


async def test_neither_an_auditor_nor_a_stranger_opens_a_scan(office: Office, document: DocumentId):
    await office.hires("vera", Role.AUDITOR)
    async with office.browser() as auditor, office.browser() as stranger:
        await auditor.sits(office, "vera")
        for place in (f"/desk/files/{document}", f"/desk/documents/{document}"):
            assert (await auditor.get(place)).status_code == 403
            assert (await stranger.get(place)).status_code == 303
        assert problem(await auditor.get(f"/api/v1/documents/{document}/content"), 403).endswith("role-refused")
        assert problem(await stranger.get(f"/api/v1/documents/{document}/content"), 401).endswith("sign-in-first")
