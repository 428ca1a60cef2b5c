"""The operator mode: what a person says while a conversation is open goes there, and the bot keeps silent.

In the queue commands, buttons and forms work as ever, and only what no form waits for is passed on. Once an operator speaks,
commands ask whether to leave. A step that the operator opened is taken as a form is in the queue. A code for the window that
is open is the window's, always.
"""

import re
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import InlineKeyboardMarkup, Message
from aiogram_dialog import DialogManager
from dishka import AsyncContainer

from bot.dialogs.talking import asks_to_leave, buttons, emergency, numbers_to_copy
from bot.handlers.calling import in_a_form
from bot.handlers.heard import NotFetched, file_of, said_of
from bot.handlers.places import is_service_note, looks_like_a_command
from bot.handlers.received import Inputs
from bot.middlewares.talking import REPLY_TO, leads_away
from bot.places import COMMANDS, OPERATOR, PLACES, pressed
from bot.states import Card, Extracts, Security, Status
from bot.steps import PAPER, TOLD, Steps
from bot.words import say
from core.domain.actor import Citizen, Visitor
from core.domain.chat import Chat
from core.domain.conversation import (
    ConversationState,
    Ended,
    FileTooLarge,
    NothingSaid,
    TooManyBytes,
    TooMuchSaid,
)
from core.domain.distress import distress
from core.services.conversation import CallOperator, EditSaid, SayToOperator, ViewQueuePlace

OTHERWISE = {"start": "menu", "cancel": "menu"}


CODES = frozenset(
    {Security.unlock, Security.totp, Security.sms, Card.code, Status.code, Extracts.confirm}
)  # fmt: skip
"""Windows that ask for a code of six digits, which is nobody's business but the window's."""
SIX = re.compile(r"[\s-]*([0-9][\s-]*){6}")


def is_a_code(message: Message, manager: DialogManager) -> bool:
    """Whether it is a code for the window that is open."""
    if SIX.fullmatch(message.text or "") is None or not manager.has_context():
        return False
    return manager.current_context().state in CODES


async def is_talking(_event: Message, met: Chat) -> bool:
    """Whether a conversation is open. A coroutine: aiogram runs a plain function in a thread."""
    return met.talk is not None


def talking_router(inputs: Inputs) -> Router:
    """Return the router that is asked first. `inputs` are what the windows take."""
    router = Router(name="talking")
    router.message.filter(is_talking)
    router.edited_message.filter(is_talking)

    @router.message()
    async def spoken(message: Message, **data: Any) -> None:
        if await is_service_note(message):
            raise SkipHandler
        spoken = Spoken(message, data)
        if await spoken.is_a_command():
            return
        manager = data["dialog_manager"]
        if is_a_code(message, manager):
            raise SkipHandler
        if await in_a_form(message, manager, inputs) and not await leads_away(spoken.met, data):
            raise SkipHandler
        await spoken.pass_on()

    @router.edited_message()
    async def changed(
        message: Message, actor: Visitor | Citizen, dishka_container: AsyncContainer, **data: Any
    ) -> None:
        try:
            edit = await dishka_container.get(EditSaid)
            line = await edit(actor, message.message_id, (message.text or message.caption or "").strip())
        except Ended:
            raise SkipHandler from None
        except TooMuchSaid as fault:
            await Spoken(message, data | {"actor": actor, "dishka_container": dishka_container}).refuse(fault)
            return
        if line is None:
            # It was said before the conversation: whoever has it open is not disturbed by what the bot would say of it.
            return

    return router


WORDS: dict[type[Exception], str] = {
    NothingSaid: "talk.cannot_pass_on",
    FileTooLarge: "talk.file_too_large",
    NotFetched: "talk.not_fetched",
}

FULL: dict[type[Exception], tuple[str, str]] = {
    TooMuchSaid: ("full", "talk.too_much_said"),
    TooManyBytes: ("heavy", "talk.too_many_bytes"),
}
"""What is noted once it was said, and what is said."""


def place_of_command(text: str) -> tuple[str, str] | None:
    """Return the place that a command opens, and what it is about; None where it is none of ours, and so a word."""
    command, _, rest = text[1:].partition(" ")
    name = command.partition("@")[0]
    if name == "start" and rest.strip() in PLACES:
        return rest.strip(), ""
    place = OTHERWISE.get(name, name)
    return (place, "") if name in COMMANDS and place in PLACES else None


class Spoken:
    """A message of somebody whose conversation is open, with what the handlers of the product know."""

    def __init__(self, message: Message, data: dict[str, Any]) -> None:
        self.message, self.data = message, data
        self.actor: Visitor | Citizen = data["actor"]
        self.met: Chat = data["met"]
        self.language: str = data["language"]
        self.steps: Steps = data["steps"]
        self.scope: AsyncContainer = data["dishka_container"]

    async def is_a_command(self) -> bool:
        """Whether it was one that asks first whether to leave. Raises SkipHandler for one that works as ever."""
        place = place_of_command(self.message.text or "") if await looks_like_a_command(self.message) else None
        if place is None:
            return False
        if not await leads_away(self.met, self.data):
            raise SkipHandler
        text, markup = asks_to_leave(self.language, *place)
        await self.message.answer(text, reply_markup=markup)
        return True

    async def pass_on(self) -> None:
        """Give it to the operator; of what cannot be passed on its person is told."""
        needs = distress(self.message.text or "")
        if needs is not None:
            await self.message.answer(await emergency(needs, self.language, self.data), reply_markup=numbers_to_copy())
        try:
            said = await said_of(self.message, await self._reply_to())
            await (await self.scope.get(SayToOperator))(self.actor, said)
        except (NothingSaid, FileTooLarge, NotFetched) as fault:
            await self._answer(WORDS[type(fault)])
        except (TooMuchSaid, TooManyBytes) as fault:
            await self.refuse(fault)
        except Ended:
            await self._answer("talk.not_passed_on", buttons([(say("talk.again", self.language), pressed(OPERATOR))]))
        else:
            if needs is not None:
                # To the head of the queue, whoever waits already.
                await (await self.scope.get(CallOperator))(self.actor, urgent=True)
            await self._receipt()

    async def refuse(self, fault: TooMuchSaid | TooManyBytes) -> None:
        """Say once a conversation that it takes no more, not at every message."""
        word, key = FULL[type(fault)]
        if await self.steps.first(self.met.id, word, self.met.talk):
            await self._answer(key)

    async def _reply_to(self) -> int | None:
        """Return what it answers: as the person says, and what comes for a paper the question for it.

        Telegram lets the person answer the bot's words «send it here» by itself: the operator's question is meant.
        """
        answered: int | None = self.data.get(REPLY_TO)
        if answered is None and file_of(self.message) is None:
            return None
        asked = await self.steps.get(self.met.id, PAPER, self.met.talk)
        question, _, prompt = (asked or "").partition(" ")
        return int(question) if question and answered in {None, int(prompt)} else answered

    async def _answer(self, key: str, markup: InlineKeyboardMarkup | None = None) -> None:
        words = say(key, self.language)
        await self.message.reply(words, reply_markup=markup, allow_sending_without_reply=True)

    async def _receipt(self) -> None:
        """Say once that it is passed on, to whoever still waits."""
        if not await self.steps.first(self.met.id, TOLD, self.met.talk):
            return
        place = await (await self.scope.get(ViewQueuePlace))(self.actor)
        if place is not None and place.state is ConversationState.WAITING:
            await self.message.answer(say("talk.passed_on", self.language))
