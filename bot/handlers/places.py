"""Commands, buttons under pushes, and deep links: each opens a place from anywhere, and nothing typed is lost."""

from typing import Any

from aiogram import F, Router
from aiogram.enums import ContentType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, ShowMode, StartMode
from dishka import AsyncContainer

from bot.dialogs.menu import CANCELLED
from bot.dialogs.notice import note, said
from bot.handlers.showing import show_below, show_place, without_buttons
from bot.places import COMMANDS, PLACES
from bot.states import Menu, SignIn
from bot.words import say
from core.domain.account import WrongMove
from core.domain.actor import Citizen, Visitor
from core.domain.signin import SignInGone
from core.services.signin import MoveAccount, StayApart

OPEN_TO_ALL = frozenset({"menu", "language", "about", "signin", "help"})
LOOKS_LIKE_A_COMMAND = r"/[A-Za-z]\w*(@\w+)?(\s.*)?"
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


class GoTo(CallbackData, prefix="go"):
    """A push's button: the place that it opens."""

    place: str


def door(place: str, actor: Visitor | Citizen) -> tuple[State, dict[str, Any] | None]:
    """Return the window that a place opens, and what it says first: who has not signed in is led to the portal."""
    if isinstance(actor, Visitor) and place in PLACES and place not in OPEN_TO_ALL:
        return SignIn.link, said("signin.first")
    return PLACES.get(place, Menu.main), None


async def open_place(
    manager: DialogManager, place: str, actor: Visitor | Citizen, data: dict[str, Any] | None = None
) -> None:
    """Open a place afresh at the bottom of the chat."""
    state, first = door(place, actor)
    await manager.start(state, data=first or data, mode=StartMode.RESET_STACK, show_mode=ShowMode.DELETE_AND_SEND)


def places_router() -> Router:
    """Return the router of everything that opens a place. It is asked before the dialogs: commands work from anywhere."""
    router = Router(name="places")

    @router.message(F.content_type.in_(SERVICE))
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

    @router.message(F.text.regexp(LOOKS_LIKE_A_COMMAND))
    async def no_such_command(_message: Message, dialog_manager: DialogManager) -> None:
        """A form must not take it for an answer."""
        if dialog_manager.has_context():
            note(dialog_manager, "menu.no_such_command")
        await show_place(dialog_manager, said("menu.no_such_command"))

    @router.callback_query(GoTo.filter())
    async def push_button(
        callback: CallbackQuery,
        callback_data: GoTo,
        dialog_manager: DialogManager,
        actor: Visitor | Citizen,
        language: str,
        dishka_container: AsyncContainer,
    ) -> None:
        if callback_data.place in {MOVE, STAY}:
            await settle_move(callback, callback_data.place, dialog_manager, language, dishka_container)
            return
        await callback.answer()
        await show_below(dialog_manager, *door(callback_data.place, actor))

    return router


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
