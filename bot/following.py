"""A window that shows work under way is drawn anew when the work moves on, without a tap, for as long as its person stays there.

Who waits is known to the process that drew the window, and only for minutes. After a restart nobody is followed: the button of
the window draws it anew, and the message that all is ready comes anyway. While nobody waits nothing is asked of anything.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Chat, User
from aiogram_dialog import DialogManager, ShowMode
from aiogram_dialog.api.entities import DEFAULT_STACK_ID, DialogAction, DialogUpdate, DialogUpdateEvent
from dishka import AsyncContainer

from bot.intake.ending import unless_stopped
from core.domain.extract import Extract
from core.domain.ids import ChatId, ExtractId
from core.domain.update import HELD
from core.ports import ChatLocks, HeldElsewhere
from core.services.conversation import QueuePlace, WatchPlaces
from core.services.extract import WatchExtracts

FOLLOWED_S = 180.0
"""After a tap; at its end the window is drawn once more, and says that it takes longer."""
QUEUED_S = 3600.0
"""The same of a place in the queue."""
LOOK_S, QUEUE_LOOK_S = 1.0, 3.0
CALL_S = 10.0
AT_ONCE = 20
MOST = 1000
"""So many windows are followed by one process; those beyond have their button."""
WORK = 0
"""No update has this number: what is done here is nobody's."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Followed:
    """A window of a chat: its context, its state, and what its dialog must still hold. `until` in ticks of this process.

    It shows `extract`, or a place in the queue where there is none, as of `version`. `guarded`: its message cannot be forwarded.
    """

    chat: int
    context: str
    state: str | None
    holds: Mapping[str, str]
    extract: ExtractId | None
    version: object
    until: float
    guarded: bool = True

    def is_open(self, manager: DialogManager) -> bool:
        """Whether it is what the person has before them."""
        if not manager.has_context():
            return False
        context = manager.current_context()
        held = all(context.dialog_data.get(name) == value for name, value in self.holds.items())
        return held and (context.id, context.state.state) == (self.context, self.state)


class Following:
    """The windows that are followed: one a chat, noted when it is drawn."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        container: AsyncContainer,
        locks: ChatLocks,
        ticks: Callable[[], float] = time.monotonic,
        look: float = LOOK_S,
    ) -> None:
        """`ticks` tells seconds; `look` is how many pass between two looks, while somebody waits."""
        self._bot, self._dispatcher, self._container, self._locks = bot, dispatcher, container, locks
        self._ticks, self._look = ticks, look
        self._followed: dict[int, Followed] = {}
        self._drawn_until: dict[int, float] = {}
        """Of chats whose window is being drawn by us: a look of ours makes nobody wait longer."""
        self._noted = asyncio.Event()
        self._queue_at = 0.0

    @property
    def waiting(self) -> int:
        """How many windows are followed now."""
        return len(self._followed)

    def note(self, manager: DialogManager, extract: Extract, *held: str) -> None:
        """Follow the window that is being drawn; `held` names what its dialog must hold unchanged."""
        self._note(manager, extract.id, extract.version, FOLLOWED_S, held=held)

    def note_place(self, manager: DialogManager, place: QueuePlace) -> None:
        """Follow the window that shows somebody's place in the queue."""
        self._note(manager, None, as_shown(place), QUEUED_S, guarded=False)

    def _note(
        self,
        manager: DialogManager,
        extract: ExtractId | None,
        version: object,
        seconds: float,
        *,
        held: Sequence[str] = (),
        guarded: bool = True,
    ) -> None:
        context, now = manager.current_context(), self._ticks()
        chat = int(manager.middleware_data["event_chat"].id)
        until = self._drawn_until.get(chat, now + seconds)
        if until <= now or (chat not in self._followed and len(self._followed) >= MOST):
            return
        holds = {name: str(context.dialog_data[name]) for name in held}
        self._followed[chat] = Followed(
            chat, context.id, context.state.state, holds, extract, version, until, guarded=guarded
        )
        self._noted.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        while not stop.is_set():
            if not self._followed:
                self._noted.clear()
                await unless_stopped(self._noted.wait(), stop)
                continue
            try:
                await self.look()
            except Exception as fault:
                log.warning("following.failed", fault=type(fault).__name__)
            try:
                await asyncio.wait_for(stop.wait(), self._look)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Draw the windows anew whose work has moved on, and those that were followed for long enough."""
        followed, now = list(self._followed.values()), self._ticks()
        current: dict[int, object] = {each.chat: each.version for each in followed}
        extracts = {each.chat: each.extract for each in followed if each.extract is not None}
        queued = [ChatId(each.chat) for each in followed if each.extract is None]
        async with self._container() as scope:
            if extracts:
                versions = await (await scope.get(WatchExtracts))(list(extracts.values()))
                current |= {chat: versions.get(extract) for chat, extract in extracts.items()}
            if queued and now >= self._queue_at:
                self._queue_at = now + QUEUE_LOOK_S
                places = await (await scope.get(WatchPlaces))(queued)
                current |= {int(chat): as_shown(places.get(chat)) for chat in queued}
        moved = [each for each in followed if each.until <= now or current[each.chat] != each.version]
        async with asyncio.TaskGroup() as group:
            for each in moved[:AT_ONCE]:
                group.create_task(self._draw(each))

    async def _draw(self, followed: Followed) -> None:
        chat, limit = followed.chat, asyncio.timeout(CALL_S)
        try:
            async with limit, self._locks.hold(chat, lambda: limit.reschedule(0), WORK) as turn:
                # A tap may have drawn it meanwhile.
                if self._followed.get(chat) is not followed:
                    return
                fence, self._drawn_until[chat] = HELD.set(turn.held), followed.until
                del self._followed[chat]
                try:
                    await self._drawn(followed)
                finally:
                    del self._drawn_until[chat]
                    HELD.reset(fence)
        except HeldElsewhere:
            # Somebody is at it: the next look tries again.
            return
        except Exception as fault:
            # The button draws it.
            if self._followed.get(chat) is followed:
                del self._followed[chat]
            log.info("following.not_drawn", fault=type(fault).__name__)

    async def _drawn(self, followed: Followed) -> None:
        """As aiogram-dialog's background manager does it, but waited for, under the chat's lock."""
        whom = User(id=followed.chat, is_bot=False, first_name="")
        chat = Chat(id=followed.chat, type="private")
        event = DialogUpdateEvent(
            from_user=whom,
            chat=chat,
            action=DialogAction.UPDATE,
            data={},
            intent_id=None,
            stack_id=DEFAULT_STACK_ID,
            thread_id=None,
            business_connection_id=None,
            show_mode=ShowMode.EDIT,
        ).as_(self._bot)
        update = DialogUpdate(aiogd_update=event).as_(self._bot)
        await self._dispatcher.propagate_event(
            update_type="update",
            event=update,
            bot=self._bot,
            event_from_user=whom,
            event_chat=chat,
            followed=followed,
            **self._dispatcher.workflow_data,
        )


def as_shown(place: QueuePlace | None) -> object:
    """Return what a window shows of a place: it is drawn anew when that is something else."""
    if place is None:
        return None
    wait = None if place.wait is None else -(-place.wait // timedelta(minutes=5))
    return place.state, place.place, wait, place.operator
