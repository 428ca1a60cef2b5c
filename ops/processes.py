"""The processes: bot, worker, api, playground; each ends cleanly when told to stop."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator
from functools import partial
from importlib.metadata import version

import structlog
from dishka import AsyncContainer, Provider, Scope
from redis.asyncio import Redis

from core.ports import Messenger
from ops.container import make_container
from ops.ready import is_outage
from ops.serve import serving
from ops.settings import Settings
from ops.worker import Worker

FSM_LIFETIME_S = 30 * 24 * 3600

log = structlog.get_logger()


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
    from bot.app import make_bot
    from bot.messenger import TelegramMessenger

    bot = make_bot(settings.token, settings.telegram)
    telegram = Provider(scope=Scope.APP)
    telegram.provide(lambda: TelegramMessenger(bot), provides=Messenger, override=True)
    container = make_container(settings, telegram)
    try:
        yield container
    finally:
        await container.close()
        await bot.session.close()


async def run_bot(settings: Settings, container: AsyncContainer, stop: asyncio.Event) -> None:
    """Poll Telegram until stopped."""
    from aiogram.exceptions import TelegramAPIError
    from aiogram.fsm.storage.base import BaseEventIsolation, DefaultKeyBuilder
    from aiogram.fsm.storage.memory import SimpleEventIsolation
    from aiogram.fsm.storage.redis import RedisEventIsolation, RedisStorage

    from bot.app import make_bot, make_dispatcher
    from bot.commands import register
    from bot.handlers.errors import apologise
    from bot.poller import Poller

    redis = await container.get(Redis)
    keys = DefaultKeyBuilder(with_destiny=True)
    storage = RedisStorage(redis, keys, state_ttl=FSM_LIFETIME_S, data_ttl=FSM_LIFETIME_S)
    isolation: BaseEventIsolation = (
        RedisEventIsolation(redis, key_builder=keys) if settings.redis_url else SimpleEventIsolation()
    )
    bot = make_bot(settings.token, settings.telegram)
    dispatcher = make_dispatcher(container, storage, isolation)
    dispatcher["public_url"] = settings.api_url
    dispatcher["hotline"], dispatcher["support_mail"] = settings.hotline, settings.support_mail
    try:
        with contextlib.suppress(TelegramAPIError):
            await register(bot)
        # What was built at the start lives to the end: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        log.info("bot.polling")
        await Poller(bot, dispatcher, asyncio.sleep, partial(apologise, bot), is_outage).run(stop)
    finally:
        await isolation.close()
        await bot.session.close()


async def run_worker(container: AsyncContainer, stop: asyncio.Event) -> None:
    """Work until stopped."""
    await Worker(container).run(stop)


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
        ),
    )
    async with serving(app, settings.api_host, settings.api_port):
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
