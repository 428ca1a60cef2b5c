"""Tells programs of others: the name is looked up here, and what leads inside the network is not called.

The addresses that were looked at are those that are called: a name that changes its mind in between changes nothing.
"""

from datetime import datetime

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver

from core.domain.hook import BadHookAddress, Due, checked_address
from core.domain.reach import InsideAddress, Reach
from core.gateways.reaching import OutsideResolver
from core.ports import Unavailable
from core.security import webhook

SECONDS = 10.0
CONNECT_SECONDS = 3.0
CONNECTIONS = 8
SYSTEM = "hook"


class HttpHookPost:
    """`core.ports.HookPost`. Nothing is followed, and nothing of the answer is read but its status."""

    def __init__(self, reach: Reach, names: AbstractResolver | None = None) -> None:
        self.reach = reach
        self._names = names
        self._session: aiohttp.ClientSession | None = None

    def fresh_secret(self) -> str:
        """Return a new secret, as receivers are given it."""
        return webhook.fresh_secret()

    async def send(self, due: Due, at: datetime) -> int:
        """Send it, signed, and return the status of the answer. Raises Unavailable when none came, or none may be asked for."""
        body = due.telling.body.encode()
        headers = {
            **webhook.signed(due.secrets, str(due.telling.id), at, body),
            "Content-Type": "application/json",
            "User-Agent": "Medkarta-Hooks",
        }
        try:
            url = checked_address(due.url, self.reach)
            async with self._connections().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, BadHookAddress, InsideAddress) as error:
            raise Unavailable(SYSTEM) from error

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None:
            names = OutsideResolver(self._names or ThreadedResolver(), self.reach)
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, resolver=names, use_dns_cache=False, force_close=True)
            limits = aiohttp.ClientTimeout(total=SECONDS, sock_connect=CONNECT_SECONDS)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, timeout=limits, cookie_jar=jar, trust_env=False)
        return self._session
