"""Certificates at the desk, and the public page of a paper."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import pytest

from core import ports
from core.domain.actor import Citizen, Role
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.extract import (
    Aim,
    Extract,
    ExtractKind,
    Extracts,
    ExtractState,
    Order,
    Span,
    fresh_number,
    fresh_token,
)
from core.domain.ids import CardId, ClinicId, ExtractId, RecordId, new_id
from core.domain.record import Coding, Visit, Visits
from core.domain.record.coding import ICD10
from core.services.consent import GiveConsent
from core.services.extract import MakePaper
from tests.api.office import Browser, Office, person, problem

SEEN = "J06.9 Острая инфекция верхних дыхательных путей (ОРВИ)"


@dataclass
class Kept:
    """A paper, and what is known of it outside the desk."""

    extract: Extract
    content: bytes = b""


async def ordered(office: Office, kind: ExtractKind = ExtractKind.HEALTH) -> ExtractId:
    """Somebody with a card has ordered a paper, and the worker has been there."""
    citizen = await office.knows(person("Анна", "Ильина"))
    extract = await _put(office, citizen, kind)
    async with office.container() as inside:
        await (await inside.get(MakePaper))()
    return extract


async def _put(office: Office, citizen: Citizen, kind: ExtractKind) -> ExtractId:
    now = office.clock.now()
    async with office.container() as inside:
        await (await inside.get(GiveConsent))(citizen, "ru")
        cards, visits, extracts = await inside.get(Cards), await inside.get(Visits), await inside.get(Extracts)
        async with await inside.get(ports.Transaction):
            card = Card(CardId(new_id(now)), citizen.account, new_patient_number(), CardState.ACTIVE, now)
            await cards.create(card, snils="11223344595", passport="4510123456")
            found = (Coding(ICD10, "J06.9", "Острая инфекция"),)
            visit = Visit(
                RecordId(new_id(now)),
                citizen.account,
                ClinicId(new_id(now)),
                now,
                institution="Поликлиника № 3",
                diagnoses=found,
                recommendations=("Секретный совет",),
            )
            await visits.put([visit])
            extract = Extract(
                ExtractId(new_id(now)),
                citizen.account,
                kind,
                ExtractState.ORDERED,
                now,
                number=fresh_number(now),
                token=fresh_token(),
                order=Order(Span.OWN, date(2026, 1, 1), date(2026, 11, 23), Aim.OTHER, "Для <b>бассейна</b>"),
                ordered_at=now,
                due_at=now,
            )
            await extracts.begin(extract)
    return extract.id


async def kept(office: Office, extract: ExtractId) -> Kept:
    async with office.container() as inside:
        extracts = await inside.get(Extracts)
        async with (await inside.get(ports.Transaction)).looking():
            found = await extracts.get(extract)
            made = found.state is ExtractState.READY
            return Kept(found, await extracts.content(found) if made else b"")


@pytest.fixture
async def doctor(office: Office) -> AsyncIterator[Browser]:
    await office.hires("petrova", Role.DOCTOR, name="Петрова Анна Ивановна")
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "petrova")
        yield browser


async def test_a_doctor_comes_to_the_certificates_and_signs_on_the_page(office: Office, doctor: Browser):
    assert (await doctor.get("/desk")).headers["location"] == "/desk/extracts"
    assert "Сейчас подписывать нечего" in (await doctor.get("/desk/extracts")).text
    extract = await ordered(office)
    assert "Анна И." in (await doctor.get("/desk/extracts")).text
    place = f"/desk/extracts/{extract}"
    page = (await doctor.get(place)).text
    for told in (
        "Ильина Анна Сергеевна",
        "17.04.1992",
        "J06.9",
        "Поликлиника № 3",
        "Для &lt;b&gt;бассейна&lt;/b&gt; (со слов заявителя)",
    ):
        assert told in page
    assert "Секретный совет" not in page
    form = {"csrf": await doctor.secret_on(place), "decision": "sign", "conclusion": "Здоров <i>совсем</i>"}
    wrong = await doctor.post(place, data=form | {"code": "000000"})
    assert wrong.status_code == 422
    assert "Код не подошёл" in wrong.text
    assert "Здоров &lt;i&gt;совсем" in wrong.text
    done = await doctor.post(place, data=form | {"code": office.code()})
    assert done.headers["location"] == "/desk/extracts?done=signed"
    assert "Подписано" in (await doctor.get(done.headers["location"])).text
    again = await doctor.post(place, data=form | {"code": office.code()})
    assert again.status_code == 409
    async with office.container() as inside:
        await (await inside.get(MakePaper))()
    made = (await kept(office, extract)).extract
    assert (made.state, made.doctor_name) == (ExtractState.READY, "Петрова Анна Ивановна")


async def test_programs_sign_and_refuse_too(office: Office, doctor: Browser):
    extract = await ordered(office)
    place = f"/api/v1/extracts/{extract}"
    (listed,) = (await doctor.get("/api/v1/extracts")).json()
    assert listed["id"] == str(extract)
    draft = (await doctor.get(place)).json()
    assert draft["seen"] == [{"day": "23.11.2026", "where": "Поликлиника № 3", "found": SEEN}]
    refusal = {"reason": "Нужен осмотр"}
    unsigned = await doctor.post(f"{place}/refusal", json=refusal, headers={"X-CSRF-Token": "wrong"})
    assert problem(unsigned, 403).endswith("form-refused")
    assert problem(await doctor.post(f"{place}/refusal", json={"reason": "я"}), 422).endswith("reason-needed")
    body = {"conclusion": "Здоров", "code": "1"}
    assert problem(await doctor.post(f"{place}/signature", json=body), 422).endswith("wrong-signature")
    assert problem(await doctor.post(f"{place}/signature", json={"code": "1"}), 422).endswith("malformed")
    assert (await doctor.post(f"{place}/refusal", json=refusal)).status_code == 204
    assert problem(await doctor.post(f"{place}/refusal", json=refusal), 409).endswith("changed-meanwhile")
    assert (await doctor.get("/api/v1/extracts")).json() == []


async def test_others_at_the_desk_see_nothing_of_it(office: Office, desk: Browser):
    extract = await ordered(office)
    assert problem(await desk.get("/api/v1/extracts"), 403).endswith("role-refused")
    assert problem(await desk.get(f"/api/v1/extracts/{extract}"), 403).endswith("role-refused")
    assert (await desk.get(f"/desk/extracts/{extract}")).status_code == 403
    async with office.browser() as nobody:
        assert (await nobody.get("/desk/extracts")).headers["location"].startswith("/desk/sign-in")
        assert problem(await nobody.get("/api/v1/extracts"), 401).endswith("sign-in-first")


async def test_anybody_verifies_a_paper_and_learns_nothing_of_it(office: Office):
    paper = await kept(office, await ordered(office, ExtractKind.HISTORY))
    async with office.browser() as anybody:
        answer = await anybody.get(f"/verify/{paper.extract.token}")
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        for told in (
            "Документ с таким номером есть",
            "Выписка из истории болезни",
            paper.extract.number,
            "23 ноября 2026",
        ):
            assert told in answer.text
        for hidden in ("Ильина", "Анна", "J06.9", "бассейна", "Поликлиника"):
            assert hidden not in answer.text
        english = await anybody.get(f"/verify/{paper.extract.token}?language=en")
        assert "There is a paper with this number" in english.text
        assert "подлинный" not in answer.text, "a number and a code can be copied onto a false paper"


async def test_a_file_is_compared_by_its_hash_its_end_or_itself(office: Office):
    paper = await kept(office, await ordered(office, ExtractKind.HISTORY))
    place, digest = f"/verify/{paper.extract.token}", hashlib.sha256(paper.content).hexdigest()
    async with office.browser() as anybody:
        for form in ({"digest": digest}, {"tail": digest[-8:].upper()}):
            same = (await anybody.post(place, data=form)).text
            assert "тот самый файл" in same
            assert "Документ подлинный" in same
        sent = await anybody.post(place, files={"file": ("a.pdf", paper.content, "application/pdf")})
        assert "тот самый файл" in sent.text
        changed = await anybody.post(place, files={"file": ("a.pdf", paper.content + b"\n", "application/pdf")})
        assert "другой файл" in changed.text
        assert "Документ подлинный" not in changed.text
        for form in ({"tail": "abc"}, {"tail": "<script>"}, {}):
            refused = await anybody.post(place, data=form)
            assert refused.status_code == 422
            assert "<script>" not in refused.text
        big = await anybody.post(place, files={"file": ("a.pdf", b"0" * (11 * 1024 * 1024), "application/pdf")})
        assert big.status_code == 413


async def test_an_address_that_is_none_says_so_and_guessing_is_slow(office: Office):
    async with office.browser() as anybody:
        for token in ("x" * 22, "nothing", "%00", "a" * 500):
            assert (await anybody.get(f"/verify/{token}")).status_code == 404
        nowhere = await anybody.get("/verify")
        assert "ссылка уже не действует" in nowhere.text
        assert "очередь" not in nowhere.text
        for _ in range(60):
            last = await anybody.get(f"/verify/{'y' * 22}")
        assert last.status_code == 429
        assert int(last.headers["retry-after"]) > 0
        assert "Слишком часто" in last.text
        office.clock.passes(minutes=6)
        assert (await anybody.get(f"/verify/{'y' * 22}")).status_code == 404


async def test_who_looks_too_often_is_not_read(office: Office):
    sent: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        for _ in range(20):
            sent.append(b"0" * 64 * 1024)
            yield sent[-1]

    form = {"Content-Type": "multipart/form-data; boundary=x"}
    async with office.browser() as anybody:
        place = f"/verify/{'y' * 22}"
        for _ in range(60):
            assert (await anybody.get(place)).status_code == 404
        assert (await anybody.post(place, content=body(), headers=form)).status_code == 429
    assert sent == []


async def test_the_certificate_can_be_taken_along(office: Office):
    async with office.browser() as anybody:
        answer = await anybody.get("/verify/certificate")
        assert answer.text.startswith("-----BEGIN CERTIFICATE-----")
        assert "PRIVATE" not in answer.text
