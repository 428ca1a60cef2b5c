"""The pages for whoever plays the clinic."""

import httpx

from playground.outside.schedules import Schedules
from tests.playground.test_schedules.test_server import BASE, booking, free

HTML = {"accept": "text/html"}


async def test_the_list_has_every_clinic_and_leads_to_its_day(http: httpx.AsyncClient) -> None:
    page = await http.get("/schedules")
    assert page.status_code == 200
    for clinic in (await http.get("/clinics")).json():
        assert f'href="/schedules/{clinic["code"]}"' in page.text
    assert "сегодня ещё свободно" in page.text


async def test_a_day_shows_what_is_free_taken_and_ours(http: httpx.AsyncClient) -> None:
    slot = await free(http)
    await http.post(BASE, json=booking(slot))
    page = (await http.get("/schedules/770901")).text
    assert "Ильина Анна" in page
    assert "занято из Медкарты" in page
    assert 'class="free' in page
    assert 'class="busy' in page
    own = (await http.get("/schedules/770902?day=2026-11-24")).text
    assert 'class="own' in own
    assert "занято" not in own
    for odd in ("yesterday", "1999-01-01", "2999-01-01"):
        assert (await http.get(f"/schedules/770901?day={odd}")).status_code == 200
    assert (await http.get("/schedules/000000")).status_code == 404


async def test_the_clinic_cancels_and_gives_the_time_to_nobody_else(http: httpx.AsyncClient) -> None:
    slot = await free(http)
    await http.post(BASE, json=booking(slot))
    told = (await http.post("/schedules/770901/cancel", data={"appointment": "a1", "reason": " "})).json()
    assert (told["status"], told["cancelationReason"]["text"]) == ("cancelled", "Врач заболел")
    assert (await http.get(f"{BASE}/Slot/{slot['id']}")).json()["status"] == "busy-unavailable"
    assert (await http.post("/schedules/770901/cancel", data={"appointment": "a1"})).status_code == 409
    assert (await http.post("/schedules/770901/cancel", data={"appointment": "a9"})).status_code == 404
    assert (await http.post("/schedules/770902/cancel", data={"appointment": "a1"})).status_code == 404


async def test_the_clinic_moves_to_a_free_time_alone(http: httpx.AsyncClient) -> None:
    slot, other = await free(http), await free(http, 1)
    await http.post(BASE, json=booking(slot))
    move = {"appointment": "a1", "slot": other["id"]}
    assert other["id"] in (await http.get("/schedules/770901")).text
    moved = (await http.post("/schedules/770901/move", data=move)).json()
    assert (moved["start"], moved["meta"]["versionId"]) == (other["start"], "2")
    assert (await http.get(f"{BASE}/Slot/{slot['id']}")).json()["status"] == "free"
    assert (await http.get(f"{BASE}/Slot/{other['id']}")).json()["status"] == "busy"
    assert (await http.post("/schedules/770901/move", data=move)).status_code == 409
    assert (await http.post("/schedules/770901/move", data={**move, "slot": "x"})).status_code == 404


async def test_a_server_is_broken_and_mended_by_a_choice(http: httpx.AsyncClient) -> None:
    broken = await http.post("/schedules/770901/fault", data={"mode": "down"}, headers=HTML)
    assert (broken.status_code, broken.headers["location"]) == (303, "/schedules/770901")
    assert (await http.get(f"{BASE}/Schedule")).status_code == 503
    assert (await http.post(BASE, json={})).status_code == 503
    assert "не работает" in (await http.get("/schedules")).text
    await http.post("/schedules/770901/fault", data={"mode": "ok"})
    assert (await http.get(f"{BASE}/Schedule")).status_code == 200
    assert (await http.post("/schedules/770901/fault", data={"mode": "mad"})).status_code == 404
    assert (await http.post("/schedules/770902/fault", data={"mode": "down"})).status_code == 404
    await http.post("/clinics/faults", json={"service": "770901.read", "mode": "drop"})
    assert "сломан" in (await http.get("/schedules")).text


async def test_the_people_at_random_are_turned_up_and_down(http: httpx.AsyncClient, world: Schedules) -> None:
    for pace in (600, 0):
        assert (await http.post("/schedules/crowd", data={"pace": str(pace)})).json() == {"pace": pace}
        assert world.crowd.pace == pace
    for odd in ("7", "often", ""):
        assert (await http.post("/schedules/crowd", data={"pace": odd})).status_code == 422
