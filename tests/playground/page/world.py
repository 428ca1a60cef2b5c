"""Who stands around the chat page in its tests: a person in a browser, and the playground over HTTP."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.sync_api import Locator, Page

from playground.settings import DEFAULT_TOKEN

PATIENCE_S = 60


@dataclass
class Person:
    id: int
    name: str
    page: Page

    def message(self, message_id: int) -> Locator:
        return self.page.locator(f'[data-message-id="{message_id}"]')

    def say(self, text: str) -> None:
        self.page.fill("#composer", text)
        self.page.press("#composer", "Enter")


@dataclass
class Outside:
    """The playground over HTTP: the bot's side and the person's side."""

    http: httpx.Client
    offset: int = 0
    missed: list[dict[str, Any]] = field(default_factory=list)

    def newcomer(self, name: str, started: bool = True) -> int:
        """A new person's id; a bot may write only to somebody who has started it."""
        made = int(self.http.post("/people", json={"name": name, "language": "ru"}).json()["id"])
        if started:
            self.http.post(f"/people/{made}/start", json={})
            self.hears(made)
        return made

    def bot(self, method: str, **parameters: Any) -> Any:
        answer = self.http.post(f"/bot{DEFAULT_TOKEN}/{method}", json=parameters).json()
        assert answer["ok"], answer
        return answer["result"]

    def tells(self, person: Person, text: str, keys: list[list[dict[str, Any]]] | None = None, **more: Any) -> int:
        markup = {"reply_markup": {"inline_keyboard": keys}} if keys else {}
        return int(self.bot("sendMessage", chat_id=person.id, text=text, **markup, **more)["message_id"])

    def hears(self, person: Person | int, kind: str = "message") -> dict[str, Any]:
        """The next update of this kind from this person."""
        who = person if isinstance(person, int) else person.id
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for update in self.missed:
                content: dict[str, Any] = update.get(kind, {})
                if content.get("from", {}).get("id") == who:
                    self.missed.remove(update)
                    return content
            news = self.bot("getUpdates", offset=self.offset, timeout=2)
            self.offset = max([self.offset, *(one["update_id"] + 1 for one in news)])
            self.missed.extend(news)
        raise AssertionError(f"the bot heard no {kind} from {who}")


Arrive = Callable[..., Person]
"""`arrive(name=..., size=..., **context options)`: somebody new opens the page."""
