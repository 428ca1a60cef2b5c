"""An operator at the desk, through its REST API."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx

from tests.journeys.desk import Desk
from tests.journeys.house import House

PATIENCE_S = 120
ALWAYS = {"zone": "Europe/Moscow", "week": ["00:00–23:59"] * 7, "days": {}, "holidays": False}


def open_always(house: House) -> None:
    """Let people answer around the clock: journeys are made at any hour."""
    boss = Desk.of(house, "administrator")
    boss.http.put("/hours", json=ALWAYS).raise_for_status()


@dataclass
class Operator:
    """One operator, and the conversation that they have."""

    http: httpx.Client
    talk: str = ""

    @classmethod
    def of(cls, house: House, role: str = "operator") -> "Operator":
        return cls(Desk.of(house, role).http)

    def finds(self, words: str) -> str:
        """Wait until a conversation in which this was said last stands in the queue, and return its id."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            page = self.http.get("/conversations", params={"limit": 100}).raise_for_status().json()
            for each in page["conversations"]:
                if each["last"] and words in each["last"]["text"]:
                    return str(each["id"])
        raise AssertionError(f"nobody in the queue said {words}")

    def claims(self, words: str) -> None:
        """Take it."""
        self.talk = self.finds(words)
        self.does("post", "claim")

    def does(self, how: str, what: str, **more: Any) -> Any:
        """Do something with the conversation."""
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        answer = self.http.request(how, f"/conversations/{self.talk}/{what}", headers=headers, **more)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def view(self) -> dict[str, Any]:
        """Look at it."""
        found: dict[str, Any] = self.http.get(f"/conversations/{self.talk}").raise_for_status().json()
        return found

    def says(self, text: str, reply_to: int | None = None) -> int:
        """Answer, having seen everything; returns the number of the line."""
        seen = self.view()["conversation"]
        asked = {"text": text, "epoch": seen["epoch"], "seen": seen["lines"], "reply_to": reply_to}
        return int(self.does("post", "lines", json=asked)["number"])

    def sends(self, name: str, content: bytes, text: str = "") -> int:
        """Send a file."""
        seen = self.view()["conversation"]
        asked = {"text": text, "epoch": str(seen["epoch"]), "seen": str(seen["lines"])}
        return int(self.does("post", "lines", data=asked, files={"file": (name, content)})["number"])

    def hears(self, words: str) -> dict[str, Any]:
        """Wait for a line of the citizen that says this, and return it."""
        return self.waits_for(lambda line: line["side"] == "citizen" and words in line["text"])

    def waits_for(self, is_it: Any) -> dict[str, Any]:
        """Wait for a line."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = [line for line in self.view()["lines"] if is_it(line)]
            if found:
                return dict(found[-1])
        raise AssertionError([(line["side"], line["text"], line["delivery"]) for line in self.view()["lines"]])
