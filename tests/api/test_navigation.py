"""The bar of the desk: everybody sees where they may go, and no more than fits."""

import pytest
from starlette.routing import Match

from api.navigation import IN_SIGHT, LINKS, bar, home
from core.domain.actor import Role
from tests.api.office import Browser, Office


async def sitting(office: Office, browser: Browser, role: Role) -> None:
    await office.hires("somebody", role, name="Кто-то Здешний")
    await browser.sits(office, "somebody")


def there(office: Office, path: str) -> bool:
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in office.app.routes)


@pytest.mark.parametrize("role", Role)
async def test_every_link_in_the_bar_opens_and_what_is_not_there_does_not(office: Office, role: Role):
    async with office.browser() as browser:
        await sitting(office, browser, role)
        for link in LINKS:
            if not there(office, link.path):
                continue
            status = (await browser.get(link.path)).status_code
            if role in link.roles:
                assert status == 200, (role, link.path)
            elif link.path != "/desk":  # who works elsewhere is led there
                assert status in {403, 404}, (role, link.path)


@pytest.mark.parametrize("role", Role)
def test_the_bar_stays_short_and_where_one_is_stands_in_it(role: Role):
    seen = bar(role, "/desk/staff/0190")
    assert len(seen.shown) <= IN_SIGHT + 1
    assert len(seen.more) != 1
    assert {*seen.shown, *seen.more} == {link for link in LINKS if role in link.roles}
    assert (seen.here is not None) == (role is Role.ADMINISTRATOR)
    assert home(role) == "/desk" or home(role) in {link.path for link in (*seen.shown, *seen.more)}


def test_the_queue_is_no_parent_of_the_other_places():
    assert getattr(bar(Role.REVIEWER, "/desk").here, "path", None) == "/desk"
    assert getattr(bar(Role.REVIEWER, "/desk/proofs/1").here, "path", None) == "/desk/proofs"
