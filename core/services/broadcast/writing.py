"""A broadcast is written, and changed until it is launched."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from core.domain.actor import Actor, Role, System, label
from core.domain.audit import AuditLog, Operation
from core.domain.broadcast import (
    Broadcast,
    BroadcastMoved,
    Broadcasts,
    BroadcastState,
    KeyReused,
    Segment,
    clean_texts,
    clean_title,
)
from core.domain.ids import BroadcastId, new_id
from core.domain.notification import Topic
from core.domain.staff import require_role
from core.ports import Clock, Transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said, and to whom. `texts` by language; an empty title becomes the first line of the Russian text."""

    texts: Mapping[str, str]
    title: str = ""
    segment: Segment = field(default_factory=Segment)
    topic: Topic = Topic.NEWS
    urgent: bool = False

    def clean(self) -> Self:
        """Return it fit to be sent. Raises TextMissing, TextTooLong, BadSegment."""
        texts = clean_texts(self.texts)
        return replace(self, texts=texts, title=clean_title(self.title, texts["ru"]), segment=self.segment.checked())


def require_sender(actor: Actor) -> Actor:
    """Return whoever may write to many: an administrator, or the one who runs the machine. Raises NotAllowed."""
    return actor if isinstance(actor, System) else require_role(actor, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class CreateBroadcast:
    """An administrator writes a broadcast: a draft that goes to nobody yet.

    The same actor with the same `key` gets what the key made. Raises TextMissing, TextTooLong, BadSegment, KeyReused.
    """

    transaction: Transaction
    broadcasts: Broadcasts
    audit: AuditLog
    clock: Clock

    async def __call__(self, actor: Actor, wanted: Wanted, key: str | None = None) -> Broadcast:
        sender, wanted, now = require_sender(actor), wanted.clean(), self.clock.now()
        draft = Broadcast(
            id=BroadcastId(new_id(now)),
            title=wanted.title,
            texts=wanted.texts,
            segment=wanted.segment,
            topic=wanted.topic,
            urgent=wanted.urgent,
            created_by=label(sender),
            created_at=now,
        )
        async with self.transaction:
            kept = await self.broadcasts.add(draft, f"{label(sender)} {key or draft.id}")
            if kept.id == draft.id:
                self.audit.record(
                    sender, Operation.BROADCAST_CREATED, broadcast=str(draft.id), content=draft.fingerprint
                )
            elif _said(kept) != _said(draft):
                raise KeyReused
        return kept


@dataclass(frozen=True, slots=True)
class ChangeBroadcast:
    """An administrator changes a draft. Raises BroadcastMoved once it was launched, TextMissing, TextTooLong, BadSegment."""

    transaction: Transaction
    broadcasts: Broadcasts
    audit: AuditLog

    async def __call__(self, actor: Actor, broadcast: BroadcastId, wanted: Wanted) -> Broadcast:
        sender, wanted = require_sender(actor), wanted.clean()
        async with self.transaction:
            draft = await self.broadcasts.take(broadcast)
            if draft.state is not BroadcastState.DRAFT:
                raise BroadcastMoved
            changed = replace(
                draft,
                title=wanted.title,
                texts=wanted.texts,
                segment=wanted.segment,
                topic=wanted.topic,
                urgent=wanted.urgent,
            )
            self.audit.record(
                sender, Operation.BROADCAST_CHANGED, broadcast=str(broadcast), content=changed.fingerprint
            )
            return await self.broadcasts.save(changed)


def _said(broadcast: Broadcast) -> tuple[object, ...]:
    return (broadcast.title, dict(broadcast.texts), broadcast.segment, broadcast.topic, broadcast.urgent)
