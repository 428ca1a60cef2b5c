"""A wall listens and is nobody's presence."""

import pytest

from api.live import Live
from core.domain.actor import Role
from core.domain.conversation import Assigning, DeskSettings
from core.domain.team import Duties, Presence
from core.ports import Transaction
from core.services.conversation import AssignWaiting
from tests.api.chatting import Talking
from tests.api.listening import hears, hired, watch
from tests.api.office import Office


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
