"""Members of staff at the desk's pages, each in a browser of their own, and a person in the chat who calls them."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyotp
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.journeys.authenticator import next_step
from tests.journeys.desk import Desk
from tests.journeys.house import House
from tests.journeys.operating import ALWAYS
from tests.journeys.person import Person
from tests.journeys.test_in_chromium import ARGUMENTS
from tests.services import BROWSER_MS, chromium

TALK = re.compile(r"/desk/talks/([0-9a-f-]{36})")
REFUSED = re.compile(r"409 \(Conflict\)|401 \(Unauthorized\)|404 \(Not Found\) \S+/desk/talks/[0-9a-f-]{36}")
"""The browser notes every refused call: of what somebody else has, after signing out, of what went to another group. The page
says it to the operator, which is what the stories look at.
"""


def listens(page: Page) -> None:
    """Wait until a page hears of what happens and its script has the forms: one sent before opens a page."""
    page.locator('[data-live="on"]').wait_for()
    page.locator('[data-ready="1"]').wait_for()


@dataclass
class Seat:
    """Somebody signed in at the desk, with their window. Whatever their browser complains of is in `complaints`."""

    id: str
    name: str
    login: str
    password: str
    key: str
    page: Page
    step: int = 0
    complaints: list[str] = field(default_factory=list)

    def hears(self, kind: str, said: str) -> None:
        """Note what the browser complains of."""
        if kind == "error" and not REFUSED.search(said):
            self.complaints.append(said)

    def code(self) -> str:
        """Return a code of the authenticator that was not used yet."""
        self.step = next_step(self.step)
        return pyotp.TOTP(self.key).generate_otp(self.step)

    def signs_in(self) -> None:
        """Through the door, as people do."""
        self.page.goto("/desk/sign-in")
        self.page.get_by_label("Логин").fill(self.login)
        self.page.get_by_label("Пароль").fill(self.password)
        self.page.get_by_label(re.compile("Код")).fill(self.code())
        self.page.get_by_role("button", name="Войти").click()
        expect(self.page.get_by_role("button", name="Выйти")).to_be_visible()

    def takes_own(self) -> None:
        """Take a password and a key that nobody else knows, as everybody does at the first sign-in."""
        self.key, self.step = "".join(self.page.locator(".own code").inner_text().split()), 0
        self.password = secrets.token_urlsafe(15)
        self.page.get_by_label("Ваш новый пароль").fill(self.password)
        self.page.get_by_label("Код из приложения").fill(self.code())
        self.shot("own-secrets")
        self.page.get_by_role("button", name="Сохранить").click()
        expect(self.page.get_by_role("heading", name="Задайте свои пароль и ключ")).to_have_count(0)

    def sits(self, address: str = "/desk/talks?show=waiting") -> None:
        """Open a page that hears of what happens."""
        self.page.goto(address)
        listens(self.page)

    def follows(self, link: Locator) -> None:
        """Follow a link to a page that hears of what happens. Waiting alone may look at the page that is left."""
        with self.page.expect_navigation():
            link.click()
        listens(self.page)

    def row(self, words: str) -> Locator:
        """Return the row of the list in which this was said last."""
        return self.page.locator("[data-rows] > li", has_text=words)

    def opens(self, words: str) -> None:
        """Open the conversation in which this was said last."""
        self.follows(self.row(words).get_by_role("link"))
        expect(self.lines).to_contain_text(words)

    def claims(self, words: str) -> None:
        """Open it and take it."""
        self.opens(words)
        self.page.get_by_role("button", name=re.compile("Взять разговор")).click()
        expect(self.head).to_contain_text("Ваш разговор")

    @property
    def talk(self) -> str:
        """Return the address of the conversation on the screen."""
        found = TALK.search(self.page.url)
        assert found is not None, self.page.url
        return f"/desk/talks/{found[1]}"

    @property
    def head(self) -> Locator:
        return self.page.locator("[data-head]")

    @property
    def lines(self) -> Locator:
        return self.page.locator("[data-lines]")

    @property
    def field(self) -> Locator:
        return self.page.locator("[data-compose] textarea")

    def deed(self, name: str) -> Locator:
        """Open a deed's form in the head of the conversation, and return it."""
        self.head.locator("summary", has_text=re.compile(rf"^\s*{name}")).click()
        return self.head.locator("details[open] .sheet")

    def shot(self, name: str) -> None:
        """Take a picture, where pictures are wanted: light and dark, wide and narrow."""
        folder = os.environ.get("SCREENSHOTS")
        if not folder:
            return
        for width, height in ((1280, 800), (820, 1180)):
            for scheme in ("light", "dark"):
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
                self.page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.page.emulate_media(color_scheme="light")


class Staffing:
    """An administrator's hands: hires people, makes groups, lets everybody answer around the clock."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house, self.browser = house, browser
        self.boss: httpx.Client = Desk.of(house, "administrator").http
        self.boss.put("/hours", json=ALWAYS).raise_for_status()
        self.seats: list[Seat] = []

    def group(self, name: str) -> str:
        """Make a group; returns its id."""
        return str(self._does("POST", "/teams", name=name)["id"])

    def hires(self, name: str, role: str = "operator", team: str | None = None) -> Seat:
        """Hire somebody and let them sign in."""
        login = f"desk.{secrets.token_hex(4)}"
        added = self._does("POST", "/staff", login=login, name=name, role=role)
        if team is not None:
            duty = {"capacity": 20, "skills": ["card", "other"], "languages": ["ru", "en"], "team": team}
            self._does("PUT", f"/staff/{added['id']}/duty", **duty)
        size = {"width": 1280, "height": 800}
        context = self.browser.new_context(locale="ru-RU", viewport=size, base_url=self.house.api)  # type: ignore[arg-type]
        context.set_default_timeout(BROWSER_MS)
        seat = Seat(added["id"], name, login, added["password"], added["totp_secret"], context.new_page())
        seat.page.on("console", lambda said: seat.hears(said.type, f"{said.text} {said.location['url']}"))
        seat.page.on("pageerror", lambda error: seat.complaints.append(str(error)))
        self.seats.append(seat)
        seat.signs_in()
        seat.takes_own()
        return seat

    def readies(self, shortcut: str, title: str, text: str) -> None:
        """Keep an answer ready."""
        self._does("POST", "/canned", shortcut=shortcut, title=title, texts={"ru": text, "en": text})

    def _does(self, how: str, path: str, **body: Any) -> dict[str, Any]:
        headers = {"Idempotency-Key": secrets.token_hex(8)} if how == "POST" else {}
        answer = self.boss.request(how, path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def staffed(house: House) -> Iterator[Staffing]:
    """A browser for several seats; at the end nobody's browser has complained."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        staffing = Staffing(house, browser)
        try:
            yield staffing
        finally:
            browser.close()
            # The house is everybody's: later stories do not meet those who worked in this one.
            for seat in staffing.seats:
                staffing.boss.post(f"/staff/{seat.id}/disable").raise_for_status()
    assert [each for seat in staffing.seats for each in seat.complaints] == []


def asks(person: Person, words: str) -> None:
    """Call an operator and say what it is about."""
    person.say("/help", "Что я умею")
    person.say("Позовите оператора", "в очереди к оператору")
    person.say(words, "Передам оператору")
