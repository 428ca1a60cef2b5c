"""Sending what is due: claimed in one transaction, sent outside of any, settled in another."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from core.domain.chat import Chats
from core.domain.ids import ChatId
from core.domain.notification import TRIES, Channel, Notification, NotificationState, Outbox
from core.ports import Clock, Later, Mail, Messenger, Push, Refused, Sms, Transaction, Unavailable, Wording

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one notification: its state, when it is tried again, and the channel's own word."""

    to: NotificationState
    due_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeliverDue:
    """The worker sends what is due, best lane first. Returns how many rows it took.

    A row is SENDING under a lease before the call, so a killed worker's rows are taken again once the lease ran out:
    what it tells may then come twice, and is never lost. A code that comes twice is the same code, under the same key,
    for as long as it can be entered; after that it is not sent at all, and the person asks for another.
    """

    transaction: Transaction
    outbox: Outbox
    chats: Chats
    messenger: Messenger
    sms: Sms
    mail: Mail
    wording: Wording
    clock: Clock

    async def __call__(self, limit: int = 50) -> int:
        now = self.clock.now()
        async with self.transaction:
            claimed = await self.outbox.claim(now, now + LEASE, limit)
        for notification in claimed:
            delivery = await self._deliver(notification)
            async with self.transaction:
                await self.outbox.settle(
                    notification.id, delivery.to, self.clock.now(), due_at=delivery.due_at, reason=delivery.reason
                )
                if delivery.reason == "blocked" and notification.chat is not None:
                    await self.chats.block(notification.chat, self.clock.now())
        return len(claimed)

    async def _deliver(self, notification: Notification) -> Delivery:
        now = self.clock.now()
        if notification.valid_until is not None and notification.valid_until <= now:
            return Delivery(NotificationState.EXPIRED)
        try:
            await self._send(notification)
        except Refused as refusal:
            return Delivery(NotificationState.REFUSED, reason=refusal.reason)
        except Later as later:
            return Delivery(NotificationState.WAITING, due_at=now + timedelta(seconds=later.seconds))
        except Unavailable as away:
            if notification.tries >= TRIES and notification.valid_until is None:
                return Delivery(NotificationState.REFUSED, reason=f"{away.system} away")
            return Delivery(NotificationState.WAITING, due_at=now + _backoff(notification.tries), reason=away.system)
        return Delivery(NotificationState.SENT)

    async def _send(self, notification: Notification) -> None:
        key, language, values = notification.key, notification.language, notification.values
        match notification.channel:
            case Channel.TELEGRAM:
                await self.messenger.send(_chat(notification), self._push(notification))
            case Channel.SMS:
                text = self.wording.say(key, language, values)
                await self.sms.send(_address(notification), text, key=notification.id)
            case Channel.MAIL:
                subject = self.wording.say(f"{key}.subject", language, values)
                text = self.wording.say(key, language, values)
                await self.mail.send(_address(notification), subject, text, key=notification.id)

    def _push(self, notification: Notification) -> Push:
        values: Mapping[str, str] = {name: escape(value) for name, value in notification.values.items()}
        text = self.wording.say(notification.key, notification.language, values)
        rows = tuple(
            ((self.wording.say(button.label_key, notification.language, {}), button.place),)
            for button in notification.buttons
        )
        return Push(text, rows)


def _chat(notification: Notification) -> ChatId:
    if notification.chat is None:
        raise Refused("no chat")
    return notification.chat


def _address(notification: Notification) -> str:
    if notification.address is None:
        raise Refused("no address")
    return notification.address


def _backoff(tries: int) -> timedelta:
    """Return a wait that doubles from a second, with jitter so that many do not come back together."""
    whole = min(2.0 ** max(0, tries - 1), LONGEST_WAIT.total_seconds())
    return timedelta(seconds=whole * random.uniform(0.5, 1.0))  # noqa: S311 (jitter is no secret)
