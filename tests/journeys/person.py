"""A person with a phone and a browser: says, taps, reads."""

import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp
from PIL import Image, ImageDraw

from tests.journeys.authenticator import is_early, next_step
from tests.journeys.browser import Browser, Forms

PATIENCE_S = 120
_phones: list[httpx.Client] = []


class Unanswered(AssertionError):
    """The bot did not say what was waited for; shows what the chat says instead."""


def scan(text: str = "СКАН", size: tuple[int, int] = (900, 640), form: str = "JPEG") -> bytes:
    """Return a picture that could be a scan."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((20, 20, size[0] - 20, size[1] - 20), outline="black", width=4)
    ImageDraw.Draw(picture).text((60, 60), text.encode("ascii", "ignore").decode() or "scan", fill="black")
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


@dataclass
class Person:
    """One person in the playground's Telegram. `inputs` counts what they said, tapped and sent in the browser.

    An answer is whatever the bot says or changes after the last input; `mark` is where the chat stood before it.
    """

    playground: str
    id: int
    http: httpx.Client
    inputs: list[str] = field(default_factory=list)
    mark: int = 0
    read_codes: dict[str, int] = field(default_factory=dict)
    key: str = ""
    step: int = 0
    recovery: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, playground: str, name: str = "Анна", language: str = "ru") -> "Person":
        http = httpx.Client(base_url=playground, timeout=40, trust_env=False)
        _phones.append(http)
        answer = http.post("/people", json={"name": name, "language": language}).raise_for_status().json()
        return cls(playground, answer["id"], http)

    def chat(self, after: int = 0, wait: float = 0) -> dict[str, Any]:
        """Return the chat as the phone holds it, whole or since a mark."""
        answer = self.http.get(f"/people/{self.id}/chat", params={"after": after, "wait": wait})
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    def messages(self) -> list[dict[str, Any]]:
        """Return what the person sees now."""
        found: list[dict[str, Any]] = self.chat()["messages"]
        return found

    def last(self) -> dict[str, Any]:
        """Return the bot's last message."""
        said = [each for each in self.messages() if each["from"] == "bot"]
        return said[-1] if said else {}

    def wait(self, pattern: str, mark: int = 0) -> str:
        """Wait until a message of the bot that came or changed since `mark` says this; returns its text."""
        end, cursor = time.monotonic() + PATIENCE_S, mark
        while True:
            chat = self.chat(cursor, 2 if cursor else 0)
            for each in reversed(chat["messages"]):
                if each["from"] == "bot" and re.search(pattern, words(each), re.IGNORECASE | re.DOTALL):
                    return words(each)
            if time.monotonic() > end:
                raise self._unanswered(pattern)
            cursor = chat["seq"]

    def until(self, is_so: Callable[[list[dict[str, Any]]], bool]) -> bool:
        """Whether the chat comes to look like this soon: the answer comes first, and what it replaces goes after it."""
        end = time.monotonic() + PATIENCE_S
        while True:
            chat = self.chat()
            if is_so(chat["messages"]):
                return True
            if time.monotonic() > end:
                return False
            self.chat(chat["seq"], 1)

    def answer(self, pattern: str) -> str:
        """Wait until the bot answers the last input with this."""
        return self.wait(pattern, self.mark)

    def alert(self, pattern: str, after: int = 0) -> dict[str, Any]:
        """Wait for a toast or an alert that says this."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for each in self.alerts(after):
                if re.search(pattern, each["text"] or "", re.IGNORECASE):
                    return each
            self.chat(self.chat()["seq"], 0.05)
        raise self._unanswered(f"the alert {pattern}")

    def alerts(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the answers to taps."""
        found: list[dict[str, Any]] = self.http.get(f"/people/{self.id}/alerts", params={"after": after}).json()
        return found

    def button(self, pattern: str) -> tuple[int, dict[str, Any]]:
        """Wait for a button whose label or address says this, newest message first; message 0 is the reply keyboard."""
        end = time.monotonic() + PATIENCE_S
        while True:
            chat = self.chat()
            for message, button in buttons(chat):
                if re.search(pattern, f"{button['text']}\n{button.get('url', '')}", re.IGNORECASE):
                    return message, button
            if time.monotonic() > end:
                raise self._unanswered(f"the button {pattern}")
            self.chat(chat["seq"], 2)

    def has_button(self, pattern: str) -> bool:
        """Whether there is such a button now."""
        return any(re.search(pattern, button["text"], re.IGNORECASE) for _, button in buttons(self.chat()))

    def say(self, text: str, expect: str | None = None) -> str:
        """Say something, and wait for an answer where one is expected."""
        self.act("say", text, text=text)
        return self.answer(expect) if expect else ""

    def tap(self, label: str, expect: str | None = None) -> str:
        """Tap the button with this label (a regular expression); an address is returned for a link."""
        end = time.monotonic() + PATIENCE_S
        while True:
            message, button = self.button(label)
            if not message:
                return self.say(button["text"], expect)
            try:
                done = self.act("tap", f"[{button['text']}]", message_id=message, text=button["text"])
            except LookupError:
                # A newer window came between the look and the tap: the finger finds the button there.
                assert time.monotonic() < end, label
            else:
                break
        if "url" in done:
            return str(done["url"])
        return self.answer(expect) if expect else ""

    def correct(self, label: str, expect: str) -> str:
        """«Исправить», then the step with this label."""
        self.tap("^Исправить", "Что исправить")
        return self.tap(label, expect)

    def act(self, what: str, counted: str = "", **body: Any) -> dict[str, Any]:
        """Do anything a person can do in Telegram. LookupError: the message to be tapped has gone meanwhile."""
        self.mark = self.chat()["seq"]
        answer = self.http.post(f"/people/{self.id}/{what}", json=body)
        if what == "tap" and answer.status_code != 200 and "no such message" in answer.text:
            raise LookupError
        self.inputs.append(counted or what)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def upload(
        self,
        *contents: bytes,
        kind: str = "document",
        name: str = "scan.jpg",
        caption: str = "",
        expect: str | None = None,
    ) -> str:
        """Send files; several make an album. `inputs` does not count them."""
        self.mark = self.chat()["seq"]
        files = [("file", (name, content, "application/octet-stream")) for content in contents]
        data = {"as": kind, **({"caption": caption} if caption else {})}
        self.http.post(f"/people/{self.id}/upload", files=files, data=data).raise_for_status()
        return self.answer(expect) if expect else ""

    def link(self) -> str:
        """Tap the way to the portal; where the first window has none, the button that leads to it comes before."""
        if not any("/sign-in/" in button.get("url", "") for _, button in buttons(self.chat())):
            self.tap("портал|portal")
        return self.tap("/sign-in/")

    def sign_in(self, login: str, password: str, expect: str = "Вы вошли|signed in") -> str:
        """Go through the sign-in link's pages in a browser, and read what the chat says then."""
        url = self.link()
        with Browser() as browser:
            browser.open(url)
            mark = self.chat()["seq"]
            for _ in range(5):
                if not browser.forms:
                    break
                browser.page = self._submit(browser.http, browser.page, login, password)
            assert browser.page.status_code == 200, f"{browser.page.status_code} {browser.page.url}\n{browser.text}"
        return self.wait(expect, mark)

    def _submit(self, browser: httpx.Client, page: httpx.Response, login: str, password: str) -> httpx.Response:
        forms = Forms(page.text).forms
        form = next((each for each in forms if "login" in each["fields"]), forms[0])
        values = dict(form["fields"])
        if "login" in values:
            values |= {"login": login, "password": password}
        allow = next((each for each in form["buttons"] if each[1] in {"allow", "continue"}), None)
        if allow is not None:
            values[allow[0]] = allow[1]
        self.inputs.append(f"<{form['action'].split('?')[0]}>")
        return browser.post(str(page.url.join(form["action"])), data=values)

    def code(self, to: str) -> str:
        """Return the next code that comes to a phone or an address of mail, the newest that was not read yet."""
        box = "mail" if "@" in to else "sms"
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            parameters: dict[str, str | int] = {"to": to, "after": self.read_codes.get(to, 0), "wait": 2}
            for each in reversed(self.http.get(f"/{box}/messages", params=parameters).json()):
                text = each["text"] if box == "sms" else f"{each['subject']} {each['text']}"
                self.read_codes[to] = max(self.read_codes.get(to, 0), each["seq"])
                if code := re.search(r"(?<!\d)(\d{6})(?!\d)", text):
                    return code.group(1)
        raise Unanswered(f"no code came to {to}")

    def set_up_authenticator(self) -> None:
        """/security: take the authenticator's key off the picture's caption and confirm it; the sections are open then.

        The recovery codes are written down in `recovery`.
        """
        self.say("/security", "Защита медкарты")
        self.tap("^Приложение с кодами", "6 цифр, которые оно покажет")
        self.confirm_authenticator()
        self.tap("Коды сохранены")

    def confirm_authenticator(self) -> None:
        """Type the first code of the authenticator whose key is shown, and write the recovery codes down."""
        self.key, self.step = re.sub(r"\s", "", re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", self._all_words())[-1]), 0
        self.say(self.totp(), "Сохраните десять кодов")
        self.recovery = re.findall(r"[0-9A-Z]{5}-[0-9A-Z]{5}", self._all_words())[-10:]

    def totp(self) -> str:
        """Return a code of the authenticator that was not used yet, waiting for one where three were within half a minute."""
        totp = pyotp.TOTP(self.key)
        while is_early(step := next_step(self.step)):
            self.chat(self.chat()["seq"], 1)
        self.step = step
        return totp.generate_otp(step)

    def unlock(self, expect: str | None = None) -> None:
        """Type a code of the authenticator where one is asked for; `expect` is what the wanted section says then."""
        self.say(self.totp(), expect)

    def _all_words(self) -> str:
        return "\n".join(words(each) for each in self.messages() if each["from"] == "bot")

    def letter(self, to: str, subject: str) -> str:
        """Wait for a letter with such a subject; returns its text."""
        end, after = time.monotonic() + PATIENCE_S, 0
        while time.monotonic() < end:
            for each in self.http.get("/mail/messages", params={"to": to, "after": after, "wait": 2}).json():
                after = max(after, each["seq"])
                if re.search(subject, each["subject"], re.IGNORECASE):
                    return str(each["text"])
        raise Unanswered(f"no letter about {subject} came to {to}")

    def _unanswered(self, what: str) -> Unanswered:
        said = [each for each in self.messages() if each["from"] == "bot"][-3:]
        seen = "\n---\n".join(f"{words(each)} {labels(each)}" for each in said)
        return Unanswered(f"waited for {what!r} after {''.join(self.inputs[-1:])[:60]!r}; the chat says:\n{seen}")


def hang_up() -> None:
    """Close the connections of everybody there was."""
    while _phones:
        _phones.pop().close()


def words(message: dict[str, Any]) -> str:
    """Return what a message says."""
    return str(message.get("text") or message.get("caption") or "")


def labels(message: dict[str, Any]) -> list[list[str]]:
    """Return the labels of a message's buttons."""
    return [[button["text"] for button in row] for row in message.get("keyboard") or []]


def buttons(chat: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return every button of the bot that can be tapped now, newest message first, then the reply keyboard's."""
    said = [each for each in chat["messages"] if each["from"] == "bot"]
    inline = [(each["id"], button) for each in reversed(said) for row in each.get("keyboard") or [] for button in row]
    keyboard = chat["reply_keyboard"] or {"rows": []}
    return inline + [(0, button) for row in keyboard["rows"] for button in row]
