"""Commands, buttons under pushes, and deep links: each opens a place from anywhere, and nothing typed is lost."""

import re
from typing import Any

from aiogram import Router
from aiogram.enums import ContentType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode, StartMode
from dishka import AsyncContainer

from bot.dialogs.menu import CANCELLED
from bot.dialogs.notice import note, said
from bot.dialogs.talking import Calling, open_talk, topic_of
from bot.handlers.showing import show_below, show_place, without_buttons
from bot.places import ABOUT, ABOUT_ONE, COMMANDS, OPERATOR, PLACE, PLACES, GoTo, GoToOne
from bot.states import Menu, SignIn
from bot.words import say
from core.domain.account import WrongMove
from core.domain.actor import Citizen, Visitor
from core.domain.signin import SignInGone
from core.services.signin import MoveAccount, StayApart

OPEN_TO_ALL = frozenset({"menu", "language", "about", "signin", "help", "support", "contacts", OPERATOR})
LOOKS_LIKE_A_COMMAND = re.compile(r"/[A-Za-z]\w*(@\w+)?(\s.*)?")
SERVICE = frozenset(
    {
        ContentType.PINNED_MESSAGE,
        ContentType.MESSAGE_AUTO_DELETE_TIMER_CHANGED,
        ContentType.CHAT_BACKGROUND_SET,
        ContentType.WRITE_ACCESS_ALLOWED,
    }
)
"""Telegram's own notes about what somebody did with the chat: nobody waits for an answer, and no form reads them."""
MOVE, STAY = "signin.move", "signin.stay"
"""Not places: answers to the question whether an account moves into this chat (`core.services.signin`)."""


# Coroutines, both: aiogram runs a plain function, and `F`, in a thread.
async def is_service_note(message: Message) -> bool:
    """Whether it is a note of Telegram's own."""
    return message.content_type in SERVICE


async def may_open_a_place(message: Message) -> bool:
    """Whether any handler of the places may want it: asked once, where each of a dozen would be asked about an answer."""
    said = message.text or message.caption
    return said.lstrip().startswith("/") if said else await is_service_note(message)


async def looks_like_a_command(message: Message) -> bool:
    """Whether it begins as a command does."""
    return message.text is not None and LOOKS_LIKE_A_COMMAND.match(message.text) is not None


def door(place: str, actor: Visitor | Citizen, arg: str = "") -> tuple[State, dict[str, Any] | None]:
    """Return the window that a place opens, and what it begins with: who has not signed in is led to the portal."""
    if isinstance(actor, Visitor) and place in PLACES and place not in OPEN_TO_ALL:
        return SignIn.link, said("signin.first")
    return PLACES.get(place, Menu.main), {PLACE: place, ABOUT: arg} if place in ABOUT_ONE else None


async def open_place(
    manager: DialogManager, place: str, actor: Visitor | Citizen, data: dict[str, Any] | None = None
) -> None:
    """Open a place afresh at the bottom of the chat."""
    if place == OPERATOR:
        await open_talk(manager)
        return
    state, first = door(place, actor)
    await manager.start(state, data=first or data, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)


def places_router() -> Router:
    """Return the router of everything that opens a place. It is asked before the dialogs: commands work from anywhere."""
    router = Router(name="places")
    router.message.filter(may_open_a_place)

    @router.message(is_service_note)
    async def service_note(_message: Message) -> None:
        """Silence."""

    @router.message(CommandStart(deep_link=True))
    async def deep_link(
        _message: Message, command: CommandObject, dialog_manager: DialogManager, actor: Visitor | Citizen
    ) -> None:
        await open_place(dialog_manager, command.args or "menu", actor)

    @router.message(CommandStart())
    @router.message(Command("menu"))
    async def menu(_message: Message, dialog_manager: DialogManager, actor: Visitor | Citizen) -> None:
        await open_place(dialog_manager, "menu", actor)

    @router.message(Command("cancel"))
    async def cancel(_message: Message, dialog_manager: DialogManager, actor: Visitor | Citizen) -> None:
        await open_place(dialog_manager, "menu", actor, {CANCELLED: True})

    for name in COMMANDS:
        if name not in PLACES or name == "menu":
            continue

        async def command(
            _message: Message, dialog_manager: DialogManager, actor: Visitor | Citizen, place: str = name
        ) -> None:
            await open_place(dialog_manager, place, actor)

        router.message.register(command, Command(name))

    @router.message(looks_like_a_command)
    async def no_such_command(_message: Message, dialog_manager: DialogManager) -> None:
        """A form must not take it for an answer."""
        if dialog_manager.has_context():
            note(dialog_manager, "menu.no_such_command")
        await show_place(dialog_manager, said("menu.no_such_command"))

    @router.callback_query(GoTo.filter())
    @router.callback_query(GoToOne.filter())
    async def push_button(
        callback: CallbackQuery,
        callback_data: GoTo | GoToOne,
        dialog_manager: DialogManager,
        actor: Visitor | Citizen,
        language: str,
        dishka_container: AsyncContainer,
    ) -> None:
        if callback_data.place in {MOVE, STAY}:
            await settle_move(callback, callback_data.place, dialog_manager, language, dishka_container)
            return
        await callback.answer()
        await open_below(dialog_manager, callback_data, actor)

    return router


async def open_below(manager: DialogManager, pressed: GoTo | GoToOne, actor: Visitor | Citizen) -> None:
    """Open what the button of a push names, below it."""
    arg = pressed.arg if isinstance(pressed, GoToOne) else ""
    if pressed.place == OPERATOR:
        await open_talk(manager, Calling(topic=topic_of(arg)))
    else:
        await show_below(manager, *door(pressed.place, actor, arg))


async def settle_move(
    callback: CallbackQuery, place: str, manager: DialogManager, language: str, scope: AsyncContainer
) -> None:
    """Answer the question whether an account moves into this chat. Who moved is greeted by a push."""
    chat = manager.middleware_data["event_chat"].id
    try:
        if place == MOVE:
            await (await scope.get(MoveAccount))(chat)
            await callback.answer()
        else:
            await (await scope.get(StayApart))(chat)
            await callback.answer(say("account.stayed", language))
    except SignInGone:
        await callback.answer(say("account.question_gone", language), show_alert=True)
        await show_below(manager)
        return
    except WrongMove as race:
        await callback.answer(say(race.message_key, language), show_alert=True)
        return
    await without_buttons(callback)
