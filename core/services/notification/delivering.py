"""Sending what is due: claimed in one transaction, on record in small groups just before the calls, settled behind them."""

import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.domain.broadcast import Broadcasts
from core.domain.chat import Chats
from core.domain.ids import ChatId, ExtractId
from core.domain.notification import Channel, Notification, NotificationState, Outbox, Outcome, Settlement
from core.domain.subscription import Subscriptions, may_go_at
from core.ports import (
    Attachment,
    Clock,
    Congested,
    Events,
    Later,
    Mail,
    Messenger,
    Pace,
    Refused,
    Slot,
    Sms,
    Transaction,
    Uncertain,
    Wording,
)
from core.services.extract.storing import Enclosures
from core.services.notification.carrying import LEASE, Carrier, Claim
from core.services.notification.outcome import BLOCKED, blocked_state, failed, not_made
from core.services.notification.parcel import Parcel, Words, parcels_of
from core.services.notification.relaying import LineCarrier, Lines
from core.services.notification.stream import STREAMS, Stream

log = logging.getLogger(__name__)
GROUPS_A_SECOND = 32
"""A group on record is a thirtieth of a second of the budget: so much of a claim is in doubt when its holder is killed."""


@dataclass(frozen=True, slots=True)
class DeliverDue:
    """The worker sends what is due, best lane first. Returns how many rows it took.

    A row is SENDING under a lease, and its attempt on record before the call. What a killed worker had claimed and not begun
    goes back untouched; what it had begun is of unknown outcome, and UNKNOWN says what then (`RecoverLapsed`).
    """

    transaction: Transaction
    outbox: Outbox
    chats: Chats
    lines: LineCarrier
    subscriptions: Subscriptions
    broadcasts: Broadcasts
    messenger: Messenger
    sms: Sms
    mail: Mail
    enclosures: Enclosures
    wording: Wording
    pace: Pace
    events: Events
    clock: Clock

    async def __call__(
        self,
        streams: Sequence[Stream] = STREAMS,
        limit: int = 50,
        *,
        stopping: Callable[[], bool] = lambda: False,
        claimed: Callable[[int], None] = lambda _: None,
    ) -> int:
        """`claimed` is told how many rows were taken once nobody else can take them, before the first call is made."""
        return sum([await self._deliver(stream, limit, stopping, claimed) for stream in streams])

    async def _deliver(
        self, stream: Stream, limit: int, stopping: Callable[[], bool], told: Callable[[int], None]
    ) -> int:
        now = self.clock.now()
        async with self.transaction:
            claimed = await self.outbox.claim(now, now + LEASE, limit, stream.channels, stream.lanes)
            if not claimed:
                told(0)
                return 0
            lines = await self.lines.of(claimed)
            passed_over = await self._looked_at(claimed, lines)
            going, waiting = parcels_of([each for each in claimed if each.id not in passed_over])
            back = [not_made(each, NotificationState.WAITING, now) for each in waiting]
            await self.outbox.settle([*passed_over.values(), *back], now)
            if lines:
                await self.lines.settled(list(passed_over.values()), {each.id: each for each in claimed}, now)
            texts = await self.broadcasts.texts({each.broadcast for each in claimed if each.broadcast})
            wanted = [each.attachment for parcel in going for each in parcel.notifications if each.attachment]
            enclosed = await self.enclosures.of(wanted) if wanted else {}
        told(len(claimed))
        words = Words(self.wording, texts)

        async def push(parcel: Parcel, slot: Slot) -> list[Settlement]:
            return await self._push(parcel, slot, words, lines)

        async def write(parcel: Parcel) -> list[Settlement]:
            return await self._write(parcel, enclosed)

        claim = Claim(self._carrier(stopping, push, write), deque(going))
        if Channel.TELEGRAM in stream.channels:
            claim.told, claim.rest = await self._within_their_chats(going)
            await claim.pushed(max(1, self.pace.rate // GROUPS_A_SECOND))
        else:
            await claim.written()
        return len(claimed)

    def _carrier(
        self,
        stopping: Callable[[], bool],
        push: Callable[[Parcel, Slot], Coroutine[Any, Any, list[Settlement]]],
        write: Callable[[Parcel], Coroutine[Any, Any, list[Settlement]]],
    ) -> Carrier:
        return Carrier(
            self.transaction,
            self.outbox,
            self.chats,
            self.lines,
            self.pace,
            self.events,
            self.clock,
            stopping,
            write,
            push,
        )

    async def _looked_at(self, claimed: Sequence[Notification], lines: Lines) -> dict[object, Settlement]:
        """Return what becomes of those that are not sent now: run out, blocked, not wanted, held by quiet hours."""
        now = self.clock.now()
        blocked = await self.chats.blocked({each.chat for each in claimed if each.chat is not None})
        asked = {each.account for each in claimed if each.account and each.topic}
        chosen = await self.subscriptions.of_many(asked) if asked else {}
        passed: dict[object, Settlement] = {}
        for each in claimed:
            outdated = self.lines.outdated(each, lines)
            if outdated is not None:
                passed[each.id] = outdated
            elif each.valid_until is not None and each.valid_until <= now:
                passed[each.id] = not_made(each, NotificationState.EXPIRED)
            elif each.channel is Channel.TELEGRAM and each.chat in blocked:
                to = blocked_state(each)
                passed[each.id] = Settlement(each.id, each.tries, to, Outcome.BLOCKED, reason=BLOCKED)
            elif each.account is not None and each.account in chosen and each.topic:
                goes_at = may_go_at(each, chosen[each.account], now)
                if goes_at is None:
                    passed[each.id] = not_made(each, NotificationState.UNWANTED)
                elif goes_at > now:
                    passed[each.id] = not_made(each, NotificationState.WAITING, goes_at, anew=True)
        return passed

    async def _within_their_chats(self, going: Sequence[Parcel]) -> tuple[list[Settlement], deque[Parcel]]:
        """Return what becomes of parcels whose chat has had its messages for now, and the others."""
        now = self.clock.now()
        chats = [parcel.first.chat for parcel in going if parcel.first.chat is not None]
        try:
            waits = await self.pace.chats(chats)
        except Congested as fault:
            waits = dict.fromkeys(chats, fault.seconds)
        back: list[Settlement] = []
        allowed: deque[Parcel] = deque()
        for parcel in going:
            wait = waits.get(parcel.first.chat) if parcel.first.chat is not None else None
            if wait is None:
                allowed.append(parcel)
                continue
            due_at = now + timedelta(seconds=wait)
            back += [not_made(each, NotificationState.WAITING, due_at) for each in parcel.notifications]
        return back, allowed

    async def _push(self, parcel: Parcel, slot: Slot, words: Words, lines: Lines) -> list[Settlement]:
        called = False
        try:
            push, chat = words.push_of(parcel), _chat(parcel.first)
            await self.pace.due(slot)
            called = True
            if parcel.first.line is None:
                message: int | None = await self.messenger.send(chat, push)
            else:
                message = await self.lines.send(parcel.first, chat, push, lines)
        except Exception as fault:
            self.pace.give_back([slot], used=called)
            if isinstance(fault, Later) and parcel.first.chat is not None:
                await self.pace.pause(parcel.first.chat, fault.seconds)
            return self._noted(parcel, fault)
        self.pace.give_back([slot])
        return [
            Settlement(each.id, each.tries, NotificationState.SENT, Outcome.SENT, message=message)
            for each in parcel.notifications
        ]

    async def _write(self, parcel: Parcel, enclosed: Mapping[ExtractId, Attachment]) -> list[Settlement]:
        letter = parcel.first
        try:
            address, attached = _address(letter), None
            if letter.attachment is not None:
                attached = enclosed.get(letter.attachment)
                if attached is None:
                    raise Refused("attachment")
            text = self.wording.say(letter.key, letter.language, letter.values)
            if letter.channel is Channel.SMS:
                await self.sms.send(address, text, key=letter.id)
            else:
                subject = self.wording.say(f"{letter.key}.subject", letter.language, letter.values)
                await self.mail.send(address, subject, text, key=letter.id, attached=attached)
        except Exception as fault:
            return self._noted(parcel, fault)
        return [Settlement(letter.id, letter.tries, NotificationState.SENT, Outcome.SENT)]

    def _noted(self, parcel: Parcel, fault: Exception) -> list[Settlement]:
        now = self.clock.now()
        if isinstance(fault, Uncertain):
            first = parcel.first
            said = {"notification": str(first.id), "lane": first.lane.name.lower(), "channel": first.channel.value}
            log.warning("notification_uncertain", extra=said)
        return [failed(each, fault, now) for each in parcel.notifications]


def _chat(notification: Notification) -> ChatId:
    if notification.chat is None:
        raise Refused("no chat")
    return notification.chat


def _address(notification: Notification) -> str:
    if notification.address is None:
        raise Refused("no address")
    return notification.address
