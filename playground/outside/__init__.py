"""The outside world without Telegram: the state portal, the registries, SMS and mail with an inbox, clinics.

`routes(settings)` makes a world and gives its HTTP side; `lifespan(settings)` runs the SMTP side of the world made last
for these settings. `Outside` is both, for whoever wants to hand in a clock.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

from starlette.routing import BaseRoute

from playground.outside.citizens import Citizens
from playground.outside.clinic import Clinic
from playground.outside.expiring import Clock
from playground.outside.inbox import Inbox
from playground.outside.mail import MailCatcher
from playground.outside.pages import static_files
from playground.outside.pigeonhole import Pigeonhole
from playground.outside.portal import portal_routes
from playground.outside.registries import Registries
from playground.outside.samples import sample_citizens
from playground.outside.schedules import Schedules
from playground.outside.sms import SmsGateway
from playground.settings import PlaygroundSettings


def _now() -> datetime:
    return datetime.now(UTC)


class Outside:
    """One world, all in memory; `clock` gives aware times."""

    def __init__(self, settings: PlaygroundSettings, clock: Clock = _now) -> None:
        self._settings, self._clock = settings, clock
        self._citizens = Citizens(sample_citizens(clock().date()))
        self._registries = Registries(clock, self._citizens)
        self._pigeonhole = Pigeonhole()
        self._clinic = Clinic(settings, clock, self._citizens)
        self._schedules = Schedules(settings, clock)
        self.mail = MailCatcher(self._pigeonhole, clock)

    def routes(self) -> list[BaseRoute]:
        return [
            *portal_routes(self._settings, self._clock, self._citizens, self._registries),
            *self._registries.routes(),
            *SmsGateway(self._pigeonhole, self._clock).routes(),
            *self.mail.routes(),
            *Inbox(self._pigeonhole).routes(),
            *self._clinic.routes(),
            *self._schedules.routes(),
            static_files(),
        ]

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        mail = self.mail.listening(self._settings.host, self._settings.smtp_port)
        async with mail, self._clinic.working(), self._schedules.working():
            yield


_worlds: dict[int, tuple[PlaygroundSettings, Outside]] = {}


def routes(settings: PlaygroundSettings) -> list[BaseRoute]:
    """The HTTP side of a new world."""
    world = Outside(settings)
    # By identity, with the settings kept alive so that the identity stays theirs: equal settings may have a world each.
    _worlds[id(settings)] = (settings, world)
    return world.routes()


def lifespan(settings: PlaygroundSettings) -> AbstractAsyncContextManager[None]:
    """Starts and stops the SMTP server of the world made last; call `routes` with the same object first."""
    if id(settings) not in _worlds:
        raise RuntimeError("routes(settings) comes first, with the same settings object")
    return _worlds[id(settings)][1].lifespan()
