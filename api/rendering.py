"""Pages: one Jinja environment that escapes everything, and one function that fills a page."""

from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.routing import Match

from api.context import settings_of
from api.navigation import bar
from api.words import COOKIE, SWITCH, words_for
from core.domain.chat import LANGUAGES

HERE = Path(__file__).parent
STATIC = HERE / "static"
YEAR = 365 * 24 * 3600

environment = Environment(
    loader=FileSystemLoader(HERE / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals["navigation"] = bar


async def render(request: Request, page: str, status: int = 200, **values: object) -> HTMLResponse:
    """Fill a page in the language of whoever asks; a language chosen on this page is remembered for a year."""
    words, settings = await words_for(request), settings_of(request)
    text = environment.get_template(page).render(
        t=words,
        languages=LANGUAGES,
        path=request.url.path,
        switchable=can_be_opened(request) and not request.url.path.startswith("/portal/"),
        version=settings.version,
        chat_url=settings.chat_url,
        session=getattr(request.state, "session", None),
        **values,
    )
    response = HTMLResponse(
        text, status, headers={"Content-Language": words.language, "Vary": "Accept-Language, Cookie"}
    )
    if request.query_params.get(SWITCH) in LANGUAGES:
        response.set_cookie(
            COOKIE, words.language, max_age=YEAR, secure=settings.cookie_secure, httponly=True, samesite="lax"
        )
    return response


def can_be_opened(request: Request) -> bool:
    """Whether the address can be followed: of a page that answers a form, only where one stands at the same address."""
    if request.method != "POST":
        return request.method == "GET"
    scope = {**request.scope, "method": "GET"}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
