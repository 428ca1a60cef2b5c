"""How many requests, how fast: by route template, so that no id and nobody's name gets into a series."""

import logging
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.services.notification import MeasureOutbox, OutboxState
from core.services.update import CountKept

log = logging.getLogger(__name__)

REQUESTS = Counter("medkarta_http_requests_total", "Answered requests.", ("method", "route", "status"))
SECONDS = Histogram("medkarta_http_request_seconds", "How long an answer took, in seconds.", ("method", "route"))
GOOD_FOR = 20
RESOURCES = Counter(
    "medkarta_fhir_resources_total",
    "FHIR resources that clinics delivered, kept all of them; `shown` says whether the citizen sees something of it.",
    ("type", "outcome", "shown"),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
STREAM = b"text/event-stream; charset=utf-8"
"""Lasts as long as a page is open: it would say nothing about how fast answers are."""


class Measured:
    """Counts and times every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun, endless = 500, perf_counter(), False

        async def send_seen(message: Message) -> None:
            nonlocal status, endless
            if message["type"] == "http.response.start":
                status = message["status"]
                endless = (b"content-type", STREAM) in message["headers"]
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = _template(scope)
            REQUESTS.labels(method, route, str(status)).inc()
            if not endless:
                SECONDS.labels(method, route).observe(perf_counter() - begun)


def _template(scope: Scope) -> str:
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str):
        return path
    return "static" if scope["path"].startswith("/static/") else "unknown"


class OutboxGauge:
    """How the outbox stands, read from the database: the same whichever process is asked.

    Counting millions of rows takes a while: an answer that took so long is given again for twenty times as long, so that
    whoever asks often costs the database a twentieth of its time at most.
    """

    def __init__(self) -> None:
        self._told, self._good_until = b"", 0.0

    async def told(self, measure: MeasureOutbox) -> bytes:
        """Return the text. Nothing while the database is away."""
        begun = perf_counter()
        if begun < self._good_until:
            return self._told
        try:
            measured = await measure()
        except Exception as fault:
            log.warning("outbox_not_measured", extra={"fault": type(fault).__name__})
            return b""
        ended = perf_counter()
        self._told, self._good_until = _text(measured), ended + GOOD_FOR * (ended - begun)
        return self._told


def _text(measured: OutboxState) -> bytes:
    registry = CollectorRegistry()
    made = Gauge("medkarta_notifications_made", "Messages made and not yet forgotten.", registry=registry)
    made.set(sum(measured.states.values()))
    states = Gauge("medkarta_notifications", "Messages in each state.", ("state",), registry=registry)
    for state, count in measured.states.items():
        states.labels(state.value).set(count)
    # A gauge: what was told is forgotten after 30 days, and a counter must not fall.
    words = "Attempts of the last 30 days that ended with nobody knowing whether the message arrived."
    uncertain = Gauge("medkarta_notifications_uncertain", words, ("lane",), registry=registry)
    for lane, count in measured.uncertain.items():
        uncertain.labels(lane.name.lower()).set(count)
    return generate_latest(registry)


async def inbox(count: CountKept) -> bytes:
    """Return what of Telegram's updates is kept here, read from the database as well. Nothing while it is away."""
    try:
        counted = await count()
    except Exception as fault:
        log.warning("inbox_not_measured", extra={"fault": type(fault).__name__})
        return b""
    registry = CollectorRegistry()
    states = Gauge("medkarta_updates_kept", "Updates of Telegram that are kept here.", ("state",), registry=registry)
    words = "For how many seconds the oldest of them has stood there."
    oldest = Gauge("medkarta_updates_kept_oldest_seconds", words, ("state",), registry=registry)
    for standing, number in counted.states.items():
        states.labels(standing.value).set(number)
        oldest.labels(standing.value).set(counted.oldest_s[standing])
    return generate_latest(registry)
