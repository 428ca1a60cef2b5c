"""The answer with the button that does the thing, and what is offered when there is none."""

from typing import Any

from aiogram.enums import ContentType
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Cancel, Column, Row
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import Astray, an_id, asks, find, word_for
from bot.dialogs.knowledge.showing import (
    ARTICLE,
    NEAR,
    OPERATOR,
    RATED,
    UNHELPED,
    article_of,
    asked_of,
    show_answer,
    show_near,
)
from bot.dialogs.notice import NOTICE, carry, note
from bot.dialogs.parts import FORWARD, leads, lists, to_menu
from bot.dialogs.typed import at_the_bottom
from bot.places import PLACES
from bot.states import Asking, Help
from bot.text import Ready, T, language_of
from core.domain.ids import ArticleId
from core.domain.knowledge import ArticleNotThere
from core.services.knowledge import ChooseAnswer, RateAnswer, ReadArticle

TO_OPERATOR = "operator"
"""The place where an operator is called."""


async def begin(start_data: object, manager: DialogManager) -> None:
    """Remember which question it is, and what was found."""
    carry(start_data, manager)
    if isinstance(start_data, dict):
        manager.dialog_data.update({name: start_data.get(name) for name in ("asked", ARTICLE, NEAR, OPERATOR)})


def leading_to(place: str) -> State:
    """Return the window of a place; help, where there is no such place here."""
    return PLACES.get(place, Help.main)


async def ask_again(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """The next question takes the place of the last one."""
    at_the_bottom(manager)
    if not asks(message):
        note(manager, word_for(message, typing=False))
        return
    state, data = await find(message, manager)
    manager.dialog_data.clear()
    manager.dialog_data.update(data)
    await manager.switch_to(state)


async def no_question(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """Voice, photos, files."""
    note(manager, word_for(message, typing=False))
    at_the_bottom(manager)


@inject
async def go(
    _press: CallbackQuery, _button: Button, manager: DialogManager, read_article: FromDishka[ReadArticle]
) -> None:
    """Open what the article leads to."""
    try:
        article = await read_article(article_of(manager), language_of(manager))
    except ArticleNotThere:
        return
    if article.place:
        await manager.start(leading_to(article.place), mode=StartMode.RESET_STACK)


async def call(_press: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    """Lead to where an operator is called; the answer waits beneath."""
    await manager.start(leading_to(TO_OPERATOR))


@inject
async def helped(
    _press: CallbackQuery, _button: Button, manager: DialogManager, rate_answer: FromDishka[RateAnswer]
) -> None:
    """It did."""
    await rate_answer(manager.middleware_data["actor"], asked_of(manager), helped=True)
    manager.dialog_data[RATED] = True
    manager.dialog_data[OPERATOR] = False
    note(manager, "knowledge.glad")


@inject
async def did_not_help(
    _press: CallbackQuery, _button: Button, manager: DialogManager, rate_answer: FromDishka[RateAnswer]
) -> None:
    """It did not: what else is near, and after the second time an operator first of all."""
    manager.dialog_data[OPERATOR] = await rate_answer(manager.middleware_data["actor"], asked_of(manager), helped=False)
    manager.dialog_data[RATED] = manager.dialog_data[UNHELPED] = True
    await manager.switch_to(Asking.near)


@inject
async def choose(
    _press: CallbackQuery, _select: object, manager: DialogManager, item: str, choose_answer: FromDishka[ChooseAnswer]
) -> None:
    """One of the near ones is taken."""
    if item not in manager.dialog_data.get(NEAR, ()):
        return
    manager.dialog_data[ARTICLE] = item
    await choose_answer(manager.middleware_data["actor"], asked_of(manager), ArticleId(article_of(manager)))
    manager.dialog_data[RATED] = manager.dialog_data[UNHELPED] = False
    await manager.switch_to(Asking.answer)


def answered() -> Window:
    """The article."""
    return Window(
        NOTICE,
        Ready("answer"),
        Button(T("knowledge.door.{place}"), id="asked_go", on_click=go, when=_has_door, style=FORWARD),
        Row(
            Button(T("knowledge.helped"), id="asked_helped", on_click=helped, when="unrated"),
            Button(T("knowledge.did_not_help"), id="asked_not", on_click=did_not_help, when="unrated"),
        ),
        Button(T("knowledge.operator"), id="asked_operator", on_click=call, when="to_operator"),
        Cancel(T("menu.back"), id="asked_back", when="beneath"),
        to_menu("asked_menu"),
        *_inputs(),
        state=Asking.answer,
        getter=show_answer,
        preview_data={
            "answer": "<b>Как записаться к врачу</b>\n\nКоманда /book. Выберите специальность, день и время.",
            "place": "book",
            "unrated": True,
            "to_operator": False,
            "beneath": True,
        },
        preview_add_transitions=leads(Asking.near, *{PLACES[each] for each in ("book", "card", "status")}),
    )


def near() -> Window:
    """Not sure: the nearest, and an operator."""
    return Window(
        NOTICE,
        T("knowledge.unsure", when="unsure"),
        T("knowledge.nothing", when="nothing"),
        T("knowledge.sorry", when="unhelped"),
        T("knowledge.offer", when="offered"),
        Button(T("knowledge.operator"), id="near_call_first", on_click=call, when="offered", style=FORWARD),
        Column(lists("near_article", "articles", an_id, choose)),
        Button(T("knowledge.operator"), id="near_call", on_click=call, when=_not_offered),
        Cancel(T("menu.back"), id="near_back", when="beneath"),
        to_menu("near_menu"),
        *_inputs(),
        state=Asking.near,
        getter=show_near,
        preview_data={
            "articles": [
                ("0193a0f4-0000-7000-8000-000000000001", "Как перенести запись"),
                ("0193a0f4-0000-7000-8000-000000000002", "Как отменить запись"),
                ("0193a0f4-0000-7000-8000-000000000003", "Нет свободного времени к врачу"),
            ],
            "unsure": True,
            "nothing": False,
            "unhelped": False,
            "offered": False,
            "beneath": True,
        },
        preview_add_transitions=leads(Asking.answer, Help.main),
    )


def _has_door(data: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return bool(data.get("place")) and data["place"] != TO_OPERATOR


def _not_offered(data: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return not data.get("offered")


def _inputs() -> tuple[MessageInput, MessageInput]:
    return MessageInput(ask_again, content_types=ContentType.TEXT), Astray(no_question)
