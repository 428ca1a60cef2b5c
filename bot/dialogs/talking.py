"""What handlers and windows of a conversation share: opening its window, asking before it is left, its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram_dialog import DialogManager, ShowMode, StartMode

from bot.dialogs.notice import carry
from bot.places import PLACES, pressed
from bot.states import Conversation, Menu
from bot.sweep import remove_later
from bot.words import say
from core.domain.account import ADULT
from core.domain.actor import Citizen
from core.domain.distress import Distress
from core.domain.support import SupportTopic
from core.ports import Unreadable
from core.services.account import Me, WhoAmI

LEAVE, STAY, RETURN, RATE, PAPER, STEP, SHARE = "leave", "stay", "return", "rate", "paper", "step", "share"
"""What the buttons of a conversation do. `leave/<place>` goes there afterwards, `step/<place>` goes there beside it."""
OURS = frozenset({LEAVE, STAY, RETURN, RATE, PAPER, STEP, SHARE})
HERE = "here"
"""`leave/here`: to the window that was open."""
MARK = "talk_"
"""How the widgets of its windows begin, so that their taps are known before anything is read."""
STARS = (1, 2, 3, 4, 5)
EMERGENCY = ("103", "112")
CALLING = "calling"


@dataclass(frozen=True, slots=True)
class Calling:
    """What an operator is called for: in the data of the update, never in the store."""

    words: str = ""
    urgent: bool = False
    topic: SupportTopic = SupportTopic.OTHER


@dataclass(frozen=True, slots=True)
class Helplines:
    """Telephone numbers of those who listen at any hour: one for adults, one for those under 18."""

    adults: str = ""
    children: str = ""

    def by_age(self, age: int | None) -> list[tuple[str, str]]:
        """Return the lines to be said as (key, number). Whose age is not known is told both."""
        both = [("talk.mind_adult", self.adults, age is None or age >= ADULT)]
        both += [("talk.mind_child", self.children, age is None or age < ADULT)]
        return [(key, number) for key, number, fits in both if fits and number]


def buttons(*rows: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Return rows of (label, what it sends)."""
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in rows]
    )


def numbers_to_copy() -> InlineKeyboardMarkup:
    """Return the emergency numbers as buttons: Telegram makes no link of three digits."""
    row = [InlineKeyboardButton(text=f"📋 {each}", copy_text=CopyTextButton(text=each)) for each in EMERGENCY]
    return InlineKeyboardMarkup(inline_keyboard=[row])


async def emergency(found: Distress, language: str, data: Mapping[str, Any]) -> str:
    """Return whom to call, before anything else. `data`: what the update's handlers know."""
    if found is Distress.BODY:
        return say("help.emergency", language).strip()
    lines = data.get("helplines", Helplines()).by_age(await _age(data))
    return "\n".join([say("talk.mind", language), *(say(key, language, {"number": number}) for key, number in lines)])


async def _age(data: Mapping[str, Any]) -> int | None:
    """Return the full years of whoever is signed in; None where nobody is, or nobody knows."""
    actor, scope = data["actor"], data["dishka_container"]
    if not isinstance(actor, Citizen):
        return None
    try:
        me: Me = await (await scope.get(WhoAmI))(actor)
    except Unreadable:
        return None
    return me.age


def is_talking(manager: DialogManager) -> bool:
    """Whether the window of the conversation is the one that is open."""
    return manager.has_context() and manager.current_context().state.group is Conversation


async def open_talk(manager: DialogManager, calling: Calling | None = None) -> None:
    """Open the window of the conversation above whatever is open, which waits as it is."""
    if calling is not None:
        manager.middleware_data[CALLING] = calling
    mode = await fresh(manager)
    while is_talking(manager):
        await manager.mark_closed()
    await manager.start(Conversation.main, mode=StartMode.NORMAL, show_mode=mode)


async def back_from_talk(manager: DialogManager, notices: dict[str, Any] | None = None) -> None:
    """Draw the window below everything in which the person was before the conversation, as it was."""
    mode = await fresh(manager)
    while is_talking(manager):
        await manager.mark_closed()
    if not manager.has_context():
        await manager.start(Menu.main, data=notices, mode=StartMode.RESET_STACK, show_mode=mode)
        return
    carry(notices, manager)
    await manager.show(mode)


async def fresh(manager: DialogManager) -> ShowMode:
    """Return how the next window comes at the bottom while the one that is open goes, and a push that was tapped stays."""
    last, event = manager.current_stack().last_message_id, manager.event
    tapped = event.message.message_id if isinstance(event, CallbackQuery) and event.message else last
    if tapped == last:
        return ShowMode.DELETE_AND_SEND
    bot = manager.middleware_data["bot"]
    assert isinstance(bot, Bot)  # noqa: S101 (aiogram's own)
    if last is not None:
        await remove_later(bot, manager.middleware_data["event_chat"].id, last)
    return ShowMode.SEND


def asks_to_leave(language: str, place: str, arg: str = "") -> tuple[str, InlineKeyboardMarkup]:
    """Return the question before a conversation is left for a place, or for the window that was open (HERE)."""
    onward = say("talk.leave_and_open" if place in PLACES else "talk.leave_and_go_on", language)
    wanted = f"{place}/{arg}" if arg else place
    return say("talk.leave_asked", language), buttons(
        [(say("talk.stay", language), pressed(STAY))], [(onward, pressed(LEAVE, wanted))]
    )


def asks_for_stars(language: str) -> tuple[str, InlineKeyboardMarkup]:
    """Return the question how it was."""
    return say("talk.rate", language), buttons([(f"{each} ⭐", pressed(RATE, str(each))) for each in STARS])


def place_of(state: State | None) -> str:
    """Return the place in whose group of windows a state is; the menu where there is none."""
    group = state.group if state is not None else None
    return next((name for name, each in PLACES.items() if each.group is group), "menu")


def topic_of(arg: str) -> SupportTopic:
    """Return what a button says that it is about."""
    return next((each for each in SupportTopic if each == arg), SupportTopic.OTHER)
