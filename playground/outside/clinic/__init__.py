"""A clinic that delivers to the product: on a button, and on a timer while somebody has turned it on."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from playground.outside.answers import problem
from playground.outside.citizens import Citizen, Citizens
from playground.outside.clinic.bundles import history, visit
from playground.outside.clinic.sending import Answer, Sender
from playground.outside.clinic.stories import NAME
from playground.outside.expiring import Clock
from playground.outside.pages import page
from playground.settings import PlaygroundSettings

REMEMBERED = 30
PERIODS = (0, 1, 5, 30)
"""Minutes between deliveries of the timer; 0 is off."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was sent, and what came back."""

    at: datetime
    citizen: Citizen
    what: str
    by_timer: bool
    answer: Answer


class Clinic:
    """The clinic of one world."""

    def __init__(self, settings: PlaygroundSettings, clock: Clock, citizens: Citizens) -> None:
        self._clock, self._citizens = clock, citizens
        self._url = settings.clinics_url
        self._sender = Sender(settings.clinics_url, settings.clinics_audience or f"{settings.clinics_url}/oauth/token")
        self._log: deque[Delivery] = deque(maxlen=REMEMBERED)
        self._minutes, self._turned, self._turn = 0, asyncio.Event(), 0

    def routes(self) -> list[Route]:
        return [
            Route("/clinic", self.show),
            Route("/clinic/log", self.log),
            Route("/clinic/jwks.json", self.jwks),
            Route("/clinic/send", self.send, methods=["POST"]),
            Route("/clinic/timer", self.timer, methods=["POST"]),
        ]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Keep the timer going while the block runs."""
        self._turned = asyncio.Event()
        task = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def show(self, request: Request) -> Response:
        today = self._clock().date()
        people = [(person, person.age(today)) for person in self._citizens if person.is_sample]
        return page(
            request,
            "clinic.html",
            clinic=NAME,
            people=people,
            deliveries=list(self._log),
            minutes=self._minutes,
            periods=PERIODS,
            connected=bool(self._url),
        )

    async def log(self, request: Request) -> Response:
        """The latest deliveries, as a piece of the page."""
        return page(request, "clinic_log.html", deliveries=list(self._log))

    async def jwks(self, _request: Request) -> Response:
        """The clinic's public keys: what whoever runs the product registers it by."""
        return JSONResponse(self._sender.jwks)

    async def send(self, request: Request) -> Response:
        """Deliver for one citizen (`who`: login, СНИЛС, phone or mail): `what` is `visit` or `history`."""
        form = await request.form()
        citizen = self._citizens.find(str(form.get("who", "")))
        what = str(form.get("what", "visit"))
        if citizen is None or what not in {"visit", "history"}:
            return problem(404, "no such citizen, or nothing of that kind to send")
        delivery = await self._deliver(citizen, what, by_timer=False)
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/clinic", 303)
        answer = delivery.answer
        told = {"status": answer.status, "said": answer.said, "created": answer.created, "kept": answer.kept}
        return JSONResponse(told)

    async def timer(self, request: Request) -> Response:
        """Set the timer: `minutes` of PERIODS, 0 turns it off."""
        told = str((await request.form()).get("minutes", "0"))
        if not told.isdecimal() or int(told) not in PERIODS:
            return problem(422, f"minutes is one of {', '.join(map(str, PERIODS))}")
        self._minutes = int(told)
        self._turned.set()
        return RedirectResponse("/clinic", 303)

    async def _deliver(self, citizen: Citizen, what: str, *, by_timer: bool) -> Delivery:
        now = self._clock()
        if not self._url:
            answer = Answer(0, "Не сказано, где Медкарта: PLAYGROUND_CLINICS_URL")
        else:
            made = history(citizen, now.date()) if what == "history" else visit(citizen, now, vaccine=True)
            answer = await self._sender.deliver(made)
        delivery = Delivery(now, citizen, what, by_timer, answer)
        self._log.appendleft(delivery)
        return delivery

    async def _tick(self) -> None:
        """Deliver a visit of the next sample citizen whenever the time has come."""
        while True:
            self._turned.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._turned.wait(), self._minutes * 60 or None)
                continue
            people = [person for person in self._citizens if person.is_sample]
            if people:
                self._turn += 1
                await self._deliver(people[self._turn % len(people)], "visit", by_timer=True)
