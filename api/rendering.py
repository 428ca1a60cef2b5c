"""Pages: one Jinja environment that escapes everything, and one function that fills a page."""

from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.context import settings_of
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


async def render(request: Request, page: str, status: int = 200, **values: object) -> HTMLResponse:
    """Fill a page in the language of whoever asks; a language chosen on this page is remembered for a year."""
    words, settings = await words_for(request), settings_of(request)
    text = environment.get_template(page).render(
        t=words,
        languages=LANGUAGES,
        path=request.url.path,
        switchable=request.method in {"GET", "POST"} and not request.url.path.startswith("/portal/"),
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
