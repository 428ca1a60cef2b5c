"""Calls for a person: words that ask for an operator, and words of distress, which are answered with a number first."""

import re
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import Message
from aiogram_dialog import DialogManager

from bot.dialogs.talking import Calling, emergency, numbers_to_copy, open_talk
from bot.handlers.received import Inputs, is_taken
from bot.states import Asking
from core.domain.distress import distress

MOST = 80
"""Characters: who writes more says what it is about, and is answered first."""
PERSON = r"(живо\w+ )?(оператор\w*|человек\w*|специалист\w*|сотрудник\w*|консультант\w*|поддержк\w+|живого|живым)"
ASKS = (
    r"(пожалуйста |а |ну |мне |можно |хочу |срочно |прошу )*"
    r"(позов\w+|позвать|вызов\w+|вызвать|соедин\w+|переключ\w+|перевед\w+|перевест\w+|дай\w*|нужен|нужна|нужно|хочу|надо"
    r"|поговорить|говорить|связаться|свяжите|пригласите|жду|зови\w*)"
)
CALLS = re.compile(
    rf"{ASKS}( пожалуйста| мне| меня| нам| поговорить| с| со| на| к)* {PERSON}( пожалуйста| срочно)*"
    rf"|(пожалуйста )?(живой )?(оператор|человек|живой человек|консультант)( пожалуйста)*"
    r"|(please )?((i )?(want|need|would like|get me|call|give me|can i)( to)? )?((speak|talk|chat|connect me)( to| with)? )?"
    r"(an? |the |your )?(real |live |human )*(operator|human|person|agent|representative)( please)?",
)
"""Small letters, one blank between words."""


def calls_for_operator(text: str) -> bool:
    """Whether this asks for a person, and says nothing else."""
    if len(text) > MOST:
        return False
    return CALLS.fullmatch(" ".join(re.sub(r"[^\w]+", " ", text.lower().replace("ё", "е")).split())) is not None


def calling_router(inputs: Inputs, *, personal: bool = True) -> Router:
    """Return the router. It is asked before the dialogs; what a form waits for stays the form's.

    Without `personal` data in the chat there are no conversations: the number is said, and what there is instead is shown.
    """
    router = Router(name="calling")

    @router.message(asks_for_help)
    async def in_distress(message: Message, dialog_manager: DialogManager, language: str, **data: Any) -> None:
        """The number at once, whatever else is open; then an operator, unless it is an answer to a question of a form."""
        text = message.text or ""
        needs = distress(text)
        assert needs is not None  # noqa: S101 (the filter has seen to it)
        await message.answer(await emergency(needs, language, data), reply_markup=numbers_to_copy())
        if await in_a_form(message, dialog_manager, inputs):
            raise SkipHandler
        words = text if personal else ""
        await open_talk(dialog_manager, Calling(words=words, urgent=True))

    @router.message(asks_for_a_person)
    async def wants_a_person(message: Message, dialog_manager: DialogManager) -> None:
        if await in_a_form(message, dialog_manager, inputs):
            raise SkipHandler
        await open_talk(dialog_manager)

    return router


# Coroutines, both: aiogram runs a plain function in a thread.
async def asks_for_help(message: Message) -> bool:
    """Whether somebody needs help at once."""
    return message.text is not None and distress(message.text) is not None


async def asks_for_a_person(message: Message) -> bool:
    """Whether somebody asks for an operator."""
    return message.text is not None and calls_for_operator(message.text)


async def in_a_form(message: Message, manager: DialogManager, inputs: Inputs) -> bool:
    """Whether the window that is open waits for this. One that takes any question at all is no form."""
    if not manager.has_context() or manager.current_context().state.group is Asking:
        return False
    return await is_taken(message, inputs.get(str(manager.current_context().state.state), ()))
