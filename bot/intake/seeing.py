"""Seeing one update through: handled under the chat's lock, tried again, or set aside for an administrator.

The rules:

- An update that fails is tried five times; then it is set aside and its person told.
- While Telegram is away, or asks for a pause (of hours: such were seen), nothing is counted either: the update goes into the inbox
  and its answer is tried again after the pause. A fault of Telegram counts when others were answered since the last try, since
  then it may be this answer that Telegram cannot take; twenty such are too many.
- While the database or Redis is away nothing is counted and nothing given up; the person is told once.
- One over which processes die (out of memory, a fault in C) leaves a trace in the locks. It is handled again while nothing else
  of its kind is, so that its death is blamed on nobody else; after five deaths it is set aside without being handled.
- When nothing is away and yet the failure cannot be counted, it is counted in the memory of the process, and tried after pauses
  that grow from one second to a minute. From the fifth time on it is to be set aside, if need be without its content. When not even
  that works `LAST` times, it is given up with an error in the log: a chat must not be blocked for ever by one message.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextvars import Token
from dataclasses import dataclass

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import Update

from bot.intake.arrival import Arrival
from bot.intake.inbox import Inbox, fault_of
from bot.intake.reply import HEARD, REPLY, Heard, Reply
from bot.intake.voice import Voice
from core.domain.update import HELD, Fault, Held, LostLock, Standing
from core.ports import ChatLocks, ChatNotes, HeldElsewhere, TooFast, Turn

TRIES = 5
OUTSIDE_TRIES = 20
"""For faults of Telegram that others do not meet: some nine minutes with the pauses in between."""
LONGEST_REST_S = 60.0
"""Between two tries while Telegram is away. A pause that it asks for is waited out, whatever its length."""
LAST = 12
"""Six minutes, with the pauses in between."""
REMEMBERED = 10_000
DIED = Fault("Died", "")
OUTAGE_S = 1.0
BUSY_S = 0.1
OUTSIDE = (TelegramNetworkError, TelegramRetryAfter, TelegramServerError)
"""Faults of Telegram that pass. That a person has blocked the bot is none of them."""
TOLD, TOLD_S = "away", 600.0
"""What is noted for all bots once one has told a person of an outage, and for how many seconds."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Again:
    """Not seen through: try after so many seconds.

    `away` when a part of the product is missing, `busy` when another is at it, `outside` when Telegram takes no answers now,
    `fast` when the chat has sent too much to all bots together.
    """

    seconds: float
    away: bool = False
    busy: bool = False
    outside: bool = False
    fast: bool = False


class Seer:
    """Handles one arrival once. What fails is counted in the database, over all processes and deliveries."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        locks: ChatLocks,
        inbox: Inbox,
        voice: Voice,
        is_outage: Callable[[BaseException], bool],
        notes: ChatNotes | None = None,
    ) -> None:
        """`is_outage` knows the faults of a database or a store that is away; `notes` tell what other bots have said."""
        self.bot, self.dispatcher, self.locks, self.inbox, self.voice = bot, dispatcher, locks, inbox, voice
        self.is_outage = is_outage
        self.told: set[int] = set()
        self._notes = notes
        self._uncounted: OrderedDict[int, int] = OrderedDict()
        self._one_suspect = asyncio.Lock()
        self._answered = 0
        """To how many Telegram took an answer so far."""

    async def __call__(self, arrival: Arrival) -> Again | None:
        """See it through and return None, or say when to try again."""
        try:
            await self._handled(arrival)
        except LostLock:
            log.warning("update.lost_lock", update=arrival.id)
            return Again(BUSY_S, busy=True)
        except HeldElsewhere:
            return Again(BUSY_S, busy=True)
        except TooFast as fast:
            return Again(fast.seconds, fast=True)
        except Exception as error:
            again = await self._not_handled(arrival, error)
            if again is not None:
                return again
        arrival.away = 0
        if arrival.chat in self.told:
            self.told.discard(arrival.chat)
            if self._notes is not None:
                await self._notes.forget(arrival.chat, TOLD)
        return None

    async def _handled(self, arrival: Arrival) -> None:
        limit, pays = asyncio.timeout(None), not (arrival.paid or arrival.passes)
        try:
            hold = self.locks.hold(arrival.chat, lambda: limit.reschedule(0), arrival.id, pays=pays)
            async with limit, hold as turn:
                arrival.paid = True
                if turn.deaths:
                    await self._dared(arrival, turn)
                else:
                    await self._fed(arrival, turn)
        except TimeoutError:
            if limit.expired():
                raise LostLock from None
            raise

    async def _fed(self, arrival: Arrival, turn: Turn) -> None:
        with_fence, with_reply = self._told_to_all_below(turn.held, arrival.reply)
        heard = Heard()
        with_ear = HEARD.set(heard)
        try:
            update = Update.model_validate(arrival.raw, context={"bot": self.bot})
            await self.dispatcher.feed_update(self.bot, update, put_back=arrival.put_back)
        finally:
            HELD.reset(with_fence)
            REPLY.reset(with_reply)
            HEARD.reset(with_ear)
        self._answered += heard.by_telegram
        if arrival.kept or arrival.tries:
            await self.inbox.leave(arrival.id)

    async def _dared(self, arrival: Arrival, turn: Turn) -> None:
        """Handle what somebody died over, unless too many have."""
        async with self._one_suspect:
            log.warning("update.died", update=arrival.id, deaths=turn.deaths)
            if turn.deaths < TRIES:
                await self.locks.dare(arrival.chat, arrival.id, turn.deaths)
                await self._fed(arrival, turn)
                return
        arrival.tries = max(arrival.tries, turn.deaths)
        await self._give_up(arrival, DIED)

    @staticmethod
    def _told_to_all_below(held: Held | None, reply: Reply | None) -> tuple[Token[Held | None], Token[Reply | None]]:
        return HELD.set(held), REPLY.set(reply)

    async def _not_handled(self, arrival: Arrival, error: Exception) -> Again | None:
        if self._is_outside(arrival, error):
            arrival.rests += 1
            if arrival.rests == 1:
                log.warning("update.rests", update=arrival.id, fault=type(error).__name__)
            return Again(rest_after(error, arrival.rests), outside=True)
        if not self.is_outage(error):
            try:
                return await self._failed(arrival, error)
            except Exception as second:
                if not self.is_outage(second):
                    return await self._not_counted(arrival, fault_of(error), second)
                error = second
        return await self._away(arrival, error)

    def _is_outside(self, arrival: Arrival, error: Exception) -> bool:
        """Whether it is Telegram that takes nothing now, and not this answer alone that it cannot take."""
        if isinstance(error, TelegramRetryAfter):
            return True
        if not isinstance(error, OUTSIDE):
            return False
        before, arrival.others = arrival.others, self._answered
        return before in {None, self._answered}

    async def _failed(self, arrival: Arrival, error: Exception) -> Again | None:
        fault = fault_of(error)
        # What Telegram could not be told stays to be told by the next try.
        arrival.tries, standing = await self.inbox.count_try(arrival, fault)
        log.error("update.failed", update=arrival.id, tries=arrival.tries, fault=fault.name, where=fault.places)
        if standing is Standing.ASIDE:
            return None
        if arrival.tries < (OUTSIDE_TRIES if isinstance(error, OUTSIDE) else TRIES):
            return Again(pause_after(error, arrival.tries))
        await self._give_up(arrival, fault)
        return None

    async def _give_up(self, arrival: Arrival, fault: Fault) -> None:
        await self.inbox.set_aside(arrival, fault)
        log.error("update.set_aside", update=arrival.id, fault=fault.name)
        await self.voice.failed(arrival)

    async def _not_counted(self, arrival: Arrival, fault: Fault, error: Exception) -> Again | None:
        """Count it here."""
        tries = arrival.tries = self._uncounted.pop(arrival.id, 0) + 1
        log.error("update.not_counted", update=arrival.id, tries=tries, fault=fault.name, counting=fault_of(error).name)
        if tries >= TRIES and await self._set_aside_at_last(arrival, fault, tries):
            return None
        self._uncounted[arrival.id] = tries
        while len(self._uncounted) > REMEMBERED:
            self._uncounted.popitem(last=False)
        if tries > 1:
            await self._tell_once(arrival)
        return Again(min(2.0 ** (tries - 1), 60.0))

    async def _set_aside_at_last(self, arrival: Arrival, fault: Fault, tries: int) -> bool:
        try:
            await self._give_up(arrival, fault)
        except Exception as error:
            if self.is_outage(error) or tries < LAST:
                return False
            log.error("update.lost", update=arrival.id, fault=fault.name, storing=fault_of(error).name)
            await self.voice.failed(arrival)
        return True

    async def _away(self, arrival: Arrival, error: Exception) -> Again:
        """Nothing is given up while a part is missing. The person is told once an outage, when it was no blink."""
        arrival.away += 1
        fault = fault_of(error)
        if arrival.away == 1:
            log.error("update.waits", update=arrival.id, fault=fault.name, where=fault.places)
        else:
            await self._tell_once(arrival)
        return Again(OUTAGE_S, away=True)

    async def _tell_once(self, arrival: Arrival) -> None:
        if arrival.chat not in self.told:
            if len(self.told) >= REMEMBERED:
                self.told.clear()
            self.told.add(arrival.chat)
            if self._notes is None or await self._notes.first(arrival.chat, TOLD, TOLD_S):
                await self.voice.away(arrival)


def pause_after(error: Exception, tries: int) -> float:
    """Return the seconds before the next try: Telegram gets time, a fault of the update itself hardly any."""
    return min(0.2 * 2.0**tries, 30.0) if isinstance(error, OUTSIDE) else 0.05 * 2.0**tries


def rest_after(error: Exception, rests: int) -> float:
    """Return the seconds that an answer rests for: as long as Telegram asks, longer each time where it does not say."""
    if isinstance(error, TelegramRetryAfter):
        return float(max(1, error.retry_after))
    return min(0.2 * 2.0 ** min(rests, 20), LONGEST_REST_S)
