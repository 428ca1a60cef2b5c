"""How every gateway speaks HTTP: no redirects, no proxies from the environment, limits of time and size."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import httpx
from aiohttp.abc import AbstractResolver

from core.domain.reach import Reach
from core.gateways.light import LightTransport
from core.ports import Unavailable, Uncertain

ANSWER_LIMIT = 1024 * 1024
CONNECT_SECONDS = 2.0
NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
)
"""Nothing of the request was written."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> dict[str, object] | None:
        """Return the JSON object of the body, or None when it is something else."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return cast("dict[str, object]", found) if isinstance(found, dict) else None


def outside_client(reach: Reach | None = None, names: AbstractResolver | None = None) -> httpx.AsyncClient:
    """Make the client that gateways share; the one who makes it closes it.

    `reach`: for addresses that somebody at the desk may name. Without it for those of the settings alone.
    """
    return httpx.AsyncClient(transport=LightTransport(reach, names), follow_redirects=False, trust_env=False)


async def ask(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    system: str,
    seconds: float,
    json: Mapping[str, object] | None = None,
    content: bytes | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: httpx.Auth | None = None,
    has_effect: bool = False,
) -> Answer:
    """Send a request and return the answer, whatever its status below 500; raises Unavailable(system) otherwise.

    `has_effect`: it does something there. Then a request that was written, if only in part, and got no whole answer raises
    Uncertain(system), and so does 504, by which a server on the way says the same. `seconds` is the limit for all of it, 2
    seconds of which for connecting; an answer has at most 1 MB.
    """
    # Compressed answers are not asked for: a few kilobytes of them unpack to gigabytes.
    asked = {"Accept-Encoding": "identity", "Accept": "application/json", **(headers or {})}
    limits = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    try:
        async with asyncio.timeout(seconds):
            request = http.build_request(
                method, url, json=json, content=content, data=form, headers=asked, timeout=limits
            )
            answer = await http.send(request, stream=True, follow_redirects=False, auth=auth)
            try:
                body = await _body(answer)
            finally:
                await answer.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, _TooMuch) as error:
        written = has_effect and not isinstance(error, NEVER_LEFT)
        raise (Uncertain if written else Unavailable)(system) from error
    if has_effect and answer.status_code == 504:
        raise Uncertain(system)
    if answer.status_code >= 500 or 300 <= answer.status_code < 400:
        raise Unavailable(system)
    return Answer(answer.status_code, answer.headers, body)


class _TooMuch(Exception):
    """The answer is longer than allowed, or compressed against our word."""


async def _body(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise _TooMuch
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > ANSWER_LIMIT:
            raise _TooMuch
    return bytes(body)
