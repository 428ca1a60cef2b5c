"""The outbox under everything that can happen to it, in any order, with two workers: on SQLite and on PostgreSQL."""

import asyncio
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from core.domain.ids import ChatId, NotificationId
from core.domain.notification import Lane, Notification, NotificationState, NotSendable, Outcome, Settlement, goes_again
from core.security.keyring import KeyRing
from core.storage.engine import make_engine
from core.storage.notification import AttemptRow, NotificationRow
from tests.core.storage.house import House, a_push
from tests.databases import KINDS, fresh_database

LEASE = timedelta(seconds=8)
WORKERS = (0, 1)
CHATS = (1, 2)
SUBJECT = UUID(int=7)
ENDS = {
    "sent": (NotificationState.SENT, Outcome.SENT),
    "refused": (NotificationState.REFUSED, Outcome.REFUSED),
    "never left": (NotificationState.WAITING, Outcome.NEVER_LEFT),
}


BUSY = ("enqueue", "enqueue", "work", "work", "work", "claim", "begin", "settle", "settle", "sleep over", "crash")


class Machine(RuleBasedStateMachine):
    """What the world saw (`arrived`) is kept apart from what the database believes."""

    kind = "sqlite"
    keyring: KeyRing

    def __init__(self) -> None:
        super().__init__()
        self.stack = AsyncExitStack()
        self.runner = asyncio.Runner()
        self.claims: dict[int, list[Notification]] = {worker: [] for worker in WORKERS}
        self.begun: dict[int, list[Notification]] = {worker: [] for worker in WORKERS}
        self.made: dict[NotificationId, Notification] = {}
        self.arrived: list[NotificationId] = []
        self.sent_again: Counter[NotificationId] = Counter()

    @initialize(seed=st.integers(0, 10**9))
    def open(self, seed: int) -> None:
        self.house = self.runner.run(self._open())
        for chat in CHATS:
            self.enqueue(chat, Lane.NOTICE, False)
        self.turmoil(seed)

    async def _open(self) -> House:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "one"
        folder.mkdir()
        url = await self.stack.enter_async_context(fresh_database(self.kind, folder))
        engine = make_engine(url)
        self.stack.push_async_callback(engine.dispose)
        return House(engine, self.keyring, self.kind, folder / "checkpoints.jsonl")

    @rule(chat=st.sampled_from(CHATS), lane=st.sampled_from([Lane.NOTICE, Lane.BULK]), reminds=st.booleans())
    def enqueue(self, chat: int, lane: Lane, reminds: bool) -> None:
        self.house.clock.pass_(milliseconds=1)
        push = a_push(self.house.clock.now(), chat=ChatId(chat), lane=lane, subject=SUBJECT if reminds else None)
        self.made[push.id] = push

        async def add() -> None:
            here = self.house.request()
            async with here.transaction:
                await here.outbox.add(push)

        self.runner.run(add())

    @rule(worker=st.sampled_from(WORKERS), limit=st.integers(1, 3))
    def claim(self, worker: int, limit: int) -> None:
        async def take() -> list[Notification]:
            here, now = self.house.request(), self.house.clock.now()
            async with here.transaction:
                return await here.outbox.claim(now, now + LEASE, limit)

        self.claims[worker] += self.runner.run(take())

    @rule(worker=st.sampled_from(WORKERS))
    def work(self, worker: int) -> None:
        """What a worker mostly does; `claim` and `begin` apart leave room for the worst in between."""
        self.claim(worker, 2)
        self.begin(worker)

    @rule()
    def claim_at_once(self) -> None:
        async def take() -> list[list[Notification]]:
            async def one() -> list[Notification]:
                here, now = self.house.request(), self.house.clock.now()
                async with here.transaction:
                    return await here.outbox.claim(now, now + LEASE, 2)

            return await asyncio.gather(*(one() for _ in WORKERS))

        for worker, found in zip(WORKERS, self.runner.run(take()), strict=True):
            self.claims[worker] += found

    @rule(worker=st.sampled_from(WORKERS))
    def begin(self, worker: int) -> None:
        mine, self.claims[worker] = self.claims[worker], []
        if not mine:
            return
        seen: set[ChatId | None] = set()
        going = [each for each in mine if each.chat not in seen and seen.add(each.chat) is None]

        async def put() -> frozenset[NotificationId]:
            here, now = self.house.request(), self.house.clock.now()
            async with here.transaction:
                back = [each for each in mine if each not in going]
                await here.outbox.settle([given_back(each, self.house) for each in back], now)
                may_go = await here.outbox.begin(going, now)
                await here.outbox.settle([given_back(each, self.house) for each in going if each.id not in may_go], now)
                return may_go

        may_go = self.runner.run(put())
        for each in going:
            if each.id in may_go:
                # The call is made the moment it is on record.
                self.arrived.append(each.id)
                self.begun[worker].append(each)

    @precondition(lambda self: any(self.begun.values()))
    @rule(worker=st.sampled_from(WORKERS), how=st.sampled_from([*ENDS, "unknown"]), late=st.booleans())
    def settle(self, worker: int, how: str, late: bool) -> None:
        if not self.begun[worker]:
            return
        told = self.begun[worker].pop(0)
        now = self.house.clock.now()
        if how == "unknown":
            to = NotificationState.WAITING if goes_again(told.lane, told.channel) else NotificationState.UNCERTAIN
            outcome = Outcome.UNCERTAIN
        else:
            to, outcome = ENDS[how]
        if how in {"refused", "never left"}:
            self.arrived.remove(told.id)
        due = now if to is NotificationState.WAITING else None
        self.write(Settlement(told.id, told.tries, to, outcome, due_at=due))
        if late:
            # Whoever is not sure that it was written writes it again.
            self.write(Settlement(told.id, told.tries, to, outcome, due_at=due))

    @rule(worker=st.sampled_from(WORKERS))
    def crash(self, worker: int) -> None:
        self.claims[worker], self.begun[worker] = [], []

    @rule(seconds=st.sampled_from([1, 9, 9]))
    def time_passes(self, seconds: int) -> None:
        self.house.clock.pass_(seconds=seconds)

        async def recover() -> None:
            here = self.house.request()
            async with here.transaction:
                await here.outbox.recover(self.house.clock.now())

        self.runner.run(recover())

    @precondition(lambda self: self.made)
    @rule(which=st.integers(0, 9))
    def steer(self, which: int) -> None:
        """Take back what reminds of the subject, or let an administrator send something again."""
        if which == 0:
            self.runner.run(self._take_back())
            return
        chosen = list(self.made)[which % len(self.made)]
        self.sent_again[chosen] += self.runner.run(self._send_again(chosen))

    def turmoil(self, seed: int) -> None:
        """Left to itself the search draws mostly idle days."""
        chance = Random(seed)
        for _ in range(30):
            what, number = chance.choice(BUSY), chance.randrange(10)
            worker = number % 2
            match what:
                case "enqueue":
                    self.enqueue(1 + worker, Lane.BULK if number % 3 == 0 else Lane.NOTICE, number == 0)
                case "claim":
                    self.claim(worker, 2)
                case "begin":
                    self.begin(worker)
                case "work":
                    self.work(worker)
                case "settle":
                    self.settle(worker, [*ENDS, "unknown", "sent", "sent"][number % 6], number > 4)
                case "sleep over":
                    self.time_passes(9)
                case "crash":
                    self.crash(worker)
            self.the_law_holds()

    async def _take_back(self) -> None:
        here = self.house.request()
        async with here.transaction:
            await here.outbox.cancel(SUBJECT, self.house.clock.now())

    async def _send_again(self, chosen: NotificationId) -> bool:
        here = self.house.request()
        try:
            async with here.transaction:
                await here.outbox.send_again(chosen, self.house.clock.now())
        except NotSendable:
            return False
        return True

    def write(self, settlement: Settlement) -> None:
        async def put() -> None:
            here = self.house.request()
            async with here.transaction:
                await here.outbox.settle([settlement], self.house.clock.now())

        self.runner.run(put())

    async def _stands(self) -> tuple[dict[NotificationId, NotificationRow], list[AttemptRow]]:
        here = self.house.request()
        async with here.transaction.looking():
            rows = (await here.transaction.session.scalars(select(NotificationRow))).all()
            attempts = (await here.transaction.session.scalars(select(AttemptRow))).all()
        return {row.id: row for row in rows}, list(attempts)

    @invariant()
    def the_law_holds(self) -> None:
        rows, attempts = self.runner.run(self._stands())
        assert rows.keys() == self.made.keys(), "nothing is lost"
        unsure = Counter(each.notification for each in attempts if each.outcome == "uncertain")
        for id_, times in Counter(self.arrived).items():
            assert times <= 1 + unsure[id_] + self.sent_again[id_], "no double outside of what is counted as uncertain"
        for id_, row in rows.items():
            if row.state == "sent":
                assert id_ in self.arrived, "what is said to be sent was sent"
        under_way = [row for row in rows.values() if row.state == "sending" and self.called(row, attempts)]
        chats = Counter(row.chat for row in under_way)
        assert all(number == 1 for number in chats.values()), "one call a chat at a time"
        alive = [(each.id, each.tries) for mine in self.begun.values() for each in mine if self.holds(rows, each)]
        assert len(alive) == len({id_ for id_, _ in alive}), "no two workers on one row"
        for chat in CHATS:
            self.in_order([row for row in rows.values() if row.chat == chat and row.lane == Lane.BULK.value])

    def called(self, row: NotificationRow, attempts: list[AttemptRow]) -> bool:
        return any(
            each.notification == row.id and each.number == row.tries and each.ended_at is None for each in attempts
        )

    def holds(self, rows: dict[NotificationId, NotificationRow], each: Notification) -> bool:
        return rows[each.id].state == "sending" and rows[each.id].tries == each.tries

    def in_order(self, rows: list[NotificationRow]) -> None:
        """Of a chat's bulk the one placed first arrives first, unless it was taken up again by hand."""
        first = [self.arrived.index(row.id) for row in sorted(rows, key=placed) if row.id in self.arrived]
        assert +self.sent_again or first == sorted(first)

    def teardown(self) -> None:
        self.runner.run(self.stack.aclose())
        self.runner.close()


def placed(row: NotificationRow) -> tuple[Any, NotificationId]:
    return row.placed_at, row.id


def given_back(each: Notification, house: House) -> Settlement:
    waits, now = NotificationState.WAITING, house.clock.now()
    return Settlement(each.id, each.tries, waits, Outcome.NOT_MADE, due_at=now, free=True)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_nothing_is_lost_and_nothing_doubled_unseen(kind: str, keyring: KeyRing) -> None:
    class OnIt(Machine):
        pass

    OnIt.kind, OnIt.keyring = kind, keyring
    run_state_machine_as_test(
        OnIt,
        settings=settings(
            max_examples=10, stateful_step_count=4, suppress_health_check=[HealthCheck.too_slow], deadline=None
        ),
    )
