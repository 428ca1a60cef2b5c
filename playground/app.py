"""The whole playground as one application on one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.settings import PlaygroundSettings
from playground.telegram.app import TelegramApp

PAGE = Path(__file__).parent / "page"
_PAGE_POLICY = (
    b"default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)


class PagePolicy:
    """Gives the chat page its strict Content-Security-Policy; other pages bring their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (scope["path"] == "/" or scope["path"].startswith("/page/")):
            await self._app(scope, receive, send)
            return

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", _PAGE_POLICY),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                    (b"cache-control", b"no-cache"),
                ]
            await send(message)

        await self._app(scope, receive, with_policy)


async def _chat_page(_request: Request) -> FileResponse:
    return FileResponse(PAGE / "index.html", media_type="text/html; charset=utf-8")


def create_app(settings: PlaygroundSettings) -> TelegramApp:
    """The ASGI application: Telegram in front, behind it the chat page, the portal, the registries, SMS and mail."""
    from playground import outside

    async def config(_request: Request) -> JSONResponse:
        return JSONResponse({"desk_url": settings.desk_url or None})

    routes: list[BaseRoute] = [
        Route("/", _chat_page, methods=["GET"]),
        Route("/config.json", config, methods=["GET"]),
        Mount("/page", StaticFiles(directory=PAGE, check_dir=False)),
        *outside.routes(settings),
    ]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            async with outside.lifespan(settings):
                yield
        finally:
            await telegram.telegram.webhook.remove()

    behind = Starlette(routes=routes, middleware=[Middleware(PagePolicy)], lifespan=lifespan)
    telegram = TelegramApp(settings, behind)
    return telegram


def server(settings: PlaygroundSettings) -> uvicorn.Server:
    """A configured uvicorn server, not yet started."""
    return uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            loop="uvloop",
            http="httptools",
            timeout_graceful_shutdown=2,
            backlog=4096,
        )
    )
