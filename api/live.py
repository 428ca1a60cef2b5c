"""What happens at the desk, told to the pages that are open: one reader in a process, however many listen.

The number of an event is its place in the stream. A page that was away names the last it has heard, gets what it missed out of
the database, and the rest as it happens: nothing twice, nothing left out, nothing that its member may not see.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from dishka import AsyncContainer
from sse_starlette import ServerSentEvent

from core.domain.conversation import DeskEvent, Happening
from core.domain.ids import StaffId, TeamId
from core.domain.live import Watch
from core.domain.team import allows
from core.ports import Bell
from core.services.conversation import LastEvent, ReadEvents
from core.services.live import AT_ONCE, HearNews

LOOK_EVERY_S = 2.0
"""Rings may be lost: so often the database is looked at without one, and every listener's session with it."""
PRESENT_EVERY_S = 30.0
AHEAD = 1000
"""So many events may wait for a slow page; then its stream ends, and it comes back for the rest."""
BEHIND = 5000
"""Whoever has missed more reads everything anew."""
WRITES = ("typing ", "noting ")
"""A colleague writes to the citizen, or a note."""
STREAMS_EACH, STREAMS = 12, 1000
BEGUN_WITHIN_S = 10.0
"""So long a place is kept for a stream that was let in and has not begun: its page may be gone already."""
RETRY_MS = 1000
TYPING_EVERY_S = 3.0
"""So often at most it is told that somebody writes."""
TYPISTS = 500
UNSEEN = frozenset({Happening.EDITED, Happening.DELIVERY})
"""What changes no number on a wall."""

log = structlog.get_logger()


class TooManyStreams(Exception):
    """The member has as many pages open as one may have, or the process as many as it serves."""


class Told(ServerSentEvent):
    """An event of the desk, put into bytes once, however many hear it."""

    def __init__(self, event: DeskEvent) -> None:
        told = {
            "number": event.number,
            "kind": event.happening.value,
            "at": event.at.isoformat(),
            "conversation": str(event.conversation) if event.conversation else None,
            "line": event.line,
            "ticket": str(event.ticket) if event.ticket else None,
            "staff": str(event.staff) if event.staff else None,
            "team": str(event.team) if event.team else None,
        }
        super().__init__(_json(told), event=event.happening.value, id=str(event.number))
        self._bytes: bytes | None = None

    def encode(self) -> bytes:
        """Return it as it leaves."""
        if self._bytes is None:
            self._bytes = super().encode()
        return self._bytes


@dataclass(eq=False, slots=True)
class Stream:
    """One open page. `at` is the number of the last event that has left for it; `joined`: from there on they come by the queue.

    `wall`: a screen in the room, at which nobody sits. It is told that something happened, not what, and to nobody's presence.
    """

    session: str
    watch: Watch
    address: str
    at: int
    joined: int = 0
    gone: bool = False
    wall: bool = False
    queue: asyncio.Queue[ServerSentEvent | None] = field(default_factory=lambda: asyncio.Queue(AHEAD))

    def put(self, told: ServerSentEvent) -> None:
        """Let it wait for its turn; the stream ends when too much waits already."""
        if self.queue.full():
            self.end()
        else:
            self.queue.put_nowait(told)

    def end(self, *, gone: bool = False) -> None:
        """Let it end at once. `gone`: for good, the page is told to sign in."""
        self.gone = self.gone or gone
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Live:
    """The streams of this process. `listen` and `read` run beside the server, until `close`."""

    def __init__(self, container: AsyncContainer) -> None:
        self._container = container
        self._streams: set[Stream] = set()
        self._awaited: list[tuple[StaffId, float]] = []
        self._number: int | None = None
        self._joining = asyncio.Lock()
        self._rung = asyncio.Event()
        self._closed = False
        self._failing = False
        self._noted: dict[StaffId, float] = {}
        self._typed: dict[UUID, float] = {}

    def admit(self, staff: StaffId) -> None:
        """Keep a place for a stream, or refuse one too many: of several asked for at once too. Raises TooManyStreams."""
        now = asyncio.get_running_loop().time()
        self._awaited = [each for each in self._awaited if each[1] > now]
        whose = [each.watch.actor.staff for each in self._streams] + [each for each, _ in self._awaited]
        if whose.count(staff) >= STREAMS_EACH or len(whose) >= STREAMS:
            raise TooManyStreams
        self._awaited.append((staff, now + BEGUN_WITHIN_S))

    async def join(self, session: str, watch: Watch, address: str, after: int | None, *, wall: bool = False) -> Stream:
        """Begin a stream after an event, or with the next one. Whoever joins goes on to `tell`, which lets go of it."""
        async with self._joining:
            if self._number is None:
                async with self._container() as scope:
                    self._number = await (await scope.get(LastEvent))()
            number = self._number
            # What nobody has told yet cannot have been heard: a number from elsewhere.
            at = number if after is None or after > number else after
            stream = Stream(session, watch, address, at, number, wall=wall)
            self._streams.add(stream)
            kept = next((each for each in self._awaited if each[0] == watch.actor.staff), None)
            if kept is not None:
                self._awaited.remove(kept)
        self._rung.set()
        return stream

    async def tell(self, stream: Stream) -> AsyncGenerator[ServerSentEvent]:
        """Give the events of a stream as they happen, what was missed first."""
        try:
            yield ServerSentEvent(id=str(stream.at), retry=RETRY_MS, comment="here")
            if stream.wall and stream.joined > stream.at:
                stream.at = stream.joined
                yield _stirred(stream.at)
            if stream.joined - stream.at > BEHIND:
                stream.at = stream.joined
                yield ServerSentEvent(event="reset", id=str(stream.at), data="{}")
            async for event in self._missed(stream):
                yield Told(event)
                stream.at = event.number
            stream.at = max(stream.at, stream.joined)
            while not self._closed:
                told = await stream.queue.get()
                if told is None:
                    break
                yield told
                stream.at = int(told.id) if told.id else stream.at
            if stream.gone:
                yield ServerSentEvent(event="gone", data="{}")
        finally:
            self._leave(stream)

    def _leave(self, stream: Stream) -> None:
        self._streams.discard(stream)
        if not self._streams:
            self._number = None  # nobody reads on until somebody comes

    async def _missed(self, stream: Stream) -> AsyncIterator[DeskEvent]:
        after = stream.at
        while after < stream.joined and not stream.gone and not self._closed:
            async with self._container() as scope:
                events = await (await scope.get(ReadEvents))(stream.watch.actor, after, AT_ONCE)
            for event in events:
                if event.number <= stream.joined:
                    yield event
            if len(events) < AT_ONCE:
                return
            after = events[-1].number

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear the bell until `stop`."""
        bell = await self._container.get(Bell)
        async with bell.heard() as words:
            async for word in words:
                if stop.is_set():
                    return
                if word.startswith(WRITES):
                    self._typing(word)
                elif word:
                    self._rung.set()

    async def read(self, stop: asyncio.Event) -> None:
        """Look when the bell has rung, and every few seconds, until `stop`; many rings at once are one look."""
        while not stop.is_set() and not self._closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), LOOK_EVERY_S)
            self._rung.clear()
            try:
                more = bool(self._streams) and not self._closed
                while more:
                    more = await self.look() == AT_ONCE
            except Exception as fault:
                if not self._failing:
                    log.warning("live.failed", fault=type(fault).__name__)
                self._failing = True
            else:
                self._failing = False

    async def look(self) -> int:
        """Read once for all streams and tell each what it may hear; returns how many events there were."""
        asked, after = set(self._streams), self._number
        if after is None:
            return 0
        present = self._present(asked)
        async with self._container() as scope:
            news = await (await scope.get(HearNews))(after, {each.session for each in asked}, present)
        if self._number != after:
            return 0  # everybody left meanwhile, and somebody else began anew
        for stream in self._streams:
            if stream in asked and not self._may_stay(stream, news.watches.get(stream.session)):
                stream.end(gone=True)
        for event in news.events:
            told = Told(event)
            for stream in self._streams:
                if not stream.gone and not stream.wall and stream.watch.sight.hears(event):
                    stream.put(told)
            self._number = event.number
        if any(event.happening not in UNSEEN for event in news.events):
            for stream in self._streams:
                if not stream.gone and stream.wall:
                    stream.put(_stirred(news.events[-1].number))
        return len(news.events)

    def close(self) -> None:
        """End every stream: the server is about to stop, and the pages come back to the next one."""
        self._closed = True
        for stream in self._streams:
            stream.end()
        self._rung.set()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._streams)

    def _may_stay(self, stream: Stream, watch: Watch | None) -> bool:
        if watch is None or not allows(watch.networks, stream.address):
            return False
        if watch.sight != stream.watch.sight and not stream.wall:
            # What the page shows may be no longer theirs, and what is theirs now it has not heard of.
            stream.put(ServerSentEvent(event="reset", data="{}"))
        stream.watch = watch
        return True

    def _present(self, streams: set[Stream]) -> set[StaffId]:
        """Return whose page is open and was not noted lately."""
        now = asyncio.get_running_loop().time()
        due = {each.watch.actor.staff for each in streams if not each.wall}
        due = {each for each in due if self._noted.get(each, now - PRESENT_EVERY_S) <= now - PRESENT_EVERY_S}
        self._noted.update(dict.fromkeys(due, now))
        return due

    def _typing(self, word: str) -> None:
        """Somebody writes: those who may see the conversation are told, every few seconds at most."""
        try:
            conversation, staff, team, owner = (None if each == "-" else UUID(each) for each in word.split()[1:])
        except ValueError:
            return
        now = asyncio.get_running_loop().time()
        if conversation is None or staff is None or now - self._typed.get(staff, -TYPING_EVERY_S) < TYPING_EVERY_S:
            return
        if len(self._typed) >= TYPISTS:
            self._typed = {who: at for who, at in self._typed.items() if now - at < TYPING_EVERY_S}
        self._typed[staff] = now
        whose = None if team is None else TeamId(team), None if owner is None else StaffId(owner)
        told = ServerSentEvent(event="typing", data=_json({"conversation": str(conversation), "staff": str(staff)}))
        for stream in self._streams:
            if not stream.wall and stream.watch.actor.staff != staff and stream.watch.sight.reaches(*whose):
                stream.put(told)


def _stirred(number: int) -> ServerSentEvent:
    return ServerSentEvent(event="wall", id=str(number), data="{}")


def _json(told: object) -> str:
    return json.dumps(told, separators=(",", ":"))
