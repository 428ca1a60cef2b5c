"""Identity checks at the desk: two different members, each step once, nobody else, and nothing without the session's secret."""

from collections.abc import AsyncIterator

import pytest

from core import ports
from core.domain.actor import Citizen, Role
from core.domain.factor import Factor, FactorKind, Factors
from core.services.proof import AskProof
from tests.api.office import SECRET, Browser, Office, person, problem

NOTE = "Позвонила, назвала дату рождения и паспорт: совпало."


async def lost(office: Office, given: str = "Анна") -> Citizen:
    """Somebody has lost the phone with the authenticator, and asks."""
    citizen = await office.knows(person(given, "Ильина"))
    async with office.container() as inside:
        factors = await inside.get(Factors)
        async with await inside.get(ports.Transaction):
            factor = Factor(citizen.account, FactorKind.TOTP, secret=SECRET, confirmed=True)
            await factors.save(factor, office.clock.now())
        await (await inside.get(AskProof))(citizen)
    return citizen


async def has_factor(office: Office, citizen: Citizen) -> bool:
    async with office.container() as inside:
        factors = await inside.get(Factors)
        async with (await inside.get(ports.Transaction)).looking():
            return await factors.of(citizen.account) is not None


@pytest.fixture
async def second(office: Office) -> AsyncIterator[Browser]:
    await office.hires("raisa", Role.REGISTRAR, name="Раиса Чех")
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "raisa")
        yield browser


async def the_only(browser: Browser) -> str:
    (waiting,) = (await browser.get("/api/v1/proofs")).json()["waiting"]
    return str(waiting["id"])


async def test_one_compares_on_the_page_and_another_confirms(office: Office, desk: Browser, second: Browser):
    assert "Проверять некого" in (await desk.get("/desk/proofs")).text
    citizen = await lost(office)
    listed = (await desk.get("/desk/proofs")).text
    assert "Анна И." in listed
    assert "Нужно сверить" in listed
    proof = f"/desk/proofs/{await the_only(desk)}"
    page = (await desk.get(proof)).text
    assert "Ильина Анна Сергеевна" in page
    assert "17.04.1992" in page
    assert "Подтвердить и снять замок" not in page
    form = {"csrf": await desk.secret_on(proof)}
    short = await desk.post(f"{proof}/comparison", data=form | {"compared": "всё ок"})
    assert short.status_code == 422
    assert "от 10 до 1000" in short.text
    assert "всё ок" in short.text
    done = await desk.post(f"{proof}/comparison", data=form | {"compared": NOTE})
    assert (done.status_code, done.headers["location"]) == (303, "/desk/proofs?done=compared")
    assert "Подтвердить и снять замок" not in (await desk.get(proof)).text
    mine = await desk.post(f"{proof}/confirmation", data=form)
    assert mine.status_code == 409
    assert "Подтвердить должен другой сотрудник" in mine.text
    assert await has_factor(office, citizen)

    page = (await second.get(proof)).text
    assert NOTE in page
    form = {"csrf": await second.secret_on(proof)}
    done = await second.post(f"{proof}/confirmation", data=form)
    assert (done.status_code, done.headers["location"]) == (303, "/desk/proofs?done=confirmed")
    assert not await has_factor(office, citizen)
    assert (await second.post(f"{proof}/confirmation", data=form)).status_code == 409
    assert "замок снят" in (await second.get(proof)).text


async def test_the_same_by_calls_and_each_step_once(office: Office, desk: Browser, second: Browser):
    desk.headers["X-CSRF-Token"] = "secret-of-zoya"
    citizen = await lost(office)
    proof = f"/api/v1/proofs/{await the_only(desk)}"
    assert problem(await desk.post(f"{proof}/confirmation"), 409).endswith("proof-moved")
    assert problem(await desk.post(f"{proof}/comparison", json={"compared": "ок"}), 422).endswith("note-needed")
    assert problem(await desk.post(f"{proof}/comparison", json={"compared": "й" * 1001}), 422).endswith("malformed")
    assert (await desk.post(f"{proof}/comparison", json={"compared": NOTE})).status_code == 204
    assert problem(await desk.post(f"{proof}/comparison", json={"compared": NOTE}), 409).endswith("proof-moved")
    assert problem(await desk.post(f"{proof}/confirmation"), 409).endswith("same-member")
    assert (await desk.get(proof)).json()["mine"]
    found = (await second.get(proof)).json()
    assert (found["state"], found["compared"], found["first"], found["mine"]) == ("compared", NOTE, "zoya", False)
    assert (await second.post(f"{proof}/confirmation")).status_code == 204
    assert problem(await second.post(f"{proof}/confirmation"), 409).endswith("proof-moved")
    assert not await has_factor(office, citizen)


async def test_a_refusal_needs_a_reason_and_takes_nothing_away(office: Office, desk: Browser):
    citizen = await lost(office)
    proof = f"/desk/proofs/{await the_only(desk)}"
    form = {"csrf": await desk.secret_on(proof)}
    answer = await desk.post(f"{proof}/refusal", data=form | {"reason": "н"})
    assert answer.status_code == 422
    assert "от 3 до 300" in answer.text
    done = await desk.post(f"{proof}/refusal", data=form | {"reason": "<b>Не дозвонились</b>"})
    assert done.headers["location"] == "/desk/proofs?done=refused"
    page = (await desk.get(proof)).text
    assert "&lt;b&gt;Не дозвонились" in page
    assert "Отказано" in page
    assert await has_factor(office, citizen)


async def test_a_write_without_the_sessions_secret_is_refused(office: Office, desk: Browser):
    await lost(office)
    name = await the_only(desk)
    for step, form in (("comparison", {"compared": NOTE}), ("confirmation", {}), ("refusal", {"reason": "Причина"})):
        assert (await desk.post(f"/desk/proofs/{name}/{step}", data={"csrf": "wrong", **form})).status_code == 403
        answer = await desk.post(f"/api/v1/proofs/{name}/{step}", json=form, headers={"X-CSRF-Token": "wrong"})
        assert answer.status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DOCTOR, Role.NURSE, Role.ACCOUNTANT])
async def test_other_roles_find_nothing(office: Office, desk: Browser, role: Role):
    await lost(office)
    name = await the_only(desk)
    await office.hires("vera", role, name="Вера Тихая")
    async with office.browser() as browser:
        browser.headers["X-CSRF-Token"] = await browser.sits(office, "vera")
        for address in ("/desk/proofs", f"/desk/proofs/{name}", "/api/v1/proofs", f"/api/v1/proofs/{name}"):
            assert (await browser.get(address)).status_code == 403
        assert (await browser.post(f"/api/v1/proofs/{name}/confirmation")).status_code == 403


async def test_what_is_not_there_is_not_there(desk: Browser):
    nobody = "01900000-0000-7000-8000-000000000000"
    assert (await desk.get(f"/desk/proofs/{nobody}")).status_code == 404
    assert problem(await desk.get(f"/api/v1/proofs/{nobody}"), 404).endswith("not-there")
    assert (await desk.get("/desk/proofs/x")).status_code == 404
