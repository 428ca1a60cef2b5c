"""The desk assembled: its settings and its container come ready-made."""

from dishka import AsyncContainer
from dishka.integrations.fastapi import setup_dishka
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.errors import learn
from api.headers import SecurityHeaders
from api.limits import Attempts, BodyLimit
from api.metrics import Measured
from api.openapi import described
from api.rendering import STATIC
from api.routes import PAGES, REST
from api.settings import ApiSettings


def create_app(container: AsyncContainer, settings: ApiSettings) -> FastAPI:
    """Return the ASGI application. Closing the container is left to whoever made it."""
    app = FastAPI(
        title="Medkarta desk",
        version=settings.version,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.attempts = Attempts()
    for router in (*REST, *PAGES):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    described(app)
    learn(app)
    app.add_middleware(BodyLimit)
    setup_dishka(container, app)
    # The last one added stands outermost.
    app.add_middleware(SecurityHeaders, secure=settings.cookie_secure)
    app.add_middleware(Measured)
    return app
