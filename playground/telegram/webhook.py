"""Webhook delivery: one chat's messages in order, one person's presses in order, retries with growing pauses."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from playground.telegram.updates import Rest, Update, UpdateQueue

# Telegram retries at once, then after 2, 4, 8 s up to a minute or two.
LONGEST_PAUSE = 64.0
ANSWER_TIMEOUT = 60.0
DEFAULT_CONNECTIONS = 40
ReplyExecutor = Callable[[str, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how updates are pushed."""

    url: str
    secret: str
    max_connections: int
    ip_address: str | None
    custom_certificate: bool


class Webhook:
    """Delivers pending updates to the target while there is one; every queue has its own worker."""

    def __init__(self, updates: UpdateQueue) -> None:
        self._updates = updates
        self.target: Target | None = None
        self.last_error_date: int | None = None
        self.last_error_message = ""
        self.execute: ReplyExecutor | None = None
        self.rest: Rest = asyncio.sleep
        self._queues: dict[tuple[str, int], deque[Update]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(DEFAULT_CONNECTIONS)
        self._session: aiohttp.ClientSession | None = None

    async def set(self, target: Target) -> None:
        """Deliver to `target` from now on, beginning with what is pending."""
        await self.remove()
        self.target = target
        self._gate = asyncio.Semaphore(target.max_connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=False), timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT)
        )
        self._updates.end_poll()
        self._updates.on_new = self._on_new
        for update in list(self._updates.pending.values()):
            self._on_new(update)

    async def remove(self) -> None:
        """Stop delivering; what was not confirmed stays pending."""
        self.target = None
        self._updates.on_new = None
        # A worker may be here itself: its webhook answered with deleteWebhook.
        workers = [worker for worker in self._workers if worker is not asyncio.current_task()]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._queues.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _on_new(self, update: Update) -> None:
        queue = self._queues.get(update.queue)
        if queue is not None:
            queue.append(update)
            return
        self._queues[update.queue] = deque((update,))
        worker = asyncio.get_running_loop().create_task(self._drain(update.queue))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _drain(self, key: tuple[str, int]) -> None:
        """Deliver one queue until it is empty; the head is tried until it is accepted or too old."""
        queue = self._queues[key]
        # A webhook that was removed or set anew in between has other queues.
        while queue and self._queues.get(key) is queue:
            update = queue[0]
            failures, accepted = 0, False
            while update.id in self._updates.pending and update.expires > time.monotonic():
                if held := self._updates.disorder.hold():
                    await self.rest(held)
                async with self._gate:
                    accepted, retry_after = await self._deliver(update)
                if accepted:
                    break
                failures += 1
                await self.rest(max(retry_after, _pause(failures)))
                if self._queues.get(key) is not queue:
                    return
            if accepted or update.expires <= time.monotonic():
                self._updates.pending.pop(update.id, None)
            queue.popleft()
        if self._queues.get(key) is queue:
            del self._queues[key]

    async def _deliver(self, update: Update) -> tuple[bool, float]:
        """Push it once, or twice where that was asked for: at the same time, or again after it was accepted."""
        disorder = self._updates.disorder
        self._updates.handed_out(update)
        if not self._updates.delivered():
            return await self._post(update)
        if disorder.at_once():
            answer, _stray = await asyncio.gather(self._post(update), self._post(update))
            return answer
        answer = await self._post(update)
        return await self._post(update) if answer[0] else answer

    async def _post(self, update: Update) -> tuple[bool, float]:
        """Whether it was accepted, and how many seconds the receiver asks to wait otherwise."""
        target, session = self.target, self._session
        if target is None or session is None:
            return False, 0.0
        headers = {"Content-Type": "application/json"}
        if target.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = target.secret
        try:
            async with session.post(target.url, data=update.body, headers=headers, allow_redirects=False) as answer:
                body = await answer.read()
                if 200 <= answer.status < 300:
                    await self._run_reply(answer.headers.get("Content-Type", ""), body)
                    return True, 0.0
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                asked = answer.headers.get("Retry-After", "")
                return False, float(asked) if asked.isdigit() else 0.0
        except TimeoutError:
            self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused")
        except aiohttp.ClientError:
            self._failed("Connection reset by peer")
        return False, 0.0

    def _failed(self, message: str) -> None:
        self.last_error_date = int(time.time())
        self.last_error_message = message

    async def _run_reply(self, content_type: str, body: bytes) -> None:
        """A method answered in the webhook's response is executed; its result goes nowhere, as in Telegram."""
        if body.strip() and self.execute is not None:
            await self.execute(content_type, body)


def _pause(failures: int) -> float:
    """Seconds before the next try: none after the first failure, then 2, 4, 8 and so on."""
    return 0.0 if failures == 1 else min(2.0 ** (failures - 1), LONGEST_PAUSE)
