"""The worker's duties about conversations and requests: who waits is given to somebody, what was written can be found."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog
from dishka import AsyncContainer

from core.domain.conversation import DeskEvents
from core.domain.ids import ConversationId, StaffId
from core.ports import Bell, Clock, Transaction
from core.services.conversation import AssignWaiting, EndSilent, PassTyping, ReturnAbandoned
from core.services.ticket import IndexTickets

ASSIGN_EVERY_S = 1.0
ABANDONED_EVERY_S = 2.0
SILENT_EVERY_S = 30.0
INDEX_EVERY_S = 5.0
FORGET_EVERY_S = 3600.0
EVENTS_KEPT = timedelta(days=7)
FORGOTTEN_AT_ONCE = 5_000
TYPING = "typing"

log = structlog.get_logger()


class Talks:
    """Each duty is a round of its own; what fails is tried again at its next turn."""

    def __init__(self, container: AsyncContainer) -> None:
        self.container = container

    @property
    def duties(self) -> tuple[tuple[str, Callable[[], Awaitable[None]], float], ...]:
        """Names, duties, and seconds between their rounds."""
        return (
            ("assign_waiting", self.assign, ASSIGN_EVERY_S),
            ("return_abandoned", self.abandoned, ABANDONED_EVERY_S),
            ("end_silent", self.silent, SILENT_EVERY_S),
            ("index_tickets", self.index, INDEX_EVERY_S),
            ("forget_events", self.forget, FORGET_EVERY_S),
        )

    async def assign(self) -> None:
        """Give what waits to whoever is here."""
        await self._all(AssignWaiting)

    async def abandoned(self) -> None:
        """Let what was abandoned wait again."""
        await self._all(ReturnAbandoned)

    async def silent(self) -> None:
        """End what is over."""
        await self._all(EndSilent)

    async def index(self) -> None:
        """Make requests findable by their words."""
        await self._all(IndexTickets)

    async def forget(self) -> None:
        """Remove events that no page asks for any more."""
        gone = FORGOTTEN_AT_ONCE
        while gone == FORGOTTEN_AT_ONCE:
            async with self.container() as scope:
                events, now = await scope.get(DeskEvents), (await scope.get(Clock)).now()
                async with await scope.get(Transaction):
                    gone = await events.forget_before(now - EVENTS_KEPT, FORGOTTEN_AT_ONCE)

    async def typing(self, stop: asyncio.Event) -> None:
        """Show citizens that their operators write, until `stop`."""
        listening = asyncio.ensure_future(self._listen())
        try:
            await stop.wait()
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening

    async def _listen(self) -> None:
        bell = await self.container.get(Bell)
        async with bell.heard() as words:
            async for word in words:
                name, *ids = word.split()[:3] or [""]
                if name == TYPING and len(ids) == 2:
                    await self._typed(*ids)

    async def _typed(self, conversation: str, staff: str) -> None:
        try:
            async with self.container() as scope:
                passing = await scope.get(PassTyping)
                await passing(ConversationId(UUID(conversation)), StaffId(UUID(staff)))
        except Exception as fault:
            # It is a courtesy: nothing is lost with it.
            log.warning("typing.failed", fault=type(fault).__name__)

    async def _all(self, duty: type[AssignWaiting | ReturnAbandoned | EndSilent | IndexTickets]) -> None:
        more = 1
        while more:
            async with self.container() as scope:
                more = await (await scope.get(duty))()
