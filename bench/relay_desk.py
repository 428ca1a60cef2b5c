"""Operators at their pages, as programs: each hears the desk's events, reads what was said, and answers it."""

import asyncio
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import httpx
import orjson

AGAIN_S = 1.0
"""Before a page tries again; browsers wait for some seconds."""
QUIET_S = 40.0
"""A stream that gives nothing for so long is dead: a sign of life comes every fifteen seconds."""
ENDED = (httpx.TransportError, asyncio.TimeoutError)


@dataclass
class Minutes:
    """What was said, heard, shown, answered and delivered, by the words of each line: moments of one clock."""

    said: dict[str, float] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    arrived: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    order: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What arrived in each chat, in the order in which it did."""
    reconnected: int = 0
    refused: int = 0

    def arrives(self, chat: int, text: str) -> None:
        """A message of the bot is in the chat."""
        self.arrived[text].append(perf_counter())
        self.order[chat].append(text)


@dataclass
class Talk:
    """One conversation on an operator's screen."""

    id: str
    epoch: int
    lines: int = 0
    known: list[str] = field(default_factory=list)
    """What the citizen said, in the order of the lines."""
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Operator:
    """One page: its session, its conversations."""

    http: httpx.AsyncClient
    cookie: str
    csrf: str
    minutes: Minutes
    talks: dict[str, Talk] = field(default_factory=dict)
    last: str | None = None
    up: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: dict[tuple[str, int], float] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """What a page sends along."""
        return {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}

    async def sits(self, group: asyncio.TaskGroup) -> None:
        """Listen until cancelled; come back with the number of the last event after every end."""
        while True:
            try:
                await self._listens(group)
            except ENDED:
                self.minutes.reconnected += 1
            await asyncio.sleep(AGAIN_S)

    async def _listens(self, group: asyncio.TaskGroup) -> None:
        again = {"Last-Event-ID": self.last} if self.last else {}
        timeout = httpx.Timeout(10, read=QUIET_S)
        async with self.http.stream("GET", "/api/v1/events", headers=self.headers | again, timeout=timeout) as answer:
            if answer.status_code != 200:
                return
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    self.last = line[4:]
                    self.up.set()
                elif line.startswith("data: "):
                    self._told(orjson.loads(line[6:]), group)

    def _told(self, event: dict[str, Any], group: asyncio.TaskGroup) -> None:
        talk = self.talks.get(event.get("conversation") or "")
        if talk is not None and event.get("kind") == "line" and event["line"] > talk.lines:
            self._heard[talk.id, event["line"]] = perf_counter()
            group.create_task(self.reads(talk))

    async def reads(self, talk: Talk) -> None:
        """Read what is new in a conversation, and answer each line of the citizen."""
        async with talk.reading:
            view = await self._asks("GET", f"/api/v1/conversations/{talk.id}?after={talk.lines}")
            fresh = [line for line in view["lines"] if line["number"] > talk.lines]
            for line in fresh:
                talk.lines = line["number"]
                if line["side"] == "citizen":
                    self._shows(talk, line)
            for line in fresh:
                if line["side"] == "citizen":
                    await self._answers(talk, f"re {line['text']}")

    def _shows(self, talk: Talk, line: dict[str, Any]) -> None:
        text, now = line["text"], perf_counter()
        talk.known.append(text)
        self.minutes.shown.setdefault(text, now)
        self.minutes.heard.setdefault(text, self._heard.get((talk.id, line["number"]), now))

    async def _answers(self, talk: Talk, text: str) -> None:
        self.minutes.answered[text] = perf_counter()
        asked = {"text": text, "epoch": talk.epoch, "seen": talk.lines}
        while (made := await self._asks("POST", f"/api/v1/conversations/{talk.id}/lines", asked)) is None:
            # Something was said meanwhile: it is read, and answered after this.
            asked["seen"] = (await self._asks("GET", f"/api/v1/conversations/{talk.id}"))["conversation"]["lines"]
        if made["number"] == talk.lines + 1:
            talk.lines += 1

    async def _asks(self, how: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Ask until there is an answer, under one key; None when the view was stale."""
        headers = self.headers | ({"Idempotency-Key": secrets.token_hex(8)} if body is not None else {})
        while True:
            try:
                answer = await self.http.request(how, path, json=body, headers=headers)
            except ENDED:
                await asyncio.sleep(AGAIN_S)
                continue
            if answer.status_code < 300:
                return answer.json()
            if answer.status_code == 409 and "stale" in answer.json()["type"]:
                return None
            self.minutes.refused += 1
            if answer.status_code < 500 and answer.status_code not in {409, 429}:
                raise RuntimeError(f"{how} {path}: {answer.status_code} {answer.text[:200]}")
            await asyncio.sleep(AGAIN_S)
