"""Hours and limits, set by administrators on a page and by programs."""

import pytest

from core.domain.actor import Role
from tests.api.office import Browser, Office, problem

WEEK = {f"day_{day}": "09:00-13:00, 14:00-20:00" for day in range(5)}
LIMITS = {"conversation": "20", "ticket": "12", "warn_at": "60", "escalated": "", "version": "0"}


async def sits(office: Office, browser: Browser, login: str, role: Role) -> str:
    await office.hires(login, role, name=login.title())
    return await browser.sits(office, login)


async def test_hours_that_are_set_are_those_that_are_shown(office: Office) -> None:
    async with office.browser() as browser:
        secret = await sits(office, browser, "igor", Role.ADMINISTRATOR)
        page = (await browser.get("/desk/hours")).text
        assert 'value="09:00–20:00"' in page
        form = {"csrf": secret, **WEEK, "zone": "Asia/Omsk", "days": "2026-12-31: 09:00–12:00\n2026-12-30: —\n"}
        told = await browser.post("/desk/hours", data=form)
        assert told.headers["location"] == "/desk/hours?done=hours"
        hours = (await browser.get("/api/v1/hours")).json()
        assert hours["week"] == ["09:00–13:00, 14:00–20:00"] * 5 + ["", ""]
        assert (hours["days"], hours["holidays"]) == ({"2026-12-31": "09:00–12:00", "2026-12-30": ""}, False)
        page = (await browser.get(told.headers["location"])).text
        assert "2026-12-30: —\n2026-12-31: 09:00–12:00" in page
        assert '<option value="Asia/Omsk" selected>' in page
        put = {name: hours[name] for name in ("zone", "week", "days")} | {"holidays": True}
        headers = {"X-CSRF-Token": secret}
        assert (await browser.put("/api/v1/hours", json=put, headers=headers)).status_code == 204
        assert (await browser.get("/api/v1/hours")).json()["holidays"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"day_0": "9-18"},
        {"day_0": "09:00-13:00, 12:00-15:00"},
        {"zone": "Mars/Phobos"},
        {"days": "завтра"},
        {"days": "2026-13-01:"},
    ],
)
async def test_hours_that_make_no_sense_are_said_and_what_was_typed_stays(
    office: Office, wrong: dict[str, str]
) -> None:
    async with office.browser() as browser:
        secret = await sits(office, browser, "igor", Role.ADMINISTRATOR)
        form = {"csrf": secret, "zone": "Europe/Moscow", **WEEK, "day_6": "10:00-11:00", **wrong}
        refused = await browser.post("/desk/hours", data=form)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert 'value="10:00-11:00"' in refused.text
        assert (await browser.get("/api/v1/hours")).json()["week"][6] == ""


async def test_limits_name_somebody_who_hears_of_what_is_late(office: Office) -> None:
    await office.hires("sonya", Role.SENIOR, name="Соня Ким")
    async with office.browser() as browser:
        secret = await sits(office, browser, "igor", Role.ADMINISTRATOR)
        page = (await browser.get("/desk/hours")).text
        option = page.split('<option value="staff:')[2].split('"')[0]
        form = LIMITS | {"csrf": secret, "escalated": f"staff:{option}"}
        told = await browser.post("/desk/hours/limits", data=form)
        assert told.headers["location"] == "/desk/hours?done=limits"
        limits = (await browser.get("/api/v1/limits")).json()
        assert (limits["conversation_minutes"], limits["ticket_minutes"], limits["warn_at"]) == (20, 720, [60])
        assert (limits["staff"], limits["version"]) == (option, 1)
        stale = await browser.post("/desk/hours/limits", data=form)
        assert stale.status_code == 422
        headers = {"X-CSRF-Token": secret}
        again = limits | {"working_tickets": True}
        assert (await browser.put("/api/v1/limits", json=again, headers=headers)).status_code == 204
        problem(await browser.put("/api/v1/limits", json=again, headers=headers), 409)
        problem(await browser.put("/api/v1/limits", json=again | {"warn_at": [80, 50]}, headers=headers), 422)


@pytest.mark.parametrize(
    "wrong",
    [{"conversation": "0"}, {"ticket": "много"}, {"ticket": "1e9"}, {"warn_at": "80, 50"}, {"escalated": "staff:x"}],
)
async def test_limits_that_make_no_sense_are_refused(office: Office, wrong: dict[str, str]) -> None:
    async with office.browser() as browser:
        secret = await sits(office, browser, "igor", Role.ADMINISTRATOR)
        refused = await browser.post("/desk/hours/limits", data={"csrf": secret, **LIMITS, **wrong})
        assert refused.status_code == 422
        assert "от минуты до 30 дней" in refused.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SENIOR, Role.REVIEWER])
async def test_nobody_else_has_the_page(office: Office, role: Role) -> None:
    async with office.browser() as browser:
        secret = await sits(office, browser, "vera", role)
        assert (await browser.get("/desk/hours")).status_code == 403
        assert (await browser.post("/desk/hours", data={"csrf": secret, **WEEK})).status_code == 403
        problem(await browser.get("/api/v1/hours"), 403)
        problem(await browser.get("/api/v1/limits"), 403)


async def test_a_form_of_another_site_changes_nothing(office: Office) -> None:
    async with office.browser() as browser:
        await sits(office, browser, "igor", Role.ADMINISTRATOR)
        assert (await browser.post("/desk/hours", data={"csrf": "guessed", **WEEK})).status_code == 403
        assert (await browser.post("/desk/hours/limits", data=LIMITS)).status_code == 403
        problem(await browser.put("/api/v1/hours", json={"zone": "UTC", "week": [""] * 7}), 403)
