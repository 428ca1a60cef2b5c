"""An incoming update, from first sight to answered; and where it waits when it cannot be handled now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.actor import Actor, Role
from core.domain.audit import AuditLog, Operation
from core.domain.staff import require_role
from core.domain.update import Fault, Inbox, Incoming, Kept, SetAside, Standing, Updates, UpdateState
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class MeetUpdate:
    """An update comes in: has it been seen through before?"""

    transaction: Transaction
    updates: Updates
    incoming: Incoming

    async def __call__(self, update: int) -> UpdateState:
        self.incoming.id = update
        async with self.transaction.looking():
            return await self.updates.state(update)


@dataclass(frozen=True, slots=True)
class FinishUpdate:
    """The person has the answer: a repetition of this update is passed over in silence."""

    transaction: Transaction
    updates: Updates
    clock: Clock

    async def __call__(self, update: int) -> None:
        async with self.transaction.looking():
            await self.updates.finish(update, self.clock.now())


@dataclass(frozen=True, slots=True)
class KeepUpdates:
    """What cannot be handled at once is stored, so that Telegram may forget it and goes on with the next ones."""

    transaction: Transaction
    inbox: Inbox
    clock: Clock

    async def __call__(self, updates: Sequence[Kept]) -> None:
        async with self.transaction.looking():
            await self.inbox.keep(updates, self.clock.now())


@dataclass(frozen=True, slots=True)
class FindWaiting:
    """For which chats does something wait here?"""

    transaction: Transaction
    inbox: Inbox

    async def __call__(self) -> list[int]:
        async with self.transaction.looking():
            return await self.inbox.chats()


@dataclass(frozen=True, slots=True)
class TakeWaiting:
    """The oldest of what waits for a chat; whoever holds the chat handles it."""

    transaction: Transaction
    inbox: Inbox

    async def __call__(self, chat: int, limit: int) -> list[Kept]:
        async with self.transaction.looking():
            return await self.inbox.of_chat(chat, limit)


@dataclass(frozen=True, slots=True)
class LeaveInbox:
    """What was kept or had failed is seen through: what the person typed is wiped here."""

    transaction: Transaction
    inbox: Inbox

    async def __call__(self, update: int) -> None:
        async with self.transaction.looking():
            await self.inbox.leave(update)


@dataclass(frozen=True, slots=True)
class CountTry:
    """Handling an update failed: counted over all its deliveries and all processes."""

    transaction: Transaction
    inbox: Inbox
    clock: Clock

    async def __call__(self, update: Kept, fault: Fault) -> tuple[int, Standing]:
        async with self.transaction.looking():
            return await self.inbox.count_try(update, fault, self.clock.now())


@dataclass(frozen=True, slots=True)
class SetUpdateAside:
    """An update that fails again and again is given up, and kept for an administrator."""

    transaction: Transaction
    inbox: Inbox
    clock: Clock

    async def __call__(self, update: Kept, fault: Fault) -> None:
        async with self.transaction.looking():
            await self.inbox.set_aside(update, fault, self.clock.now())


@dataclass(frozen=True, slots=True)
class ViewAside:
    """An administrator sees what was given up: which update, of which chat, what failed where. Never what was typed."""

    transaction: Transaction
    inbox: Inbox
    audit: AuditLog

    async def __call__(self, actor: Actor, limit: int) -> list[SetAside]:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction.looking():
            found = await self.inbox.aside(limit)
            self.audit.record(staff, Operation.ASIDE_VIEWED, count=str(len(found)))
            return found


@dataclass(frozen=True, slots=True)
class RetryUpdate:
    """An administrator has what was given up handled once more, in the order of its chat. Raises UpdateNotThere."""

    transaction: Transaction
    inbox: Inbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, update: int) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction:
            await self.inbox.retry(update, self.clock.now())
            self.audit.record(staff, Operation.UPDATE_RETRIED, update=str(update))


@dataclass(frozen=True, slots=True)
class RetryAll:
    """An administrator has everything that was given up handled once more: after a fault of ours. Returns how many."""

    transaction: Transaction
    inbox: Inbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor) -> int:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction:
            count = await self.inbox.retry_all(self.clock.now())
            if count:
                self.audit.record(staff, Operation.UPDATE_RETRIED, count=str(count))
            return count


@dataclass(frozen=True, slots=True)
class DropUpdate:
    """An administrator gives up for good what was set aside: it is wiped. Raises UpdateNotThere."""

    transaction: Transaction
    inbox: Inbox
    audit: AuditLog

    async def __call__(self, actor: Actor, update: int) -> None:
        staff = require_role(actor, Role.ADMINISTRATOR)
        async with self.transaction:
            await self.inbox.drop(update)
            self.audit.record(staff, Operation.UPDATE_DROPPED, update=str(update))


@dataclass(frozen=True, slots=True)
class InboxState:
    """How many updates stand where, and for how many seconds the oldest of them has: 0 where there is none."""

    states: Mapping[Standing, int]
    oldest_s: Mapping[Standing, float]


@dataclass(frozen=True, slots=True)
class CountKept:
    """How many updates wait here, and how many were given up: for those who watch the product."""

    transaction: Transaction
    inbox: Inbox
    clock: Clock

    async def __call__(self) -> InboxState:
        now = self.clock.now()
        async with self.transaction.looking():
            found = await self.inbox.count()
        counts = {standing: number for standing, (number, _) in found.items()}
        ages = {
            standing: max(0.0, (now - since).total_seconds()) if since else 0.0
            for standing, (_, since) in found.items()
        }
        return InboxState(counts, ages)
