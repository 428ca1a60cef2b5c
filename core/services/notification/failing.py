"""What was not delivered: seen and sent again by an administrator, counted for whoever watches."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.actor import Actor, Role
from core.domain.audit import AuditLog, Operation
from core.domain.ids import NotificationId
from core.domain.notification import Failure, Lane, NotificationState, Outbox
from core.domain.staff import require_role
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class FailureView:
    """A failure, and whether it can be sent again now."""

    failure: Failure
    sendable: bool


@dataclass(frozen=True, slots=True)
class ViewFailures:
    """An administrator looks at what did not arrive, the newest first. Raises NotAllowed."""

    transaction: Transaction
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, state: NotificationState | None, limit: int) -> list[FailureView]:
        async with self.transaction.looking():
            require_role(actor, Role.ADMINISTRATOR)
            found = await self.outbox.failures(state, limit)
            self.audit.record(actor, Operation.UNDELIVERED_VIEWED, shown=str(len(found)))
        now = self.clock.now()
        return [FailureView(each, each.sendable(now)) for each in found]


@dataclass(frozen=True, slots=True)
class SendAgain:
    """An administrator has a message sent again. Raises NotAllowed, NotSendable."""

    transaction: Transaction
    outbox: Outbox
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, notification: NotificationId) -> None:
        async with self.transaction:
            require_role(actor, Role.ADMINISTRATOR)
            await self.outbox.send_again(notification, self.clock.now())
            self.audit.record(actor, Operation.SENT_AGAIN, notification=str(notification))


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many rows stand in each state, and how many attempts ended with nobody knowing, by lane."""

    states: Mapping[NotificationState, int]
    uncertain: Mapping[Lane, int]


@dataclass(frozen=True, slots=True)
class MeasureOutbox:
    """Numbers for whoever watches; nobody's data."""

    transaction: Transaction
    outbox: Outbox

    async def __call__(self) -> OutboxState:
        async with self.transaction.looking():
            return OutboxState(await self.outbox.counts(), await self.outbox.uncertain())
