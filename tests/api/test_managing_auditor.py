"""Whoever stands in the journal does not choose who reads it: at the desk nobody makes or touches an auditor."""

from core.domain.actor import Role
from tests.api.office import Browser, Office, problem
from tests.api.test_managing import boss, calls, id_of, sends

__all__ = ["boss"]


async def test_no_page_and_no_call_makes_or_touches_an_auditor(office: Office, boss: Browser):
    await office.hires("vera", Role.AUDITOR)
    vera, igor, olga = [await id_of(office, login) for login in ("vera", "igor", "olga")]
    duty = {"capacity": 5, "skills": ["card"], "languages": ["ru"], "team": None}
    for method, path, body in (
        ("POST", f"/{vera}/secrets", None),
        ("POST", f"/{vera}/disable", None),
        ("POST", f"/{vera}/enable", None),
        ("PUT", f"/{vera}/duty", duty),
        ("PUT", f"/{vera}/role", {"role": "operator", "name": "Вера"}),
        ("PUT", f"/{olga}/role", {"role": "auditor", "name": "Ольга"}),
        ("PUT", f"/{igor}/role", {"role": "auditor", "name": "Игорь"}),
        ("POST", "", {"login": "mole", "name": "Крот", "role": "auditor"}),
    ):
        refused = await calls(boss, method, f"/api/v1/staff{path}", body)
        assert problem(refused, 404) == "urn:medkarta:problem:not-there", path
    assert (await sends(boss, f"/desk/staff/{vera}/secrets")).status_code == 404
    assert 'value="auditor"' not in (await boss.get("/desk/staff")).text + (await boss.get(f"/desk/staff/{olga}")).text
    page = (await boss.get(f"/desk/staff/{vera}")).text
    assert "только командой" in page
    assert "/secrets" not in page
    async with office.browser() as browser:
        assert (await browser.signs_in(office, "vera")).headers["location"] == "/desk"
