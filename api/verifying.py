"""What the public pages that verify something share: looks are counted before anything is read, and little is allowed."""

from collections.abc import Callable, Coroutine
from typing import Any

from dishka.integrations.fastapi import DishkaRoute
from fastapi import Request
from fastapi.responses import Response

from api.context import clock_of, settings_of
from api.headers import policy
from api.limits import Attempts, TooManyTries, client_address
from api.rendering import render

STRICT = policy(default_src="'none'", style_src="'self'", script_src="'self'", img_src="'self'", form_action="'self'")
"""Less than any other page may: styles, one script and the mark, all of our own."""


class CountedFirst(DishkaRoute):
    """Counts a look before a byte of its body is read: whoever looks too often sends nothing more.

    Papers and slips are counted together: whoever guesses codes gains nothing by guessing both.
    """

    words = "verify"
    """What the keys of a refusal begin with."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's own handler behind the count."""
        answer = super().get_route_handler()

        async def counted(request: Request) -> Response:
            try:
                await _counted(request)
            except TooManyTries as error:
                return await refused(request, error, self.words)
            return await answer(request)

        return counted


async def shown(request: Request, page: str, status: int = 200, **values: object) -> Response:
    """Fill a page that anybody may look at, and that no search engine may keep."""
    response = await render(request, page, status, **values)
    response.headers["Content-Security-Policy"] = STRICT
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


async def refused(request: Request, error: Exception, words: str = "verify") -> Response:
    """Say that there is nothing of this code, or that there were too many looks."""
    busy = isinstance(error, TooManyTries)
    key = f"{words}.{'busy' if busy else 'not_there'}"
    response = await shown(request, "verify_refused.html", 429 if busy else 404, key=key)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.seconds)
    return response


async def _counted(request: Request) -> None:
    looks: Attempts = request.app.state.looks
    address = client_address(request, settings_of(request).trusted_proxies)
    looks.begin(address, (await clock_of(request)).now())
