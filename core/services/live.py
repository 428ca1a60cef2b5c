"""What happened at the desk since, read once for everybody who listens in this process."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.domain.actor import Staff
from core.domain.audit import Operation
from core.domain.conversation import DeskEvent, DeskEvents, Sight
from core.domain.ids import StaffId
from core.domain.live import Watch, Watchers
from core.domain.team import Duties
from core.ports import Clock, Transaction
from core.services.audit import Sparing

AT_ONCE = 500
FOLLOWED_EVERY = timedelta(hours=1)
"""A page that lost its stream comes back within seconds: so often a session that follows the desk is written down."""
EVERYTHING = Sight(StaffId(UUID(int=0)), everything=True)
"""The process itself reads all: each listener is told what their own sight reaches."""


@dataclass(frozen=True, slots=True)
class News:
    """Events after the number that was asked for, oldest first, and who of the listeners may go on, by session."""

    events: Sequence[DeskEvent]
    watches: Mapping[str, Watch]


@dataclass(frozen=True, slots=True)
class HearNews:
    """Read events and the listeners' rights in one look, and note which members' pages are open.

    Rights are as they are after the last of the events: nobody hears more than they may at that moment.
    """

    transaction: Transaction
    events: DeskEvents
    watchers: Watchers
    duties: Duties
    clock: Clock

    async def __call__(self, after: int, sessions: Collection[str], present: Collection[StaffId] = ()) -> News:
        now = self.clock.now()
        async with self.transaction.looking():
            events = await self.events.after(EVERYTHING, after, AT_ONCE)
            watches = await self.watchers.standing(sessions, now) if sessions else {}
            for staff in present:
                await self.duties.saw(staff, now)
        return News(events, watches)


@dataclass(frozen=True, slots=True)
class FollowDesk:
    """A member's page begins to hear what happens at the desk; `session` is the id that tells theirs from others."""

    transaction: Transaction
    sparing: Sparing

    async def __call__(self, staff: Staff, session: UUID) -> None:
        async with self.transaction.looking():
            await self.sparing.once(FOLLOWED_EVERY, staff, Operation.DESK_FOLLOWED, None, session=str(session))
