"""One connection to Redis for everybody of a process: commands go out as they come, and answers come back in their order.

redis-py takes a connection from its pool for each command, waits under timeouts of its own and counts for OpenTelemetry:
120 µs of CPU, six times a turn. What it knows of addresses, TLS, passwords and the shapes of answers is still its matter.
"""

import asyncio
import inspect
from collections import deque
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.client import NEVER_DECODE
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import DataError, RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.typing import ResponseT

Waiting = asyncio.Future[Any]
NOTHING = object()
"""What the reader says when no whole answer has come yet."""
BREATH_S = 0.01
"""A loop that was held up reads what has come meanwhile, before anybody is told that nothing came."""


class Line(asyncio.Protocol):
    """A connection that redis-py has made, with everybody who waits for an answer on it."""

    def __init__(self, connection: AbstractConnection, seconds: float) -> None:
        """`seconds` is how long an answer may take."""
        self.connection, self._seconds = connection, seconds
        self._loop = asyncio.get_running_loop()
        parser = connection._parser  # noqa: SLF001 - redis-py names the faults there
        self._reader = hiredis.Reader(replyError=parser.parse_error, notEnoughData=NOTHING)
        writer = connection._writer  # noqa: SLF001 - the only way to what it has made
        if writer is None:
            raise RedisConnectionError("not connected")
        self._transport: Any = writer.transport  # whatever the loop made
        self._waiting: deque[tuple[Waiting, float]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._given_up = False
        self._transport.set_protocol(self)

    @property
    def broken(self) -> bool:
        """Whether it is of no more use. The other side may have hung up before anybody was told."""
        return self._given_up or self._transport.is_closing()

    def ask(self, packed: bytes) -> Waiting:
        """Send a command; its answer is a future's. Whoever stops waiting holds nobody up."""
        if self.broken:
            raise RedisConnectionError("the other side has hung up")
        answer = self._loop.create_future()
        self._waiting.append((answer, self._loop.time() + self._seconds))
        self._transport.write(packed)
        if self._watch is None:
            self._watch = self._loop.call_later(self._seconds, self._look, None)
        return answer

    def data_received(self, received: bytes) -> None:
        """Give each answer to whoever has waited longest."""
        try:
            self._reader.feed(received)
            while (answer := self._reader.gets()) is not NOTHING:
                if isinstance(answer, hiredis.PushNotification):
                    continue
                waiting, _ = self._waiting.popleft()
                if waiting.done():
                    continue
                if isinstance(answer, RedisError):
                    waiting.set_exception(answer)
                else:
                    waiting.set_result(answer)
        except (hiredis.ProtocolError, IndexError):
            # Something that nobody asked for, or that is no answer: what comes after it is anybody's.
            self.give_up(RedisConnectionError("an answer that cannot be read"))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell everybody who waits."""
        self.give_up(RedisConnectionError(f"the connection was lost: {error}"))

    def give_up(self, fault: RedisError) -> None:
        """Use it no more."""
        self._given_up = True
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._transport.abort()
        while self._waiting:
            waiting, _ = self._waiting.popleft()
            if not waiting.done():
                waiting.set_exception(fault)

    def _look(self, late: Waiting | None) -> None:
        """See whether the oldest answer is overdue; `late` was so at the last look."""
        self._watch = None
        if not self._waiting:
            return
        oldest, due = self._waiting[0]
        if oldest is late:
            self.give_up(RedisTimeout("no answer in time"))
        elif due <= self._loop.time():
            self._watch = self._loop.call_later(BREATH_S, self._look, oldest)
        else:
            self._watch = self._loop.call_at(due, self._look, None)


class Together(Redis):
    """A client whose single commands share one line; subscriptions and pipelines take connections of the pool."""

    line_seconds = 0.5
    _line: Line | None = None
    _connecting: asyncio.Lock | None = None

    async def execute_command(self, *args: Any, **options: Any) -> ResponseT:
        """Run a command. A connection that breaks is made anew once."""
        if NEVER_DECODE in options:
            return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # theirs
        name = args[0]
        try:
            packed = hiredis.pack_command((*name.encode().split(), *args[1:]))
        except TypeError as fault:
            raise DataError(str(fault)) from fault
        try:
            answer = await (await self._connected()).ask(packed)
        except (RedisConnectionError, RedisTimeout):
            answer = await (await self._connected()).ask(packed)
        options.pop("keys", None)
        shaped = self.response_callbacks.get(name)
        if shaped is None:
            return answer
        told = shaped(answer, **options)
        return await told if inspect.isawaitable(told) else told

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Hang up."""
        await self._hang_up()
        await super().aclose(close_connection_pool)

    async def _connected(self) -> Line:
        line = self._line
        if line is not None and not line.broken:
            return line
        if self._connecting is None:
            self._connecting = asyncio.Lock()
        async with self._connecting:
            if self._line is None or self._line.broken:
                await self._hang_up()
                connection = await self.connection_pool.get_connection()  # type: ignore[no-untyped-call]  # theirs
                self._line = Line(connection, self.line_seconds)
            return self._line

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.give_up(RedisConnectionError("the client was closed"))
            await line.connection.disconnect(nowait=True)
            await self.connection_pool.release(line.connection)
