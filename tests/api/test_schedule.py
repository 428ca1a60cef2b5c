"""A schedule at the desk, through HTTP: facilities, a week, its days; on pages and for programs."""

from collections.abc import AsyncIterator

import pytest

from core.domain.actor import Role
from core.domain.booking import BookingState
from tests.api.booked import TOLD, Practice, keeps, practice, seated
from tests.api.office import Browser, Office, problem

LONG = "Я" * 301


@pytest.fixture
async def here(office: Office) -> Practice:
    return await practice(office)


@pytest.fixture
async def registrar(office: Office, here: Practice) -> AsyncIterator[Browser]:
    await keeps(office, here, "rita", Role.REGISTRAR)
    async with office.browser() as browser:
        await seated(office, browser, "rita")
        yield browser


@pytest.fixture
async def administrator(office: Office) -> AsyncIterator[Browser]:
    await office.hires("igor", Role.ADMINISTRATOR)
    async with office.browser() as browser:
        await seated(office, browser, "igor")
        yield browser


async def test_a_registrar_sees_the_facilities_that_are_theirs_and_no_others(
    office: Office, here: Practice, registrar: Browser
) -> None:
    other = await practice(office, "690002", name="Чужая поликлиника")
    page = (await registrar.get("/desk/schedule")).text
    assert here.facility.name in page
    assert "Чужая" not in page
    assert (await registrar.get(other.place)).status_code == 404
    assert (await registrar.get(f"{other.place}/day")).status_code == 404
    assert [each["code"] for each in (await registrar.get("/api/v1/facilities")).json()] == ["690001"]
    assert (
        problem(await registrar.get(f"/api/v1/facilities/{other.facility.id}"), 404) == "urn:medkarta:problem:not-there"
    )


async def test_a_week_shows_hours_days_that_differ_and_holidays(here: Practice, registrar: Browser) -> None:
    page = (await registrar.get(here.place)).text
    for told in (
        "Иванцова Аглая Тихоновна",
        "09:00–13:00</strong> по 15 мин",
        "каб. 214а",
        "1 января 2027, пятница",
        "выходной",
    ):
        assert told in page
    english = (await registrar.get(f"{here.place}?language=en")).text
    assert "day off" in english
    assert "Friday, 1 January 2027" in english


async def test_a_doctor_is_added_with_hours_and_can_be_booked_at_once(here: Practice, registrar: Browser) -> None:
    form = {"csrf": "secret-of-rita", "name": "", "speciality": "therapist", "room": "7"}
    wrong = await registrar.post(f"{here.place}/doctors", data=form)
    assert wrong.status_code == 422
    assert "Имя врача — от 1 до 120 знаков" in wrong.text
    assert 'value="7"' in wrong.text
    made = await registrar.post(f"{here.place}/doctors", data=form | {"name": "Громов П. П."})
    place = made.headers["location"].partition("?")[0]
    hours = {"csrf": "secret-of-rita", "weekday": "1", "start": "14:00", "end": "13:00"}
    wrong = await registrar.post(f"{place}/hours", data=hours)
    assert (wrong.status_code, "Часы не подходят" in wrong.text, 'value="14:00"' in wrong.text) == (422, True, True)
    assert (await registrar.post(f"{place}/hours", data=hours | {"end": "15:00"})).status_code == 303
    assert len(await here.slots()) == 16 + 4
    page = (await registrar.get(place)).text
    known = page.split('name="hours" value="')[1].split('"')[0]
    changed = await registrar.post(f"{place}/hours", data=hours | {"end": "16:00", "hours": known})
    assert changed.status_code == 303
    assert len(await here.slots()) == 16 + 8
    assert (await registrar.post(f"{place}/hours/{known}/drop", data={"csrf": "secret-of-rita"})).status_code == 303
    assert len(await here.slots()) == 16
    gone = {"csrf": "secret-of-rita", "gone": "1"}
    assert (await registrar.post(place, data=gone)).headers["location"].startswith(f"{here.place}?done=gone")
    assert (await registrar.get(place)).status_code == 404


async def test_a_closed_day_calls_off_whoever_was_to_come_and_opens_again(here: Practice, registrar: Browser) -> None:
    _, booking = await here.books()
    form = {"csrf": "secret-of-rita", "day": "2026-11-24", "kind": "closed", "why": "Санитарный день"}
    done = await registrar.post(f"{here.place}/days", data=form)
    assert done.headers["location"] == f"{here.place}?done=day&called_off=1"
    assert (await here.state(booking)).state is BookingState.CALLED_OFF
    assert await here.slots() == []
    page = (await registrar.get(done.headers["location"])).text
    for told in ("24 ноября 2026, вторник", "приёма нет", "Санитарный день", "Отменено записей: 1"):
        assert told in page
    known = page.split("/days/")[1].split("/")[0]
    await registrar.post(f"{here.place}/days/{known}/drop", data={"csrf": "secret-of-rita"})
    assert len(await here.slots()) == 16
    moved = form | {"day": "2026-11-28", "kind": "weekday", "as_weekday": "1"}
    assert (await registrar.post(f"{here.place}/days", data=moved)).status_code == 303
    assert "как вторник" in (await registrar.get(here.place)).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": ""},
        {"day": "9999-12-31"},
        {"day": "завтра"},
        {"kind": "hours", "start": "25:00", "end": "26:00"},
        {"kind": "hours"},
        {"kind": "weekday", "as_weekday": "9"},
        {"why": LONG},
        {"doctor": "не врач"},
    ],
)
async def test_a_day_that_cannot_be_is_one_sentence_and_loses_nothing(
    here: Practice, registrar: Browser, wrong: dict[str, str]
) -> None:
    form = {"csrf": "secret-of-rita", "day": "2026-11-24", "kind": "closed", "why": "Ремонт"} | wrong
    answer = await registrar.post(f"{here.place}/days", data=form)
    assert answer.status_code in {404, 422}
    assert answer.text.count('role="alert"') == 1
    assert form["why"] in answer.text
    assert len(await here.slots()) == 16


async def test_a_write_without_the_secret_changes_nothing(here: Practice, registrar: Browser) -> None:
    form = {"day": "2026-11-24", "kind": "closed"}
    assert (await registrar.post(f"{here.place}/days", data=form)).status_code == 403
    del registrar.headers["X-CSRF-Token"]
    assert (await registrar.post(f"/api/v1/facilities/{here.facility.id}/days", json=form)).status_code == 403
    assert len(await here.slots()) == 16


async def test_an_administrator_adds_a_facility_and_says_who_keeps_it(office: Office, administrator: Browser) -> None:
    await office.hires("rita", Role.REGISTRAR, name="Рита Ясная")
    form = {"csrf": "secret-of-igor", "code": "770901", "limit": "3", "point": "55.75, 37.62", **TOLD}
    wrong = await administrator.post("/desk/schedule/new", data=form | {"zone": "Луна"})
    assert (wrong.status_code, "Часовой пояс не найден" in wrong.text, 'value="770901"' in wrong.text) == (
        422,
        True,
        True,
    )
    served = form | {"code": "770902", "url": "ftp://clinic.example"}
    assert (await administrator.post("/desk/schedule/new", data=served)).status_code == 422
    served |= {"url": "https://clinic.example/fhir"}
    elsewhere = (await administrator.post("/desk/schedule/new", data=served)).headers["location"]
    assert "на своём сервере" in (await administrator.get(elsewhere)).text
    made = await administrator.post("/desk/schedule/new", data=form)
    place = made.headers["location"].partition("?")[0]
    assert (await administrator.post("/desk/schedule/new", data=form)).status_code == 409
    page = (await administrator.get(f"{place}/keepers")).text
    member = page.split("Рита Ясная")[0].rsplit('value="', 1)[1].split('"')[0]
    assert (
        await administrator.post(f"{place}/keepers", data={"csrf": "secret-of-igor", "member": "x"})
    ).status_code == 422
    assert (
        await administrator.post(f"{place}/keepers", data={"csrf": "secret-of-igor", "member": member})
    ).status_code == 303
    async with office.browser() as browser:
        await seated(office, browser, "rita")
        assert (await browser.get(place)).status_code == 200
        assert (await browser.get(f"{place}/keepers")).status_code == 403
        await administrator.post(f"{place}/keepers/{member}/relief", data={"csrf": "secret-of-igor"})
        assert (await browser.get(place)).status_code == 404
    unknown = await administrator.post(f"{place}/organisation", data={"csrf": "secret-of-igor", "client_id": "nobody"})
    assert (unknown.status_code, "Такой организации нет" in unknown.text) == (422, True)
    assert (await administrator.get(f"{place}/day")).status_code == 403
    closed = await administrator.post(f"{place}/facts", data={"csrf": "secret-of-igor", "closed": "1"})
    assert closed.headers["location"] == "/desk/schedule?done=closed&called_off=0"
    assert (await administrator.get(place)).status_code == 404


async def test_programs_keep_a_schedule_as_people_do(here: Practice, registrar: Browser) -> None:
    of = f"/api/v1/facilities/{here.facility.id}"
    made = await registrar.post(f"{of}/doctors", json={"name": "Громов П. П.", "speciality": "therapist"})
    doctor = made.json()["id"]
    hours = {"weekday": 1, "start": "14:00", "end": "15:00"}
    assert (await registrar.post(f"/api/v1/doctors/{doctor}/hours", json=hours)).json() == {"called_off": 0}
    found = (await registrar.get(of)).json()
    (known,) = next(each["hours"] for each in found["doctors"] if each["id"] == doctor)
    assert (known["minutes"], known["start"]) == (15, "14:00")
    assert problem(await registrar.post(f"/api/v1/doctors/{doctor}/hours", json=hours), 422).endswith("hours-wrong")
    changed = hours | {"end": "16:00"}
    assert (await registrar.put(f"/api/v1/doctors/{doctor}/hours/{known['id']}", json=changed)).status_code == 200
    assert (await registrar.patch(f"/api/v1/doctors/{doctor}", json={"room": "5"})).json() == {"called_off": 0}
    assert (await registrar.delete(f"/api/v1/doctors/{doctor}/hours/{known['id']}")).status_code == 200
    assert (await registrar.post(f"{of}/days", json={"day": "2026-11-24"})).status_code == 201
    (day,) = (await registrar.get(of)).json()["days"]
    assert (day["day"], day["doctor"], day["start"]) == ("2026-11-24", None, None)
    assert (await registrar.delete(f"{of}/days/{day['id']}")).status_code == 200
    assert problem(await registrar.post("/api/v1/facilities", json=TOLD | {"code": "1"}), 403).endswith("role-refused")
