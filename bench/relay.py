"""How fast operators and citizens hear each other, beside a bare relay, and whether anything is lost while parts restart."""

import asyncio
import re
import secrets
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import httpx
from dishka import AsyncContainer

from bench.readings import Row, share
from bench.relay_beside import answers, bare_relay
from bench.relay_desk import Minutes, Operator, Talk
from bench.services import CORES, running
from bench.subjects import Subject, settings_from
from core.domain.actor import Role, Staff, Visitor
from core.domain.conversation import ConversationNotThere
from core.domain.ids import ChatId, ConversationId, StaffId, new_id
from core.domain.staff import Member, StaffMembers
from core.domain.team import Presence
from core.domain.worktime import Interval, Worktime, Worktimes
from core.ports import Clock, Transaction
from core.services.chat import MeetChat
from core.services.conversation import CallOperator, ClaimConversation
from core.services.team import NotePresent, SetPresence
from ops.container import make_container
from playground.telegram import person_actions as actions
from playground.telegram.state import Person

DRAINS_S = 180.0
"""A part that was restarted may come up slowly on a machine that is busy with other things."""
ANSWER = re.compile(r"re \S+-\d+")
EVERY_S = 10.0
"""So often somebody says something, in each conversation."""
PARTS = ("api", "bot", "worker")
ALWAYS = dict.fromkeys(range(7), (Interval.parse("00:00-00:00"),))


@dataclass(frozen=True, slots=True)
class Found:
    """Percentiles in ms over a bare relay's in the same run; what was counted while parts restarted in turn."""

    heard: float
    shown: float
    arrived: float
    bare: float
    said: int
    restarts: int
    reconnected: int
    lost: int
    doubled: int
    disordered: int


class Part:
    """A process of ours that can be restarted."""

    def __init__(self, name: str, subject: Subject, cores: frozenset[int]) -> None:
        self.name, self.subject, self.cores = name, subject, cores
        self._up = AsyncExitStack()

    async def start(self) -> None:
        """Start it; whoever needs it waits until it answers."""
        command = [sys.executable, "-m", "ops", self.name]
        log = self.subject.place / f"{self.name}.txt"
        begun = running(command, log, environment=self.subject.environment, cores=self.cores)
        await self._up.enter_async_context(begun)

    async def stop(self) -> None:
        """Let it end in good order."""
        await self._up.aclose()
        self._up = AsyncExitStack()


@dataclass
class Room:
    """People and operators who talk, and what was seen of it."""

    subject: Subject
    http: httpx.AsyncClient
    minutes: Minutes
    operators: list[Operator]
    people: list[tuple[Person, Talk]]
    count: int = 0

    async def talk(self, seconds: float) -> None:
        """Let everybody say something at their own moment of every EVERY_S."""
        began, each = perf_counter(), EVERY_S / len(self.people)
        for turn in range(int(seconds / each)):
            await asyncio.sleep(max(0.0, began + turn * each - perf_counter()))
            person, talk = self.people[turn % len(self.people)]
            self.count += 1
            text = f"{talk.id[-6:]}-{self.count}"
            self.minutes.said[text] = perf_counter()
            actions.say(self.subject.phones.telegram, person, text)

    async def drained(self) -> None:
        """Wait until every answer is there, or nothing comes any more."""
        for _ in range(int(DRAINS_S * 10)):
            if all(f"re {text}" in self.minutes.arrived for text in self.minutes.said):
                return
            await asyncio.sleep(0.1)

    def wrong(self) -> tuple[int, int, int]:
        """Return how many lines were lost, doubled and out of order, in both directions."""
        minutes, shown = self.minutes, Counter(text for _, talk in self.people for text in talk.known)
        lost = sum(text not in shown for text in minutes.said)
        lost += sum(f"re {text}" not in minutes.arrived for text in minutes.said)
        doubled = sum(count - 1 for count in shown.values())
        doubled += sum(len(times) - 1 for text, times in minutes.arrived.items() if text.startswith("re "))
        disordered = 0
        for person, talk in self.people:
            answers = [text for text in minutes.order[person.id] if text.startswith("re ")]
            for told in (talk.known, answers):
                numbers = [int(text.rpartition("-")[2]) for text in told]
                disordered += numbers != sorted(numbers)
        return lost, doubled, disordered


async def measured(subject: Subject, people: int, operators: int, seconds: float) -> Found:
    """Let them talk for a while, measure the bare relay at the same pace, then restart part after part while they talk on."""
    async with AsyncExitStack() as stack:
        parts = {name: Part(name, subject, CORES) for name in ("api", "worker")}
        for part in parts.values():
            await part.start()
            stack.push_async_callback(part.stop)
        url = f"http://127.0.0.1:{subject.environment['API_PORT']}"
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=2 * operators)
        http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=30, limits=limits)
        )
        await answers(http, "/readyz")
        room = await _room(subject, http, people, operators)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        listening = [group.create_task(each.sits(group)) for each in room.operators]
        stack.callback(lambda: [task.cancel() for task in listening])
        for each in room.operators:
            await each.up.wait()
        await room.talk(EVERY_S)  # everybody is known to every process from here on
        warm = len(room.minutes.said)
        await room.talk(seconds)
        await room.drained()
        steady = list(room.minutes.said)[warm:]
        bare = await bare_relay(subject.place, operators, 2 * people / EVERY_S, seconds)
        parts["bot"] = Part("bot", subject, frozenset({max(CORES)}))
        stack.push_async_callback(parts["bot"].stop)
        talking = group.create_task(room.talk(3 * len(PARTS) * EVERY_S))
        for name in PARTS:
            await asyncio.sleep(EVERY_S)
            await _restarted(name, parts[name], subject)
        await talking
        await answers(http, "/readyz")
        await room.drained()
        await asyncio.sleep(1)  # what is doubled comes late
        minutes = room.minutes
        return Found(
            _p95([minutes.heard[text] - minutes.said[text] for text in steady if text in minutes.heard]),
            _p95([minutes.shown[text] - minutes.said[text] for text in steady if text in minutes.shown]),
            _p95(
                [
                    minutes.arrived[answer][0] - minutes.answered[answer]
                    for answer in (f"re {text}" for text in steady)
                    if answer in minutes.arrived
                ]
            ),
            _p95(bare),
            len(minutes.said),
            len(PARTS),
            minutes.reconnected,
            *room.wrong(),
        )


async def _restarted(name: str, part: Part, subject: Subject) -> None:
    if name == "bot" and subject.bot.poll() is None:
        # The first one was started with the subject.
        subject.bot.terminate()
        await asyncio.to_thread(subject.bot.wait)
    await part.stop()
    await part.start()


async def _room(subject: Subject, http: httpx.AsyncClient, people: int, operators: int) -> Room:
    """Hire operators who are signed in, and let people call, each taken by somebody."""
    minutes, made = Minutes(), []
    container = make_container(settings_from(subject.environment))
    try:
        async with container() as scope:
            worktimes = await scope.get(Worktimes)
            async with await scope.get(Transaction):
                await worktimes.put(Worktime("Europe/Moscow", ALWAYS, holidays=False))
        hired = [await _operator(container, http, minutes, number) for number in range(operators)]
        for number in range(people):
            person = subject.phones.new_person(f"Собеседник {number}")
            staff, operator = hired[number % operators]
            talk = await _called(container, staff, person.id)
            operator.talks[talk.id] = talk
            made.append((person, talk))
    finally:
        await container.close()
    _overhear(subject, minutes)
    return Room(subject, http, minutes, [operator for _, operator in hired], made)


async def _operator(
    container: AsyncContainer, http: httpx.AsyncClient, minutes: Minutes, number: int
) -> tuple[Staff, Operator]:
    name, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    async with container() as scope:
        now, members = (await scope.get(Clock)).now(), await scope.get(StaffMembers)
        member = Member(StaffId(new_id(now)), f"operator{number}", f"Оператор {number}", Role.OPERATOR, "", "")
        async with await scope.get(Transaction):
            await members.add(member, now)
            await members.open_session(member.id, name, csrf, now)
    await _does(container, SetPresence, member.actor, Presence.HERE)
    await _does(container, NotePresent, member.actor)
    return member.actor, Operator(http, f"medkarta_desk={name}", csrf, minutes)


async def _called(container: AsyncContainer, staff: Staff, chat: int) -> Talk:
    await _does(container, MeetChat, ChatId(chat), "ru")
    place = await _does(container, CallOperator, Visitor(ChatId(chat)))
    found: Any = await _does(container, ClaimConversation, staff, ConversationId(place.conversation))
    if found is None:
        raise ConversationNotThere
    return Talk(str(found.id), found.epoch, found.lines)


async def _does(container: AsyncContainer, use_case: type[Callable[..., Awaitable[Any]]], *told: object) -> Any:  # noqa: ANN401 - what it is asked
    async with container() as scope:
        return await (await scope.get(use_case))(*told)


def _overhear(subject: Subject, minutes: Minutes) -> None:
    def heard(method: str, parameters: dict[str, Any], status: int, answer: bytes, started: float) -> None:  # noqa: ARG001
        if method == "sendMessage" and status == 200:
            # Words about who speaks may stand before an answer.
            found = ANSWER.search(str(parameters["text"]))
            if found is not None:
                minutes.arrives(int(parameters["chat_id"]), found[0])

    subject.phones.telegram.calls.add = heard  # type: ignore[method-assign]


def told(found: Found, people: int, operators: int) -> list[Row]:
    """Return what the table says of it."""
    of = f"{people} conversations, {operators} operators"
    ways = (
        ("message to the operator's page, p95, ms", found.heard),
        ("the same, read by the page, p95, ms", found.shown),
        ("answer to Telegram, p95, ms", found.arrived),
    )
    rows = [
        Row(
            what, of, f"{ours:.0f}", f"{ours - found.bare:.0f} over a bare relay's {found.bare:.0f}", "at most 300 over"
        )
        for what, ours in ways
    ]
    whole = f"lost {found.lost}, doubled {found.doubled}, out of order {found.disordered}"
    over = f"of {found.said} and as many answers; {found.restarts} restarts, {found.reconnected} streams came back"
    return [*rows, Row("lines while parts restart in turn", of, whole, over, "none")]


def _p95(seconds: list[float]) -> float:
    return share(seconds, 0.95) * 1000
