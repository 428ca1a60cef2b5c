"""Vaccinations at the desk: checked on the page and over REST, corrected under a signature; pages in both languages."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from core import ports
from core.domain.actor import Citizen, Role
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.ids import CardId, ClaimId, ClinicId, RecordId, new_id
from core.domain.record import Coding, Period, Vaccination, Vaccinations
from core.domain.record.coding import CVX
from core.domain.vaccination import Claim, ClaimKind, Claims, ClaimState, Field, Scan, Told
from core.services.consent import GiveConsent
from core.services.vaccination import AddStaffKey
from tests.api.office import Browser, Office, person, picture, problem
from tests.core.services.vaccinated import SPECIALISTS_KEY, public, signature

TETANUS = Coding(CVX, "113", "Td (adult) preservative free")
TOLD = Told(Coding("", "", "<b>АДС-М</b>"), date(2015, 5, 12), "П412", "Поликлиника & Ко")


async def somebody(office: Office) -> Citizen:
    citizen = await office.knows(person("Анна", "Ильина"))
    async with office.container() as inside:
        await (await inside.get(GiveConsent))(citizen, "ru")
        cards, now = await inside.get(Cards), office.clock.now()
        async with await inside.get(ports.Transaction):
            card = Card(CardId(new_id(now)), citizen.account, new_patient_number(), CardState.ACTIVE, now)
            await cards.create(card, snils="11223344595", passport="4510123456")
    return citizen


async def sent(office: Office, *, scan: bool = True, correction: bool = False) -> tuple[Citizen, ClaimId]:
    """Somebody has sent a dose, or asks to correct one."""
    citizen, now = await somebody(office), office.clock.now()
    claim = Claim(ClaimId(new_id(now)), citizen.account, ClaimKind.NEW, ClaimState.DRAFT, now, told=TOLD)
    async with office.container() as inside:
        claims, kept = await inside.get(Claims), await inside.get(Vaccinations)
        async with await inside.get(ports.Transaction):
            if correction:
                clinic, record = ClinicId(new_id(now)), RecordId(new_id(now))
                dose = Vaccination(record, citizen.account, date(2020, 1, 2), TETANUS, clinic, series="OLD1")
                await kept.put([dose])
                claim = replace(
                    claim,
                    kind=ClaimKind.CORRECTION,
                    told=Told(),
                    record=record,
                    wrong=Field.SERIES,
                    right="NEW<2>",
                    why="Так в сертификате",
                )
            claim = await claims.begin(claim)
            if scan and not correction:
                content = picture()
                claim = await claims.attach(claim, Scan("image/png", len(content), 1), content)
            await claims.save(replace(claim, sent_at=now), ClaimState.WAITING)
    return citizen, claim.id


async def recorded(office: Office, citizen: Citizen) -> list[Vaccination]:
    async with office.container() as inside:
        kept = await inside.get(Vaccinations)
        async with (await inside.get(ports.Transaction)).looking():
            return list(await kept.of(citizen.account, Period()))


@pytest.fixture
async def nurse(office: Office) -> AsyncIterator[Browser]:
    await office.hires("nina", Role.NURSE, name="Нина Белова")
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "nina")
        yield browser


@pytest.fixture
async def doctor(office: Office) -> AsyncIterator[Browser]:
    await office.hires("petrova", Role.DOCTOR, name="Петрова Анна Ивановна")
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "petrova")
        yield browser


async def test_a_nurse_compares_the_scan_and_adds_the_dose_on_the_page(office: Office, nurse: Browser):
    assert (await nurse.get("/desk")).headers["location"] == "/desk/vaccinations"
    assert "Проверять нечего" in (await nurse.get("/desk/vaccinations")).text
    citizen, claim = await sent(office)
    assert "Анна И." in (await nurse.get("/desk/vaccinations")).text
    place = f"/desk/vaccinations/{claim}"
    page = (await nurse.get(place)).text
    for told in ("Ильина Анна Сергеевна", "17 апреля 1992", "&lt;b&gt;АДС-М", "12.05.2015", "Поликлиника &amp; Ко"):
        assert told in page
    scan = await nurse.get(f"{place}/scan")
    assert (scan.content, scan.headers["content-type"]) == (picture(), "image/png")
    assert "sandbox" in scan.headers["content-security-policy"]
    form = {"csrf": await nurse.secret_on(place), "decision": "accept", "code": "113", "series": "П<412>"}
    wrong = await nurse.post(place, data=form | {"given_on": "завтра"})
    assert wrong.status_code == 422
    assert "Нужен день после рождения" in wrong.text
    assert "П&lt;412&gt;" in wrong.text
    done = await nurse.post(place, data=form | {"given_on": "12.05.2015"})
    assert done.headers["location"] == "/desk/vaccinations?done=accepted"
    (dose,) = await recorded(office, citizen)
    assert (dose.vaccine, dose.series) == (TETANUS, "П<412>")
    late = await nurse.post(place, data=form | {"given_on": "12.05.2015"})
    assert late.status_code == 409
    assert "Уже решил(а) nina" in late.text
    assert "Decided by nina" in (await nurse.get(f"{place}?language=en")).text


async def test_programs_accept_and_refuse_too(office: Office, nurse: Browser):
    citizen, claim = await sent(office, scan=False)
    place = f"/api/v1/vaccinations/{claim}"
    (listed,) = (await nurse.get("/api/v1/vaccinations")).json()
    assert (listed["id"], listed["scanned"], listed["kind"]) == (str(claim), False, "new")
    found = (await nurse.get(place)).json()
    assert (found["series"], found["vaccine"]["display"], found["record"]) == ("П412", "<b>АДС-М</b>", None)
    assert problem(await nurse.get(f"{place}/scan"), 404).endswith("not-there")
    dose = {"given_on": "2015-05-12", "words": "АДС-М"}
    unsigned = await nurse.post(f"{place}/acceptance", json=dose, headers={"X-CSRF-Token": "wrong"})
    assert problem(unsigned, 403).endswith("form-refused")
    assert problem(await nurse.post(f"{place}/acceptance", json={}), 422).endswith("malformed")
    assert problem(await nurse.post(f"{place}/acceptance", json=dose | {"words": ""}), 422).endswith("words-short")
    assert problem(await nurse.post(f"{place}/refusal", json={"reason": "я"}), 422).endswith("reason-needed")
    assert (await nurse.post(f"{place}/acceptance", json=dose)).status_code == 204
    again = await nurse.post(f"{place}/refusal", json={"reason": "Передумала"})
    assert problem(again, 409).endswith("claim-decided")
    assert "nina" in again.json()["detail"]
    assert len(await recorded(office, citizen)) == 1


async def test_a_correction_takes_a_doctors_signature(office: Office, doctor: Browser):
    citizen, claim = await sent(office, correction=True)
    place, api = f"/desk/vaccinations/{claim}", f"/api/v1/vaccinations/{claim}"
    page = await doctor.get(place)
    assert page.status_code == 200
    assert "Ваш открытый ключ не зарегистрирован" in page.text
    assert problem(await doctor.get(f"{api}/sheet"), 409).endswith("no-staff-key")
    async with office.container() as inside:
        await (await inside.get(AddStaffKey))("petrova", public(SPECIALISTS_KEY))
    page = await doctor.get(place)
    for told in ("OLD1", "NEW&lt;2&gt;", "Так в сертификате", "openssl pkeyutl -sign -rawin"):
        assert told in page.text
    sheet = await doctor.get(f"{place}/sheet")
    assert "attachment" in sheet.headers["content-disposition"]
    assert sheet.content == (await doctor.get(f"{api}/sheet")).content
    form = {"csrf": await doctor.secret_on(place)}
    wrong = await doctor.post(f"{place}/signature", data=form | {"signature": "AAAA"})
    assert wrong.status_code == 422
    assert "Подпись не подходит" in wrong.text
    other = {"signature": signature(SPECIALISTS_KEY, sheet.content + b"\n")}
    assert problem(await doctor.post(f"{api}/signature", json=other), 422).endswith("wrong-proof")
    assert (await recorded(office, citizen))[0].series == "OLD1"
    proof = ("correction.sig", signature(SPECIALISTS_KEY, sheet.content).encode() + b"\n", "text/plain")
    done = await doctor.post(f"{place}/signature", data=form, files={"file": proof})
    assert done.headers["location"] == "/desk/vaccinations?done=signed"
    assert (await recorded(office, citizen))[0].series == "NEW<2>"
    again = await doctor.post(f"{api}/signature", json={"signature": proof[1].decode()})
    assert problem(again, 409).endswith("claim-decided")


async def test_a_nurse_neither_sees_nor_signs_corrections(office: Office, nurse: Browser):
    _, claim = await sent(office, correction=True)
    assert (await nurse.get("/api/v1/vaccinations")).json() == []
    assert problem(await nurse.get(f"/api/v1/vaccinations/{claim}"), 404).endswith("not-there")
    signed = await nurse.post(f"/api/v1/vaccinations/{claim}/signature", json={"signature": "AAAA"})
    assert problem(signed, 403).endswith("role-refused")


async def test_others_at_the_desk_see_nothing_of_it(office: Office, desk: Browser):
    _, claim = await sent(office)
    assert problem(await desk.get("/api/v1/vaccinations"), 403).endswith("role-refused")
    assert problem(await desk.get(f"/api/v1/vaccinations/{claim}/scan"), 403).endswith("role-refused")
    assert (await desk.get(f"/desk/vaccinations/{claim}")).status_code == 403
    async with office.browser() as nobody:
        assert (await nobody.get("/desk/vaccinations")).headers["location"].startswith("/desk/sign-in")
        assert problem(await nobody.get("/api/v1/vaccinations"), 401).endswith("sign-in-first")
