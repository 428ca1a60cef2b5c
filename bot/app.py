"""Assembly: the dispatcher with its middlewares, handlers and dialogs, on storage and container that it is given."""

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage
from aiogram_dialog import setup_dialogs
from aiogram_dialog.api.entities import DIALOG_EVENT_NAME
from dishka import AsyncContainer

from bot.contexts import name_apart
from bot.dialogs import dialogs
from bot.handlers.calling import calling_router
from bot.handlers.errors import errors_router
from bot.handlers.fallback import fallback_router
from bot.handlers.places import places_router
from bot.handlers.received import inputs_of, received_router
from bot.handlers.talk_buttons import talk_buttons_router
from bot.handlers.talking import talking_router
from bot.handlers.typed import typed_router
from bot.medical import Notes
from bot.middlewares.identity import Identity
from bot.middlewares.lead_through import LeadThrough
from bot.middlewares.once import Once
from bot.middlewares.positions import OneAtATime, Positions
from bot.middlewares.put_back import PutBack
from bot.middlewares.show_again import ShowAgain
from bot.middlewares.still_open import StillOpen
from bot.middlewares.sweeping import Sweeping
from bot.middlewares.talking import Talking
from bot.session import LeanSession
from bot.steps import Steps
from bot.windows import AnswerFirst


def make_bot(token: str, api_url: str | None) -> Bot:
    """Return the client of Telegram, or of whatever speaks its Bot API at `api_url`."""
    session = LeanSession(api=TelegramAPIServer.from_base(api_url)) if api_url else LeanSession()
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True))


def make_dispatcher(
    container: AsyncContainer, storage: BaseStorage, isolation: BaseEventIsolation, *, personal: bool = True
) -> Dispatcher:
    """Return the dispatcher. The order of routers is the order of asking: commands, dialogs, then whatever is left.

    Without `personal` data in the chat, what would show or ask for them points to pages.
    """
    dispatcher = Dispatcher(storage=storage, events_isolation=isolation, disable_fsm=True)
    dispatcher["fsm_storage"], dispatcher["steps"] = storage, Steps()
    for middleware in (OneAtATime(isolation), Once(container), Identity(), Sweeping(), Positions(storage)):
        dispatcher.update.outer_middleware(middleware)
    every = dialogs(personal=personal)
    inputs = dispatcher["inputs"] = inputs_of(every)
    astray = () if personal else (typed_router(inputs),)
    for observer in (dispatcher.message, dispatcher.callback_query):
        # Before setup_dialogs: its own one reads what is answered for a press of a button.
        observer.outer_middleware(Talking())
    dispatcher.include_routers(
        errors_router(),
        talking_router(inputs),
        talk_buttons_router(),
        places_router(),
        calling_router(inputs, personal=personal),
        received_router(inputs, personal=personal),
        *astray,
        *every,
        fallback_router(),
    )
    name_apart()
    setup_dialogs(dispatcher, message_manager=AnswerFirst(Notes(container)))
    for observer in (dispatcher.message, dispatcher.callback_query):
        # Not an outer one: the dialog manager is made by an inner middleware of setup_dialogs.
        observer.middleware(LeadThrough())
        observer.middleware(ShowAgain())
    dispatcher.message.middleware(PutBack())
    dispatcher.observers[DIALOG_EVENT_NAME].middleware(StillOpen())
    return dispatcher
