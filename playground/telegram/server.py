"""The local Telegram itself: one bot, its people, and what flows between them."""

import time
from collections import OrderedDict
from typing import Any

from playground.settings import PlaygroundSettings
from playground.telegram.bot_profile import BotProfile
from playground.telegram.calls import Journal
from playground.telegram.faults import Faults
from playground.telegram.files import FileStore
from playground.telegram.limits import Limits
from playground.telegram.numbering import new_callback_query_id
from playground.telegram.refusals import bad_request, forbidden
from playground.telegram.state import Json, Message, Person, Press
from playground.telegram.updates import UpdateQueue
from playground.telegram.webhook import Webhook

PEOPLE_LIMIT = 200_000
PRESSES_KEPT = 100_000
READY_MADE = (
    (100001, "Анна Ильина", "ru", "+79160000001"),
    (100002, "Пётр Соколов", "ru", "+79160000002"),
    (100003, "Мария Кузнецова", "ru", "+79160000003"),
    (100004, "Emma Clark", "en", "+79160000004"),
    (100005, "Тимур Галиев", "ru", "+79160000005"),
)


class Telegram:
    """State of the whole server. Everything runs on one event loop; nothing here needs a lock."""

    def __init__(self, settings: PlaygroundSettings) -> None:
        self.token = settings.token
        self.bot = BotProfile(int(settings.token.partition(":")[0]))
        self.people: dict[int, Person] = {}
        self.files = FileStore()
        self.updates = UpdateQueue()
        self.webhook = Webhook(self.updates)
        self.calls = Journal()
        self.faults = Faults()
        self.limits = Limits()
        self.presses: OrderedDict[str, tuple[Person, Press]] = OrderedDict()
        self._bot_user = self.bot.user()
        # Bots keep databases: somebody new must not bear the number of somebody from before a restart.
        self._next_person = int(time.time() * 1000)
        self.hung_up = False
        for person_id, name, language, phone in READY_MADE:
            self.people[person_id] = Person(person_id, name, language, phone=phone)

    def new_person(self, name: str, language: str, username: str | None, phone: str | None) -> Person:
        person_id = self._next_person
        self._next_person += 1
        phone = phone or f"+7916{person_id % 10_000_000:07d}"
        person = Person(person_id, name, language, username, phone)
        self.people[person_id] = person
        return person

    def hang_up(self) -> None:
        """Answer everybody who waits for news, and let nobody wait any more: the server is about to stop."""
        self.hung_up = True
        self.updates.end_poll()
        for person in self.people.values():
            person.chat.wake()

    def bot_user(self) -> Json:
        return self._bot_user

    def rename_bot(self) -> None:
        """The name has changed: messages from now on carry the new one."""
        self._bot_user = self.bot.user()

    def person(self, chat_id: int | str | None) -> Person:
        """The person behind a chat that the bot may know of; Telegram hides those who never wrote to it."""
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        person = self.people.get(chat_id) if isinstance(chat_id, int) else self._by_username(chat_id)
        if person is None or not person.chat.opened:
            raise bad_request("chat not found")
        return person

    def reachable(self, chat_id: int | str | None) -> Person:
        """A person to whom the bot may send now."""
        person = self.person(chat_id)
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        return person

    def _by_username(self, name: str) -> Person | None:
        wanted = name.removeprefix("@").lower()
        return next((one for one in self.people.values() if (one.username or "").lower() == wanted), None)

    def post_from_bot(self, person: Person, content: Json, rigid: bool = False) -> Message:
        """A new message of the bot in the person's chat; `content` is what is special about it."""
        chat = person.chat
        message_id = chat.next_id()
        payload: dict[str, Any] = {
            "message_id": message_id,
            "from": self._bot_user,
            "chat": person.chat_payload,
            "date": int(time.time()),
            **content,
        }
        message = Message(message_id, payload, from_bot=True, rigid=rigid)
        chat.action = None
        chat.put(message)
        return message

    def post_from_person(self, person: Person, content: Json) -> Message:
        """A new message of the person, and its update for the bot."""
        chat = person.chat
        chat.opened = True
        message_id = chat.next_id()
        payload: dict[str, Any] = {
            "message_id": message_id,
            "from": person.user,
            "chat": person.chat_payload,
            "date": int(time.time()),
            **content,
        }
        message = Message(message_id, payload, from_bot=False)
        chat.put(message)
        self.updates.add("message", person.id, payload)
        return message

    def press(self, person: Person, message: Json, data: str) -> str:
        """An inline button was pressed: its callback query for the bot. Returns the id of the query."""
        query_id = new_callback_query_id()
        self.presses[query_id] = (person, Press(message["message_id"], data, time.monotonic()))
        if len(self.presses) > PRESSES_KEPT:
            self.presses.popitem(last=False)
        query = {
            "id": query_id,
            "from": person.user,
            "message": message,
            "chat_instance": person.chat.instance,
            "data": data,
        }
        self.updates.add("callback_query", person.id, query)
        return query_id
