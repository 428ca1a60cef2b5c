"""Operators' lines in the outbox: their words and files are read as they leave, and how they ended is told to the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from core.domain.conversation import Delivery, Outgoing, Relayed, Relays
from core.domain.ids import ChatId, LineId, NotificationId
from core.domain.notification import Notification, NotificationState, Outcome, Settlement
from core.ports import Carried, Enclosure, Messenger, Push, Refused, Unreadable, Wording
from core.services.notification.outcome import not_made

SPOILT = "its sealed values do not open"
SAID, TAKE_BACK = "conversation.line", "conversation.take_back"
PICTURES = frozenset({"image/jpeg", "image/png"})
VOICES = frozenset({"audio/ogg"})
LONGEST_NAME = 40
LARGEST_PICTURE = 10 * 1024 * 1024
"""Telegram takes larger ones as files."""
ENDED = {
    NotificationState.SENT: Delivery.DELIVERED,
    NotificationState.REFUSED: Delivery.FAILED,
    NotificationState.HELD: Delivery.BLOCKED,
    NotificationState.UNCERTAIN: Delivery.UNCERTAIN,
}
Lines = Mapping[LineId, Relayed]


@dataclass(frozen=True, slots=True)
class LineCarrier:
    """Sends, changes and takes back what operators say."""

    relays: Relays
    messenger: Messenger
    wording: Wording

    async def of(self, claimed: Sequence[Notification]) -> Lines:
        """Return the lines of what was claimed, in the open transaction."""
        wanted = {each.line for each in claimed if each.line is not None}
        return await self.relays.of(wanted) if wanted else {}

    def outdated(self, notification: Notification, lines: Lines) -> Settlement | None:
        """Return the end of a line that cannot be said: its conversation has another owner, it is taken back, or spoilt."""
        if notification.line is None:
            return None
        line = lines.get(notification.line)
        if line is not None and line.unreadable and notification.key != TAKE_BACK:
            refused = NotificationState.REFUSED
            return Settlement(notification.id, notification.tries, refused, Outcome.NOT_MADE, reason=SPOILT)
        if notification.key != SAID:
            return None
        if line is not None and not line.stale and not line.gone:
            return None
        return not_made(notification, NotificationState.EXPIRED)

    async def send(self, notification: Notification, chat: ChatId, push: Push, lines: Lines) -> int | None:
        """Make the call; returns the id of its message. `push` has the buttons. Raises as the messenger does, and Refused."""
        line = lines.get(notification.line) if notification.line is not None else None
        if line is None:
            raise Refused("the line is gone")
        text = escape(line.text)
        if notification.key == SAID:
            enclosure = await self._enclosure(line)
            if line.speaker is not None:
                words = {"name": escape(line.speaker[:LONGEST_NAME]), "text": text}
                text = self.wording.say("conversation.first_line", notification.language, words)
            if notification.doubtful:
                text = f"{self.wording.say('notification.again', notification.language, {})}\n\n{text}"
            whole = Push(text, push.buttons, enclosure=enclosure, reply_to=line.answered)
            return await self.messenger.send(chat, whole)
        if line.message is None:
            raise Refused("it was not delivered")
        if notification.key == TAKE_BACK:
            await self.messenger.remove(chat, line.message)
        elif not line.gone:
            if line.speaker is not None:
                words = {"name": escape(line.speaker[:LONGEST_NAME]), "text": text}
                text = self.wording.say("conversation.first_line", notification.language, words)
            await self.messenger.edit(chat, line.message, text, caption=line.file is not None)
        return None

    async def settled(
        self, known: Sequence[Settlement], notifications: Mapping[NotificationId, Notification], now: datetime
    ) -> None:
        """Write what became of lines, in the open transaction."""
        outcomes = []
        for each in known:
            notification = notifications.get(each.notification)
            if notification is None or notification.line is None:
                continue
            delivery = ENDED.get(each.to)
            if notification.key != SAID:
                # That a change was refused is told beside what was delivered.
                if delivery is Delivery.FAILED:
                    outcomes.append(Outgoing(notification.line, Delivery.DELIVERED, reason=each.reason))
                continue
            if each.to is NotificationState.EXPIRED:
                delivery = Delivery.STALE
            if delivery is not None:
                outcomes.append(Outgoing(notification.line, delivery, each.message, each.reason))
        if outcomes:
            await self.relays.settled(outcomes, now)

    async def _enclosure(self, line: Relayed) -> Enclosure | None:
        if line.file is None:
            return None
        try:
            content = await self.relays.content(line)
        except FileNotFoundError:
            raise Refused("its file is gone") from None
        except Unreadable:
            raise Refused(SPOILT) from None
        kind = Carried.DOCUMENT
        if line.file.mime in PICTURES and len(content) <= LARGEST_PICTURE:
            kind = Carried.PHOTO
        elif line.file.mime in VOICES:
            kind = Carried.VOICE
        return Enclosure(kind, line.file.name, line.file.mime, content)
