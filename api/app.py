"""The desk assembled: its settings and its container come ready-made."""

import asyncio

from dishka import AsyncContainer
from dishka.integrations.fastapi import setup_dishka
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from api.cookies import named
from api.errors import learn
from api.headers import SecurityHeaders
from api.limits import CLINIC_TRIES, LARGEST_LINE, LARGEST_PAPER, LARGEST_SCAN, LOOKS, WRITES, Attempts, BodyLimit
from api.live import Live
from api.metrics import Measured, OutboxGauge
from api.openapi import described
from api.rendering import STATIC
from api.routes import CLINICS, PAGES, REST
from api.sessions import NAME
from api.settings import ApiSettings

SCANS = ("/my/scans/", "/my/account/scans/", "/my/vaccinations/", "/my/tickets/")
"""Where citizens send files."""
WORKED = (
    *("/desk/talks/*/say", "/desk/tickets/*/answer", "/desk/tickets/*/ask"),
    *("/api/v1/conversations/*/lines", "/api/v1/tickets/*/answers", "/api/v1/tickets/*/questions"),
)
"""Where operators do, by the page and by calls."""


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
    app.state.outbox = OutboxGauge()
    app.state.live = Live(container)
    app.state.verification = asyncio.Lock()
    app.state.looks = Attempts(LOOKS)
    app.state.clinic_attempts = Attempts(CLINIC_TRIES)
    app.state.handover_attempts = Attempts()
    app.state.ticket_writes = Attempts(WRITES)
    for router in (*REST, *PAGES):
        app.include_router(router)
    for router in CLINICS:
        app.include_router(router, include_in_schema=False)  # they have a description of their own
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    described(app)
    learn(app)
    scans = dict.fromkeys(SCANS, LARGEST_SCAN)
    app.add_middleware(
        BodyLimit,
        larger={
            **dict.fromkeys(WORKED, LARGEST_LINE),
            "/verify/": LARGEST_PAPER,
            "/fhir": settings.fhir_max_body,
            **scans,
        },
        cookies=dict.fromkeys(WORKED, named(NAME, secure=settings.cookie_secure)),
    )
    setup_dishka(container, app)
    # The last one added stands outermost.
    app.add_middleware(SecurityHeaders, secure=settings.cookie_secure)
    app.add_middleware(Measured)
    return app
