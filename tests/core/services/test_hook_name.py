"""A name of a program's host that leads inside the network is not called, whatever it said when it was looked at."""

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from core import ports
from core.domain.hook import Due, HookEvent, Telling
from core.domain.ids import HookId, new_id
from core.domain.reach import Reach
from core.gateways.hook import HttpHookPost
from tests.core.services.test_hook import Program, program
from tests.core.services.town import Town

__all__ = ["program"]


class Turncoat(AbstractResolver):
    """A name server that leads inside."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=2, proto=6, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1")])
async def test_a_name_that_leads_inside_is_not_called(town: Town, program: Program, addresses: tuple[str, ...]) -> None:
    post, now = HttpHookPost(Reach(), names=Turncoat(*addresses)), town.clock.now()
    port = program.url.split(":")[2].split("/")[0]
    telling = Telling(new_id(now), HookId(new_id(now)), HookEvent.TICKET_CREATED, "{}", now, now)
    with pytest.raises(ports.Unavailable):
        await post.send(Due(telling, f"https://rebind.example.org:{port}/told", post.fresh_secret()), now)
    await post.close()
    assert program.got == []
