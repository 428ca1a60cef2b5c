"""One citizen in the storm: reads what the bot asks, answers it, waits, and presses /card when nobody answers, as people do."""

import contextlib
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.evidence import Typed, Wait
from tests.faults.windows import FORM, Window, latest
from tests.journeys.applying import new_citizen, spoken
from tests.journeys.browser import Browser
from tests.journeys.person import Person, buttons, scan

PATIENCE_S = 8.0
"""After so long without an answer a person presses /card."""
CODE_PATIENCE_S = 15.0
STILL_S, LONGEST_SETTLING_S = 0.25, 10.0
EARLY = 2
"""After so many answers."""
CODED = frozenset({"proof", "signing"})
STREETS = ("Лесная", "Садовая", "Речная", "Полевая")


@dataclass
class Citizen:
    """Walks from /start to the card. Everything they decide follows from their seed and from what the bot says."""

    playground: str
    number: int
    seed: str
    over: threading.Event
    """Set when nobody is waited for any more."""
    calm: threading.Event
    """Set when the storm is over: no more dawdling."""
    typed: list[Typed] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    nudges: int = 0
    left: int = 0
    resumed: int = 0
    double_taps: int = 0
    away: bool = False
    unheard: bool = False
    done: bool = False
    stuck: str = ""
    trail: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.person = Person.new(self.playground, f"Житель {self.number}")
        sex = self.dice.choice("FM")
        self.citizen = new_citizen(self.person, known="contacts", age=self.dice.randint(19, 80), sex=sex)
        self.said = spoken(self.citizen)
        self.corrections = self.dice.randint(0, 2)
        # One in two leaves early, so that there is always somebody who comes back.
        self.early = self.number % 2 == 1
        self.absences = self.dice.randint(int(self.early), 3)
        self.departures = self.dice.choice([0, 0, 1])
        self.scans = 3
        self.spare_code: str | None = None
        self.acted: Window | None = None

    def live(self) -> None:
        """Go on until there is a card, or until `over`."""
        self.say("/start")
        while not self.done and not self.over.is_set():
            try:
                self.step()
            except httpx.HTTPError as fault:  # the playground itself stands: this must not happen
                self.stuck = f"the playground: {type(fault).__name__}"
                return
        if not self.done:
            self.stuck = f"stands at {self.acted}"

    def step(self) -> None:
        """Look, and do the one thing that the window asks for."""
        window = latest(self.person.messages())
        if window is None or not self.is_news(window):
            self.nudge()
            return
        self.note(f"sees {window}")
        self.learn(window)
        self.pause()
        self.acted = window
        what: dict[str, Callable[[], object]] = {
            "field": lambda: self.answer(window.field),
            "proof": lambda: self.enter_code(window),
            "signing": lambda: self.enter_code(window),
            "known": lambda: self.tap("^Всё верно"),
            "which": lambda: self.tap("^Адрес"),
            "scans": lambda: self.send_scans(window),
            "consent": lambda: self.tap("^Согласен|^Дальше"),
            "summary": lambda: self.check(window),
            "leaving": lambda: self.tap("^Выйти$"),
            "visitor": self.sign_in,
            "waiting": lambda: self.hear(PATIENCE_S) or self.tap("Проверить сейчас"),
            "card": self.arrive,
        }
        what.get(window.kind, lambda: self.say("/card"))()

    def arrive(self) -> None:
        """There is a card: this was all."""
        self.done = True

    def toasts(self) -> list[str]:
        """What taps were answered."""
        return [str(each["text"]) for each in self.person.alerts()]

    def learn(self, window: Window) -> None:
        """What was typed last was taken if the form has gone on; it was not if the same question stands there again."""
        if window.kind not in FORM:
            return
        if window.kind not in CODED:
            self.spare_code = None
        last = self.typed[-1] if self.typed else None
        if last is not None and last.taken is None:
            last.taken = not (window.kind == "field" and window.field == last.field)
            if window.kind == "summary" and last.field == "address" and last.value not in window.text:
                last.taken = False
        if self.away:
            self.away = False
            self.resumed += 1

    def answer(self, name: str) -> None:
        """Type what is asked for, or go away for a while and come back."""
        leaves = self.dice.random() < 0.25 or (self.early and len(self.typed) == EARLY)
        if leaves and self.absences and self.typed and not self.calm.is_set():
            self.absences -= 1
            self.early = False
            self.left += 1
            self.away = True
            if self.departures:
                self.departures = 0
                self.say("/menu")
                self.tap("^Выйти$", otherwise="/menu")
            else:
                self.say("/menu")
            return
        value, label = self.said[name], ""
        if name == "sex" and self.dice.random() < 0.7:
            label = "^Женский" if value == "женский" else "^Мужской"
        if label and not self.has(label):
            self.say("/card")
            return
        self.typed.append(Typed(name, value))
        if label:
            self.tap(label, twice=self.dice.random() < 0.4)
        else:
            self.say(value)

    def check(self, window: Window) -> None:
        """The summary: correct the address once or twice, then send."""
        if "Кое-чего" in window.text or self.said["address"] not in window.text:
            self.tap("^Исправить")
        elif self.corrections and not self.calm.is_set():
            self.corrections -= 1
            street = f"ул. {self.dice.choice(STREETS)}, д. {self.dice.randint(1, 200)}, кв. {self.dice.randint(1, 99)}"
            self.said["address"] = f"г. Тверь, {street}"
            self.tap("^Исправить")
        else:
            self.tap("^Отправить заявку")

    def enter_code(self, window: Window) -> None:
        """Wait for the newest code and type it; ask for another when it does not come."""
        gone = "уже не действует" in window.text
        # A bot that forgot which question was open has not looked at the code: it is typed once more.
        code = None if gone else self.spare_code or self.newest_code()
        if code is not None:
            self.spare_code = None if code == self.spare_code else code
            self.say(code)
        elif self.has("Прислать новый код"):
            self.tap("Прислать новый код")
        else:
            self.nudge()

    def newest_code(self) -> str | None:
        """Return the code that came last and was not typed yet."""
        end, phone = time.monotonic() + CODE_PATIENCE_S, self.citizen["phone"]
        while time.monotonic() < end and not self.over.is_set():
            after = self.person.read_codes.get(phone, 0)
            parameters: dict[str, str | int] = {"to": phone, "after": after, "wait": 1}
            for each in reversed(self.person.http.get("/sms/messages", params=parameters).json()):
                self.person.read_codes[phone] = max(self.person.read_codes.get(phone, 0), each["seq"])
                if code := re.search(r"(?<!\d)(\d{6})(?!\d)", each["text"]):
                    return code.group(1)
        return None

    def send_scans(self, window: Window) -> None:
        """An album first, then one at a time, until all are there."""
        if "Всё нужное на месте" in window.text:
            self.tap("^Дальше")
            return
        number, self.scans = self.scans, 1
        mark = self.seq()
        self.person.upload(*[scan()] * number)
        self.hear(PATIENCE_S, mark)

    def sign_in(self) -> None:
        """Open the link of the chat in a browser; whatever goes wrong there, begin anew."""
        url = next((each["url"] for _, each in buttons(self.person.chat()) if "/sign-in/" in each.get("url", "")), None)
        if url is None:
            self.tap("портал", otherwise="/start")
            return
        mark = self.seq()
        with contextlib.suppress(httpx.HTTPError, IndexError, KeyError), Browser() as browser:
            browser.open(url)
            for _ in range(5):
                if not browser.forms or browser.page.status_code >= 400:
                    break
                page = self.person._submit(browser.http, browser.page, self.citizen["login"], self.citizen["password"])
                browser.page = page
        if not self.hear(PATIENCE_S, mark):
            self.nudge("/start")

    def pause(self) -> None:
        """Read for a moment, as people do."""
        if not self.calm.is_set():
            self.over.wait(self.dice.choice([0.0, 0.05, 0.3, 0.8]))

    def note(self, what: str) -> None:
        self.trail.append(f"{time.time():.2f} {what!r}")

    def say(self, text: str) -> None:
        self.note(f"says {text}")
        mark = self.seq()
        self.person.act("say", text, text=text)
        self.hear(PATIENCE_S, mark)

    def tap(self, label: str, *, otherwise: str = "/card", twice: bool = False) -> None:
        """Tap the lowest button with such a label; say something instead when it is gone."""
        found = next(((each, key) for each, key in buttons(self.person.chat()) if re.search(label, key["text"])), None)
        if found is None or not found[0] or "url" in found[1]:
            self.say(otherwise)
            return
        message, button = found
        self.note(f"taps {button['text']} of {message}{', twice' * twice}")
        mark = self.seq()
        body = {"message_id": message, "data": button["data"]}
        if self.post("tap", body) and twice:
            self.double_taps += 1
            self.post("tap", body)
        self.hear(PATIENCE_S, mark)

    def has(self, label: str) -> bool:
        return any(re.search(label, key["text"]) for _, key in buttons(self.person.chat()))

    def nudge(self, text: str = "/card") -> None:
        """Nobody answers, or nothing has changed: ask where things stand."""
        self.nudges += 1
        self.say(text)

    def post(self, what: str, body: dict[str, Any]) -> bool:
        """Do something to a message that may be gone by now; False then."""
        return self.person.http.post(f"/people/{self.person.id}/{what}", json=body).status_code == 200

    def seq(self) -> int:
        return int(self.person.chat(2**40)["seq"])

    def hear(self, seconds: float, mark: int | None = None) -> bool:
        """Wait until another window stands below the one that was answered; False when none does within so many seconds.

        A push is no answer, nor is an old window that shows while the one below it is being replaced.
        """
        began, end = time.time(), time.monotonic() + seconds
        cursor = self.seq() if mark is None else mark
        heard = False
        while not (heard or self.over.is_set() or time.monotonic() > end):
            cursor = self.person.chat(cursor, 1)["seq"]
            window = latest(self.person.messages())
            heard = window is not None and self.is_news(window)
        if heard:
            # What was asked into the silence is answered too, one after another: who has waited lets it all come.
            self.settle(cursor, 5 * STILL_S if self.unheard else STILL_S)
        self.unheard = not heard
        self.waits.append(Wait(began, time.time(), heard))
        return heard

    def settle(self, cursor: int, still: float) -> None:
        """Let the bot finish: nobody answers a window that is being replaced before their eyes."""
        end = time.monotonic() + LONGEST_SETTLING_S
        while time.monotonic() < end:
            seq = self.person.chat(cursor, still)["seq"]
            if seq == cursor:
                return
            cursor = seq

    def is_news(self, window: Window) -> bool:
        """Whether it is another window than the one that was answered last, or that one changed."""
        last = self.acted
        return last is None or window.id > last.id or (window.id == last.id and window.text != last.text)
