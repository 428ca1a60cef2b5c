"""Names looked up on the way out: what leads further than the product may reach is not called.

The addresses that were looked at are those that are called: a name that changes its mind in between changes nothing.
"""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from core.domain.reach import InsideAddress, Reach


class OutsideResolver(AbstractResolver):
    """Names to addresses, those within reach alone. An address that stands in a URL itself is never asked about here."""

    def __init__(self, names: AbstractResolver, reach: Reach) -> None:
        self._names, self._reach = names, reach

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses. Raises OSError when one of them leads inside."""
        found = await self._names.resolve(host, port, family)
        for each in found:
            try:
                self._reach.refuse(each["host"])
            except InsideAddress as error:
                raise OSError("the name leads inside the network") from error
        return found

    async def close(self) -> None:
        """Nothing is held."""
        await self._names.close()
