"""The processes: bot, worker, api, playground; each ends cleanly when told to stop."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator
from importlib.metadata import version
from urllib.parse import urlsplit

from dishka import AsyncContainer, Provider, Scope
from redis.asyncio import Redis

from core.ports import ChatLocks, ChatNotes, Leftovers, Messenger, Pace
from ops.container import make_container
from ops.live import hearing
from ops.probe import beside
from ops.ready import is_outage
from ops.serve import serving
from ops.settings import Settings
from ops.worker import Worker

PATIENCE_S = 2
"""For requests of the webhook that are not answered when all else has ended."""


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    return stop


@contextlib.asynccontextmanager
async def wired(settings: Settings) -> AsyncIterator[AsyncContainer]:
    """Open the container of a process, its bot's messenger included, and close it at the end."""
    from bot.messenger import TelegramMessenger

    messenger = TelegramMessenger(settings.token, settings.telegram, rate=settings.paid_broadcast_rate)
    telegram = Provider(scope=Scope.APP)
    telegram.provide(lambda: messenger, provides=Messenger, override=True)
    container = make_container(settings, telegram)
    try:
        yield container
    finally:
        await container.close()
        await messenger.close()


async def run_bot(settings: Settings, container: AsyncContainer, stop: asyncio.Event) -> None:
    """Take updates in until stopped: at the webhook's door where there is one, else by polling."""
    from aiogram.exceptions import TelegramAPIError
    from aiogram.fsm.storage.memory import DisabledEventIsolation

    from bot.app import make_bot, make_dispatcher
    from bot.commands import register
    from bot.dialogs.talking import Helplines
    from bot.intake.ending import unless_stopped
    from bot.intake.running import Intake
    from bot.pacing import Pacing
    from ops.positions import RedisPositions

    redis = await container.get(Redis)
    storage = RedisPositions(redis)
    bot = make_bot(settings.token, settings.telegram)
    bot.session.middleware(Pacing(await container.get(Pace), asyncio.sleep))
    # The lines hold the chat's lock.
    dispatcher = make_dispatcher(
        container, storage, DisabledEventIsolation(), personal=settings.chat_personal_data == "on"
    )
    dispatcher["public_url"] = settings.api_url
    dispatcher["hotline"], dispatcher["support_mail"] = settings.hotline, settings.support_mail
    dispatcher["helplines"] = Helplines(settings.helpline, settings.child_helpline)
    dispatcher["centres"] = settings.centres
    try:
        with contextlib.suppress(TelegramAPIError):
            await unless_stopped(register(bot), stop)
        # What was built at the start lives to the end: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        locks, leftovers = await container.get(ChatLocks), await container.get(Leftovers)
        notes = await container.get(ChatNotes)
        intake = Intake(
            bot, dispatcher, container, locks, is_outage, asyncio.sleep, leftovers, notes, rate=settings.chat_rate
        )
        if settings.webhook_url and settings.webhook_secret:
            await intake.listen(
                stop,
                settings.webhook_url,
                settings.webhook_secret.get_secret_value(),
                urlsplit(settings.webhook_url).path,
                lambda door: serving(beside(door, container), settings.webhook_host, settings.webhook_port, PATIENCE_S),
            )
        else:
            await intake.poll(stop)
    finally:
        await bot.session.close()


async def run_worker(container: AsyncContainer, stop: asyncio.Event) -> None:
    """Work until stopped."""
    await Worker(container, rate=(await container.get(Pace)).rate).run(stop)


async def run_api(settings: Settings, container: AsyncContainer, stop: asyncio.Event) -> None:
    """Serve the desk, the portal's callback and the probes until stopped."""
    from api.app import create_app
    from api.settings import ApiSettings

    app = create_app(
        container,
        ApiSettings(
            public_url=settings.api_url,
            cookie_secure=settings.api_url.startswith("https://"),
            version=version("medkarta"),
            chat_url=settings.chat,
            trusted_proxies=tuple(filter(None, settings.trusted_proxies.split(","))),
            fhir_max_body=settings.fhir_max_body_mb * 1024 * 1024,
        ),
    )
    async with serving(app, settings.api_host, settings.api_port), hearing(app.state.live, stop):
        await stop.wait()


@contextlib.asynccontextmanager
async def playground(settings: Settings) -> AsyncIterator[None]:
    """Keep the outside world on this machine up while the block runs."""
    from playground.app import create_app

    told = settings.playground
    app = create_app(told)
    async with serving(app, told.host, told.port):
        try:
            yield
        finally:
            app.hang_up()
