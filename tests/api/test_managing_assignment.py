"""How waiting conversations are given out: an administrator decides, on a page and by a call."""

from typing import Any

import pytest

from core.domain.actor import Role
from tests.api.office import Browser, Office


async def decides(browser: Browser, login: str) -> int:
    """Ask for "in turn" by a call; returns the status of the answer."""
    headers = {"X-CSRF-Token": f"secret-of-{login}"}
    return (await browser.put("/api/v1/assignment", json={"how": "in_turn"}, headers=headers)).status_code


@pytest.fixture
async def boss(office: Office) -> Any:
    """A browser of the administrator `igor`; `olga` is an operator."""
    await office.hires("igor", Role.ADMINISTRATOR)
    await office.hires("olga", Role.OPERATOR, name="Ольга Речная")
    async with office.browser() as browser:
        await browser.sits(office, "igor")
        yield browser


async def test_an_administrator_decides_how_conversations_are_given_out(office: Office, boss: Browser):
    assert 'value="by_hand" checked' in (await boss.get("/desk/teams")).text
    saved = await boss.post("/desk/teams/assignment", data={"csrf": "secret-of-igor", "how": "by_skill"})
    assert saved.headers["location"] == "/desk/teams?done=assigned"
    shown = (await boss.get("/desk/teams?done=assigned")).text
    assert 'value="by_skill" checked' in shown
    assert "раздаются так с этой минуты" in shown
    assert (await boss.get("/api/v1/assignment")).json() == {"how": "by_skill"}
    assert (
        await boss.post("/desk/teams/assignment", data={"csrf": "secret-of-igor", "how": "by_magic"})
    ).status_code == 404
    async with office.browser() as browser:
        await browser.sits(office, "olga")
        assert (await browser.get("/api/v1/assignment")).json() == {"how": "by_skill"}
        assert await decides(browser, "olga") == 403
    assert await decides(boss, "igor") == 204
    assert (await boss.get("/api/v1/assignment")).json() == {"how": "in_turn"}
