"""How much the desk takes from anybody: bytes in one request, and failed sign-ins from one address."""

from collections import OrderedDict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
TRIES = 20
CLINIC_TRIES = 60
"""Failed sign-ins and calls of clinics: many computers may stand behind one address of theirs."""
WINDOW = timedelta(minutes=5)
LOOKS = 60
"""So many papers can be verified from one address within the same time."""
WRITES = 60
"""So often one person sends forms of requests within the same time."""
LARGEST_PAPER = 10 * 1024 * 1024
LARGEST_SCAN = 16 * 1024 * 1024
"""More than a scan may have: a photo that is somewhat too big hears so in its form, and what was typed beside it stays."""
LARGEST_LINE = 20 * 1024 * 1024 + MAX_BODY
"""A file as large as Telegram takes, and what stands around it."""
REMEMBERED = 10_000


class TooManyTries(Exception):
    """This address failed to sign in too often; `seconds` until it may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class Attempts:
    """Failed sign-ins by address, in the memory of this process: the strict limit is the account's, kept by the core.

    A try counts when it begins, so that many at once do not slip through, and is forgiven when it succeeds.
    """

    def __init__(self, tries: int = TRIES, window: timedelta = WINDOW) -> None:
        self._tries, self._window = tries, window
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def begin(self, address: str, now: datetime) -> None:
        """Count a try. Raises TooManyTries."""
        key = _network(address)
        moments = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while moments and moments[0] <= now - self._window:
            moments.popleft()
        if len(moments) >= self._tries:
            raise TooManyTries(max(1, int((moments[0] + self._window - now).total_seconds())))
        moments.append(now)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def forgive(self, address: str) -> None:
        """The last try was right."""
        moments = self._seen.get(_network(address))
        if moments:
            moments.pop()


def is_large(request: Request) -> bool:
    """Whether more may come than a form without files has, as far as its length is told."""
    told = request.headers.get("content-length", "")
    return request.method == "POST" and not (told.isdecimal() and len(told) <= 18 and int(told) <= MAX_BODY)


def client_address(request: Request, proxies: tuple[str, ...]) -> str:
    """Return who asks: the socket's address, or, where that is a trusted proxy's, the last hop that is none of ours.

    What stands further left in X-Forwarded-For is whatever the sender wrote there.
    """
    address = request.client.host if request.client else ""
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    while hops and _within(address, proxies) and _parsed(hops[-1]) is not None:
        address = hops.pop()
    return address


def _within(address: str, networks: tuple[str, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in ip_network(network) for network in networks)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Return the address. An IPv4 one as a socket of IPv6 tells it (`::ffff:192.0.2.1`) is that IPv4 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return parsed.ipv4_mapped or parsed if isinstance(parsed, IPv6Address) else parsed


def _network(address: str) -> str:
    """Return the address, or the /64 of an IPv6 one: whoever has one of those has all of them."""
    parsed = _parsed(address)
    if parsed is None:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else str(parsed)


class BodyLimit:
    """Refuses to read a body past `limit` bytes, whether or not its length was told: 413.

    Starlette's own limit answers plain text over whatever the application says; this one leaves the words to `errors`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit: int = MAX_BODY,
        larger: Mapping[str, int] = MappingProxyType({}),
        cookies: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`larger` are limits of paths that begin so; where there is a star, also end so: `/api/v1/conversations/*/lines`.

        `cookies`: the larger limit of a path is only for requests that bear this cookie.
        """
        self._app, self._limit = app, limit
        self._cookies = {(path.partition("*")[0], path.partition("*")[2]): name for path, name in cookies.items()}
        self._larger = {(path.partition("*")[0], path.partition("*")[2]): size for path, size in larger.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        fitting = (each for each in self._larger if path.startswith(each[0]) and path.endswith(each[1]))
        place = next(fitting, None)
        limit = self._limit if place is None else self._larger[place]
        wanted = None if place is None else self._cookies.get(place)
        if wanted is not None and wanted not in Request(scope).cookies:
            limit = self._limit
        told = dict(scope["headers"]).get(b"content-length", b"0")
        read = limit + 1 if told.isdigit() and (len(told) > 18 or int(told) > limit) else 0

        async def receive_bounded() -> Message:
            nonlocal read
            if read > limit:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_bounded, send)
