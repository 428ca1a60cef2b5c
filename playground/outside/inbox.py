"""The inbox page: SMS and mail of everybody, newest first."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.outside.pages import page
from playground.outside.pigeonhole import Item, Pigeonhole

SHOWN = 100


class Inbox:
    def __init__(self, pigeonhole: Pigeonhole) -> None:
        self._pigeonhole = pigeonhole

    def routes(self) -> list[Route]:
        return [Route("/inbox", self.whole), Route("/inbox/news", self.news)]

    async def whole(self, request: Request) -> Response:
        """`to`: a part of a phone or of a mail address; `kind`: sms or mail; the newest hundred."""
        return page(
            request,
            "inbox.html",
            items=self._items(request, 0),
            last=self._pigeonhole.last,
            to=request.query_params.get("to", ""),
            kind=self._kind(request),
        )

    async def news(self, request: Request) -> Response:
        """What came after `after`, as a piece of the page; X-Last is where to go on from. 204 when nothing came."""
        after = request.query_params.get("after", "")
        items = self._items(request, int(after) if after.isdecimal() else 0)
        response = page(request, "inbox_items.html", items=items) if items else Response(status_code=204)
        response.headers["X-Last"] = str(self._pigeonhole.last)
        return response

    def _kind(self, request: Request) -> str:
        kind = request.query_params.get("kind", "")
        return kind if kind in ("sms", "mail") else ""

    def _items(self, request: Request, after: int) -> list[Item]:
        kinds = (self._kind(request),) if self._kind(request) else ("sms", "mail")
        to = request.query_params.get("to", "").strip()
        return self._pigeonhole.items(*kinds, to=to, after=after, part=True)[-SHOWN:][::-1]
