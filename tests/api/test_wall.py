"""A wall listens and is nobody's presence, and neither is signing in."""

import pytest

from api.live import Live
from core.domain.actor import Role
from core.domain.conversation import Assigning, DeskSettings
from core.domain.ids import StaffId
from core.domain.team import Duties, Duty, Presence
from core.ports import Transaction
from core.services.conversation import AssignWaiting
from tests.api.chatting import Talking
from tests.api.listening import hears, hired, watch
from tests.api.office import PASSWORD, Browser, Office


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SENIOR, Role.ADMINISTRATOR])
async def test_a_wall_on_a_television_is_given_nothing(office: Office, role: Role) -> None:
    live: Live = office.app.state.live
    staff, talking = await hired(office, "olga", role), Talking(office)
    async with office.container() as inside:
        duties = await inside.get(Duties)
        async with await inside.get(Transaction):
            await duties.be(staff, Presence.HERE, office.clock.now())
            await (await inside.get(DeskSettings)).assign(Assigning.IN_TURN)
    left = office.clock.now()
    async with office.browser() as browser:
        await browser.sits(office, "olga")
        async with office.container() as inside, await inside.get(Transaction):
            await (await inside.get(Duties)).saw(staff, left)
        office.clock.passes(minutes=5)
        for address in ("/desk/wall", "/desk/wall?live=1"):
            assert (await browser.get(address)).status_code == 200
        session = browser.cookies["medkarta_desk"]
    stream = await live.join(session, watch(staff, role=role), "127.0.0.1", None, wall=True)
    await talking.calls()
    async with hears(live, stream) as heard:
        assert await live.look() > 0
        await heard.until(1)
        async with office.container() as inside:
            assert await (await inside.get(AssignWaiting))() == 0
            async with (await inside.get(Transaction)).looking():
                assert (await (await inside.get(Duties)).of(staff)).seen_at == left
    assert heard.kinds == ["wall"]


async def duty(office: Office, staff: StaffId) -> Duty:
    async with office.container() as inside, (await inside.get(Transaction)).looking():
        found: Duty = await (await inside.get(Duties)).of(staff)
    return found


async def signs_in(office: Office, browser: Browser, onward: str) -> None:
    """Sign in at the door on the way to a page; a code works once, so time passes first."""
    office.clock.passes(seconds=30)
    form = {"csrf": await browser.secret_on("/desk/sign-in"), "login": "olga", "password": PASSWORD, "next": onward}
    answer = await browser.post("/desk/sign-in", data=form | {"code": office.code()})
    assert answer.headers["location"] == onward
    assert (await browser.get(onward)).status_code == 200


async def test_signing_in_on_a_television_says_nothing_and_a_page_of_work_does(office: Office) -> None:
    olga = await hired(office, "olga")
    async with office.browser() as television, office.browser() as desk:
        await signs_in(office, television, "/desk/wall")
        assert not (await duty(office, olga)).is_here(office.clock.now())
        await signs_in(office, desk, "/desk/figures")
        assert not (await duty(office, olga)).is_here(office.clock.now())
        assert (await desk.get("/desk/talks")).status_code == 200
        assert (await duty(office, olga)).is_here(office.clock.now())


@pytest.mark.parametrize("said", ["away", "off"])
async def test_what_was_said_at_work_stays_when_a_television_is_signed_in(office: Office, said: str) -> None:
    olga = await hired(office, "olga")
    async with office.browser() as desk, office.browser() as television:
        await signs_in(office, desk, "/desk/talks")
        secret = await desk.secret_on("/desk/talks")
        await desk.post("/desk/talks/presence", data={"csrf": secret, "presence": said})
        await signs_in(office, television, "/desk/wall")
        assert (await duty(office, olga)).presence is Presence(said)
        office.clock.passes(minutes=1)
        assert (await desk.get("/desk/talks")).status_code == 200
        assert (await duty(office, olga)).presence is Presence(said)


async def test_whoever_comes_back_after_signing_out_is_here_with_their_page_again(office: Office) -> None:
    olga = await hired(office, "olga")
    async with office.browser() as desk:
        await signs_in(office, desk, "/desk/talks")
        out = {"csrf": await desk.secret_on("/desk/talks")}
        assert (await desk.post("/desk/sign-out", data=out)).status_code == 303
        assert (await duty(office, olga)).presence is Presence.OFF
        await signs_in(office, desk, "/desk/talks")
        assert (await duty(office, olga)).is_here(office.clock.now())
