"""Assembly: the dispatcher with its middlewares, handlers and dialogs, on storage and container that it is given."""

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage
from aiogram_dialog import setup_dialogs
from dishka import AsyncContainer

from bot.dialogs import dialogs
from bot.handlers.errors import errors_router
from bot.handlers.fallback import fallback_router
from bot.handlers.places import places_router
from bot.middlewares.identity import Identity
from bot.middlewares.once import Once
from bot.middlewares.show_again import ShowAgain


def make_bot(token: str, api_url: str | None) -> Bot:
    """Return the client of Telegram, or of whatever speaks its Bot API at `api_url`."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url)) if api_url else AiohttpSession()
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True))


def make_dispatcher(container: AsyncContainer, storage: BaseStorage, isolation: BaseEventIsolation) -> Dispatcher:
    """Return the dispatcher. The order of routers is the order of asking: commands, dialogs, then whatever is left."""
    dispatcher = Dispatcher(storage=storage, events_isolation=isolation)
    dispatcher.update.outer_middleware(Once(container))
    dispatcher.update.outer_middleware(Identity())
    dispatcher.include_routers(errors_router(), places_router(), *dialogs(), fallback_router())
    setup_dialogs(dispatcher)
    for observer in (dispatcher.message, dispatcher.callback_query):
        # Not an outer one: the dialog manager is made by an inner middleware of setup_dialogs.
        observer.middleware(ShowAgain())
    return dispatcher
