"""Somebody who does anything at all: every command, every button seen so far, odd texts and files, repeats, restarts."""

import random
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.journeys.house import House
from tests.journeys.person import Forms, Person, scan

COMMANDS = [
    "/start",
    "/menu",
    "/status",
    "/card",
    "/consent",
    "/documents",
    "/support",
    "/tickets",
    "/language",
    "/help",
    "/cancel",
    "/nonsense",
]
TEXTS = [
    "Ильина Анна Сергеевна", "ильина анна", "14.03.1992", "1 мая 1980", "31.02.1990", "01.04.2012", "112-233-445 95",
    "112-233-445 96", "4512 345678", "770-001", "ОВД района Арбат города Москвы", "г. Тверь, ул. Советская, д. 1, кв. 2",
    "8 900 000-00-22", "+7 495 000-00-00", "7756000812345677", "anna@example.org", "anna", "500100732259", "женский",
    "000000", "123", "?", "Здравствуйте", "<b>жирно</b> & <i>", "\u202eтекст", "я" * 4000, "😀", "0", "да", "спасибо",
]  # fmt: skip
PATIENCE_S = 120
THROWN = re.compile(r"drop|remove|out_yes|signin.move")
"""Taps after which less may be stored, or another account is looked at: the person asked for it."""


class Lost(AssertionError):
    """The walk found a step after which something is not as it must be; names the seed and the last steps."""


@dataclass
class Walker:
    """One walk. `seed` replays it as far as the machine's timing allows."""

    house: House
    seed: int
    person: Person = field(init=False)
    trail: list[str] = field(default_factory=list)
    buttons: list[tuple[int, str]] = field(default_factory=list)
    login: tuple[str, str, str, str] = ("", "", "", "")
    answers: int = 0
    documents: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.person = Person.new(self.house.playground, f"Странник {self.seed}", self.dice.choice(["ru", "en"]))
        wanted = {
            "age": self.dice.choice([15, 30, 50, 70]),
            "level": self.dice.choice(["PR", "P", "PR"]),
            "known": self.dice.choice(["all", "contacts"]),
        }
        citizen = self.person.http.post("/portal/citizens", json=wanted).raise_for_status().json()
        self.login = (citizen["login"], citizen["password"], citizen.get("phone") or "", citizen.get("email") or "")
        self.scans = [scan(), scan(form="PNG"), b"%PDF-1.4 broken", b"not a picture", b"", scan(size=(90, 90))]

    def walk(self, steps: int) -> None:
        """Take so many steps, each checked."""
        if not self.trail:
            self.step(self.say("/start"))
        for _ in range(steps):
            self.step(self.choose())

    def choose(self) -> Callable[[], bool]:
        """Pick what to do next; what it returns says whether an answer is due."""
        kinds = {
            "tap": 40, "say": 22, "command": 12, "code": 8, "upload": 8, "sign_in": 3, "contact": 2, "odd": 2,
            "edit": 1, "repeat": 1, "forge": 1,
        }  # fmt: skip
        kind = self.dice.choices(list(kinds), list(kinds.values()))[0]
        match kind:
            case "say":
                return self.say(self.dice.choice(TEXTS))
            case "command":
                return self.say(self.dice.choice(COMMANDS))
            case "code":
                return self.say(self.latest_code())
            case "upload":
                return self.upload
            case "sign_in":
                return self.sign_in
            case "contact":
                return self.contact
            case "odd":
                return self.odd
            case "edit":
                return self.edit
            case "repeat":
                return self.repeat
            case "forge":
                return self.forge
            case _:
                return self.tap

    def say(self, text: str) -> Callable[[], bool]:
        def do() -> bool:
            self.trail.append(f"say {text[:40]!r}")
            self.person.say(text)
            return True

        return do

    def tap(self) -> bool:
        if not self.buttons:
            return self.say("/menu")()
        fresh = self.dice.random() < 0.8
        message, data = self.dice.choice(self.buttons[-12:] if fresh else self.buttons)
        self.trail.append(f"tap {data[:40]!r} of {message}")
        answer = self.post("tap", {"message_id": message, "data": data})
        if answer.status_code == 404:
            answer = self.post("tap", {"message_id": message, "data": data, "forged": True})
        return answer.status_code == 200 and "callback_query_id" in answer.json()

    def latest_code(self) -> str:
        codes = []
        for box, to in (("sms", self.login[2]), ("mail", self.login[3]), ("sms", "+79000000022")):
            for each in self.person.http.get(f"/{box}/messages", params={"to": to}).json()[-1:]:
                codes += re.findall(r"(?<!\d)\d{6}(?!\d)", f"{each.get('subject', '')} {each['text']}")
        return self.dice.choice(codes) if codes else "123456"

    def upload(self) -> bool:
        kind = self.dice.choice(["document", "document", "photo"])
        good = [each for each in self.scans if each[:2] in {b"\xff\xd8", b"\x89P"}]
        files = self.dice.choices(good if kind == "photo" else self.scans[:4] + good, k=self.dice.choice([1, 1, 1, 3]))
        self.trail.append(f"upload {len(files)} as {kind}")
        self.person.upload(*files, kind=kind)
        return True

    def sign_in(self) -> bool:
        links = [
            button["url"]
            for message in self.person.messages()
            for row in message.get("keyboard") or []
            for button in row
            if "/sign-in/" in button.get("url", "")
        ]
        if not links:
            return self.say("/start")()
        self.trail.append("sign in")
        with httpx.Client(timeout=60, trust_env=False, follow_redirects=True) as browser:
            page = browser.get(links[-1])
            for _ in range(4):
                if page.status_code >= 400 or not Forms(page.text).forms:
                    break
                page = self.person._submit(browser, page, self.login[0], self.login[1])
        return page.status_code == 200

    def contact(self) -> bool:
        self.trail.append("contact")
        self.post("contact", self.dice.choice([{}, {"phone": "+79000000033", "user_id": 42}]))
        return True

    def odd(self) -> bool:
        kind = self.dice.choice(["voice", "sticker", "location"])
        self.trail.append(kind)
        if kind == "location":
            self.post("location", {"latitude": 56.86, "longitude": 35.9})
        else:
            self.person.upload(b"OggS" + bytes(64), kind=kind, name=f"{kind}.ogg")
        return True

    def edit(self) -> bool:
        mine = [each for each in self.person.messages() if each["from"] == "person" and each.get("text")]
        if not mine:
            return False
        self.trail.append("edit")
        self.post("edit", {"message_id": mine[-1]["id"], "text": self.dice.choice(TEXTS[:8])})
        return True

    def repeat(self) -> bool:
        self.trail.append("repeat")
        known = self.person.http.get("/calls", params={"after": 0}).json()
        updates = [each for each in known if each["method"] == "getUpdates" and each.get("answer")]
        ids = [update["update_id"] for each in updates[-20:] for update in _updates(each)]
        if ids:
            self.person.http.post("/updates/repeat", json={"update_id": ids[-1]})
        return False

    def forge(self) -> bool:
        said = [each["id"] for each in self.person.messages() if each["from"] == "bot"]
        if not said:
            return False
        data = self.dice.choice(["go:nowhere", "go:card", "x", "aiogd_i1\x1dgone", "go:signin.move", "🙂" * 8])
        self.trail.append(f"forge {data!r}")
        self.post("tap", {"message_id": said[-1], "data": data, "forged": True})
        return True

    def post(self, what: str, body: dict[str, Any]) -> httpx.Response:
        return self.person.http.post(f"/people/{self.person.id}/{what}", json=body)

    def step(self, act: Callable[[], bool]) -> None:
        """Do one thing and look at what came of it."""
        seq, heard = self._seq(), self._alerts()
        due = act()
        end = time.monotonic() + PATIENCE_S
        while due and self._alerts() == heard:
            news = self.person.http.get(f"/people/{self.person.id}/chat", params={"after": seq, "wait": 1}).json()
            if news["deleted"] or any(each["from"] == "bot" for each in news["messages"]):
                break
            if time.monotonic() > end:
                raise self._lost("nobody answered")
            seq = news["seq"]
        self._settle()
        self._check()

    def _seq(self) -> int:
        answer = self.person.http.get(f"/people/{self.person.id}/chat", params={"after": 2**40}).json()
        return int(answer["seq"])

    def _alerts(self) -> int:
        alerts = self.person.http.get(f"/people/{self.person.id}/alerts").json()
        return alerts[-1]["seq"] if alerts else 0

    def _settle(self) -> None:
        """Let the bot finish what it says: until the chat has been still for a moment."""
        seq = self._seq()
        while True:
            answer = self.person.http.get(f"/people/{self.person.id}/chat", params={"after": seq, "wait": 0.04}).json()
            if answer["seq"] == seq:
                return
            seq = answer["seq"]

    def _check(self) -> None:
        end = time.monotonic() + PATIENCE_S
        # A window is taken away and sent anew in two calls: what counts is that it comes.
        while not (said := self._ways_on()):
            if time.monotonic() > end:
                raise self._lost(f"no way on from: {self.person.last().get('text')!r}")
        for message in said:
            for row in message.get("keyboard") or []:
                self.buttons += [(message["id"], button["data"]) for button in row if button.get("data")]
        self._check_store()

    def _ways_on(self) -> list[dict[str, Any]]:
        """Return the bot's latest messages if one of them, or the keyboard below, leads anywhere."""
        chat = self.person.http.get(f"/people/{self.person.id}/chat").json()
        said = [each for each in chat["messages"] if each["from"] == "bot"][-8:]
        led = chat["reply_keyboard"] or any(message.get("keyboard") for message in said)
        return said if led else []

    def _check_store(self) -> None:
        """What was stored before must be stored now, unless the person threw it away."""
        answers, documents = stored(self.house, self.person.id)
        threw_away = any(THROWN.search(each) for each in self.trail[-2:])
        if (answers < self.answers or documents < self.documents) and not threw_away:
            raise self._lost(
                f"answers went from {self.answers} to {answers}, documents from {self.documents} to {documents}"
            )
        self.answers, self.documents = answers, documents

    def _lost(self, what: str) -> Lost:
        steps = "\n".join(self.trail[-15:])
        return Lost(f"seed {self.seed}, step {len(self.trail)}: {what}\nlast steps:\n{steps}\n{self.house.log_tail()}")


def stored(house: House, chat: int) -> tuple[int, int]:
    """Count the answers of a chat's applications that were not thrown away, and the standing documents, in the database."""
    path = f"file:{house.settings['STATE_DIR']}/medkarta.sqlite?mode=ro"
    with closing(sqlite3.connect(path, uri=True, timeout=20)) as database:
        answers = database.execute(
            "SELECT count(*) FROM answers JOIN applications ON applications.id = answers.application "
            "JOIN chats ON chats.account = applications.account WHERE chats.id = ? AND applications.state <> 'dropped'",
            (chat,),
        ).fetchone()[0]
        documents = database.execute(
            "SELECT count(*) FROM documents JOIN chats ON chats.account = documents.account "
            "WHERE chats.id = ? AND documents.state <> 'removed'",
            (chat,),
        ).fetchone()[0]
    return answers, documents


def _updates(call: dict[str, Any]) -> list[dict[str, Any]]:
    answer = call["answer"]
    found = answer.get("result", []) if isinstance(answer, dict) else answer
    return [each for each in found if isinstance(each, dict) and "update_id" in each]
