"""Everything the local Telegram remembers: people, their one chat with the bot, messages. All of it in memory."""

import asyncio
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from playground.telegram.numbering import new_chat_instance, next_message_id

Json = dict[str, Any]

MESSAGES_KEPT_PER_CHAT = 5_000
ALERTS_KEPT_PER_PERSON = 500
DELETIONS_KEPT_PER_CHAT = 5_000


@dataclass(slots=True)
class Message:
    """One message of a private chat; `payload` is the Bot API Message object.

    `rigid`: sent with a reply keyboard, so Telegram does not let it be edited.
    """

    id: int
    payload: Json
    from_bot: bool
    seq: int = 0
    rigid: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Alert:
    """A callback answer that the person sees as a toast (or an alert box)."""

    seq: int
    callback_query_id: str
    message_id: int
    data: str
    text: str | None
    alert: bool
    url: str | None


@dataclass(slots=True)
class Press:
    """A pressed inline button that waits for its answer; `at` is monotonic seconds."""

    message_id: int
    data: str
    at: float


class Chat:
    """The private chat of one person with the bot. `seq` grows with every visible change."""

    __slots__ = (
        "action",
        "action_until",
        "changed",
        "deleted",
        "force_reply",
        "instance",
        "last_id",
        "menu_button",
        "messages",
        "opened",
        "pinned",
        "read_seq",
        "reply_keyboard",
        "reply_keyboard_of",
        "seq",
        "waiters",
    )

    def __init__(self) -> None:
        self.opened = False
        self.instance = new_chat_instance()
        self.messages: dict[int, Message] = {}
        self.changed: OrderedDict[int, None] = OrderedDict()
        self.deleted: deque[tuple[int, int]] = deque(maxlen=DELETIONS_KEPT_PER_CHAT)
        self.seq = 0
        self.read_seq = 0
        self.last_id = 0
        self.reply_keyboard: Json | None = None
        self.reply_keyboard_of = 0
        self.force_reply: Json | None = None
        self.menu_button: Json | None = None
        self.pinned: list[int] = []
        self.action: str | None = None
        self.action_until = 0.0
        self.waiters: set[asyncio.Future[None]] = set()

    def next_id(self) -> int:
        self.last_id = next_message_id(self.last_id)
        return self.last_id

    def touch(self) -> int:
        """Something the person sees has changed: wake those who watch."""
        self.seq += 1
        if self.waiters:
            self.wake()
        return self.seq

    def wake(self) -> None:
        """Answer those who watch."""
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(None)
        self.waiters.clear()

    def put(self, message: Message) -> None:
        """A new or a changed message."""
        self.messages[message.id] = message
        self.changed[message.id] = None
        self.changed.move_to_end(message.id)
        message.seq = self.touch()
        if len(self.messages) > MESSAGES_KEPT_PER_CHAT:
            self.remove(next(iter(self.messages)))

    def remove(self, message_id: int) -> Message | None:
        message = self.messages.pop(message_id, None)
        if message is not None:
            self.changed.pop(message_id, None)
            if message_id in self.pinned:
                self.pinned.remove(message_id)
            if message_id == self.reply_keyboard_of:
                # Telegram's own apps put a reply keyboard away together with the message that brought it.
                self.reply_keyboard = None
            self.deleted.append((self.touch(), message_id))
        return message

    def hide(self, message: Message) -> None:
        """The person removed it from their own view; the bot is not told and may go on editing it."""
        message.hidden = True
        self.changed.pop(message.id, None)
        self.deleted.append((self.touch(), message.id))

    def set_action(self, action: str | None, seconds: float = 0.0) -> None:
        self.action = action
        self.action_until = time.monotonic() + seconds
        self.touch()


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account. `id` is also the id of the chat with the bot."""

    id: int
    name: str
    language: str
    username: str | None = None
    phone: str = ""
    blocked: bool = False
    chat: Chat = field(default_factory=Chat)
    alerts: deque[Alert] = field(default_factory=lambda: deque(maxlen=ALERTS_KEPT_PER_PERSON))
    alert_seq: int = 0
    user: Json = field(default_factory=dict)
    chat_payload: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        first, _, last = self.name.partition(" ")
        self.user = {"id": self.id, "is_bot": False, "first_name": first}
        self.chat_payload = {"id": self.id, "first_name": first}
        for key, value in (("last_name", last), ("username", self.username)):
            if value:
                self.user[key] = value
                self.chat_payload[key] = value
        self.chat_payload["type"] = "private"
        self.user["language_code"] = self.language

    def alert(self, query_id: str, press: Press, text: str | None, alert: bool, url: str | None) -> None:
        self.alert_seq += 1
        self.alerts.append(Alert(self.alert_seq, query_id, press.message_id, press.data, text, alert, url))
        self.chat.touch()
