"""One clinic's FHIR server: what is asked of it, within limits of time and size, and never outside of its own base."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlencode, urljoin, urlsplit

import httpx

from core.domain.resource import Content
from core.gateways.fhir.parsing import exact
from core.gateways.fhir.values import each
from core.gateways.wire import Answer, ask
from core.ports import Unavailable, Uncertain

Found = TypeVar("Found")
SYSTEM = "clinic.schedule"
READ_SECONDS, ASK_SECONDS = 2.0, 5.0
"""For one page or one resource; for a change."""
WALK_SECONDS = 20.0
"""For all pages of one search."""
WAIT_SECONDS = 15.0
"""For all that one booking asks of a server: its person waits for it."""
PAGE, PAGES, MOST = 500, 100, 20_000
"""Entries asked for at once; pages and entries of one search, past which a server is taken to be out of its mind."""
LARGEST = 32 * 1024 * 1024
"""Bytes of one search: all of it is held at once."""
GONE = frozenset({404, 410})
LATER = frozenset({408, 425, 429})
MEDIA = {"Accept": "application/fhir+json", "Content-Type": "application/fhir+json"}


@dataclass(frozen=True, slots=True)
class Server:
    """The server at a base. Whatever goes wrong is Unavailable: what is not said cannot be told from what is not so."""

    http: httpx.AsyncClient
    base: str

    async def read(self, reference: str) -> Content | None:
        """Return a resource by its relative reference, with `meta.versionId`; None where there is none (any more)."""
        answer = await self._get(f"{self.base}/{reference}")
        if answer.status in GONE:
            return None
        found = answer.json()
        if answer.status != 200 or found is None or f"{found.get('resourceType')}/{found.get('id')}" != reference:
            raise Unavailable(SYSTEM)
        return found

    async def search(self, type_: str, asked: Sequence[tuple[str, str]]) -> list[Content]:
        """Return all resources of a search (included ones too), page after page."""
        found: list[Content] = []
        url: str | None = f"{self.base}/{type_}?{urlencode([*asked, ('_count', str(PAGE))])}"
        seen: set[str] = set()
        size = 0
        try:
            async with asyncio.timeout(WALK_SECONDS):
                while url is not None:
                    seen.add(url)
                    answer = await self._get(url)
                    size += len(answer.body)
                    page = answer.json() if size <= LARGEST else None
                    if answer.status != 200 or page is None or page.get("resourceType") != "Bundle":
                        raise Unavailable(SYSTEM)
                    found += [
                        one["resource"] for one in each(page.get("entry")) if isinstance(one.get("resource"), dict)
                    ]
                    url = self._next(page)
                    if len(found) > MOST or len(seen) >= PAGES or url in seen:
                        raise Unavailable(SYSTEM)
        except TimeoutError as slow:
            raise Unavailable(SYSTEM) from slow
        return found

    async def transact(self, *entries: Mapping[str, Any]) -> Answer:
        """Send entries as one transaction and return the answer. Raises Unavailable, also where nobody knows what came of it."""
        return await self._send("POST", self.base, {"resourceType": "Bundle", "type": "transaction", "entry": entries})

    def _next(self, page: Content) -> str | None:
        told = next((one.get("url") for one in each(page.get("link")) if one.get("relation") == "next"), None)
        if not told:
            return None
        url = urljoin(f"{self.base}/", str(told))
        if not within(self.base, url):
            raise Unavailable(SYSTEM)
        return url

    async def _get(self, url: str) -> Answer:
        answer = await ask(
            self.http, "GET", url, system=SYSTEM, seconds=READ_SECONDS, headers={"Accept": MEDIA["Accept"]}
        )
        if answer.status in LATER:
            raise Unavailable(SYSTEM)
        return answer

    async def _send(self, method: str, url: str, content: Mapping[str, Any]) -> Answer:
        try:
            body = exact(content)
        except (TypeError, ValueError) as unwritable:
            # A resource that came from there holds what no JSON can: half of a character.
            raise Unavailable(SYSTEM) from unwritable
        try:
            answer = await ask(
                self.http,
                method,
                url,
                system=SYSTEM,
                seconds=ASK_SECONDS,
                content=body,
                headers=MEDIA,
                has_effect=True,
            )
        except Uncertain as unknown:
            raise Unavailable(SYSTEM) from unknown
        if answer.status in LATER:
            raise Unavailable(SYSTEM)
        return answer


async def waited_for(asked: Awaitable[Found]) -> Found:
    """Wait for all that one booking asks, however many questions that takes. Raises Unavailable."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            return await asked
    except TimeoutError as slow:
        raise Unavailable(SYSTEM) from slow


def within(base: str, url: str) -> bool:
    """Whether an address lies at a base or below it: the same scheme, host and port, and no way out of its path."""
    ours, theirs = urlsplit(base), urlsplit(url)
    if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc) or "\\" in url:
        return False
    path = unquote(theirs.path)
    return (path == ours.path or path.startswith(f"{ours.path}/")) and ".." not in path.split("/")


def update(content: Content, **changes: object) -> dict[str, Any]:
    """Return an entry that changes a resource if it is still of the version that it was read as."""
    place = f"{content['resourceType']}/{content['id']}"
    request = {"method": "PUT", "url": place, "ifMatch": f'W/"{version(content)}"'}
    return {"resource": {**content, **changes}, "request": request}


def version(content: Content) -> str:
    """Return what a resource says of its version; empty where it says nothing."""
    meta = content.get("meta")
    return str(meta.get("versionId") or "") if isinstance(meta, Mapping) else ""
