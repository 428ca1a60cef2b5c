"""The page's own fixtures: a running playground and one browser for the whole file, a new person for every test."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, ViewportSize, expect, sync_playwright

from playground.settings import PlaygroundSettings
from tests.playground.page.world import Arrive, Outside, Person
from tests.services import BROWSER_MS, chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def outside(playground: PlaygroundSettings) -> Iterator[Outside]:
    with httpx.Client(base_url=playground.public_url, timeout=40) as http:
        yield Outside(http)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def arrive(outside: Outside, browser: Browser) -> Iterator[Arrive]:
    """Somebody new opens the page. Afterwards nothing may have gone wrong in the browser or left this machine."""
    faults: list[str] = []
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith((str(outside.http.base_url), "blob:", "data:")):
            faults.append(f"a request left for {request.url}")

    def come(name: str = "Ольга", size: ViewportSize = DESKTOP, started: bool = True, **options: Any) -> Person:
        made = outside.newcomer(name, started)
        context = browser.new_context(viewport=size, locale="ru-RU", base_url=str(outside.http.base_url), **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(BROWSER_MS)
        page.on("console", hear)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", watch)
        page.goto(f"/#{made}")
        expect(page.locator("#chat")).to_have_attribute("aria-busy", "false")
        return Person(made, name, page)

    yield come
    for context in contexts:
        context.close()
    assert faults == []
