"""Messages that stand at the top of their chat for a while: pinned once they are there, taken down when they are over."""

from dataclasses import dataclass
from datetime import timedelta

from core.domain.notification import TRIES, Lane, Pin, Pins, PinState
from core.ports import Clock, Congested, Later, Messenger, Pace, Refused, Transaction, Unavailable, Uncertain
from core.services.notification.outcome import backoff

LEASE = timedelta(minutes=1)
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class KeepPins:
    """The worker pins what was sent to be pinned, and takes down what is over. Returns how many calls it made.

    It never sends anything: a pin that fails is tried again by itself, and the message stays the one that came. A call whose
    outcome is unknown is made again, since a message that is pinned twice is pinned once.
    """

    transaction: Transaction
    pins: Pins
    messenger: Messenger
    pace: Pace
    clock: Clock

    async def __call__(self, limit: int = AT_ONCE) -> int:
        now = self.clock.now()
        async with self.transaction:
            claimed = await self.pins.claim(now, now + LEASE, limit)
        for pin in claimed:
            await self._keep(pin)
        return len(claimed)

    async def _keep(self, pin: Pin) -> None:
        to, again = PinState.PINNED if pin.state is PinState.WANTED else PinState.GONE, None
        try:
            await self._call(pin)
        except Refused:
            # Its person has deleted it, unpinned it or blocked the bot: there is nothing more to do.
            to = PinState.GONE
        except (Later, Congested) as fault:
            to, again = pin.state, timedelta(seconds=fault.seconds)
        except (Unavailable, Uncertain):
            to, again = (pin.state, backoff(pin.tries)) if pin.tries < TRIES else (PinState.GONE, None)
        async with self.transaction:
            now = self.clock.now()
            await self.pins.settle(pin, to, now if again is None else now + again)

    async def _call(self, pin: Pin) -> None:
        slots = await self.pace.take(Lane.NOTICE, 1)
        try:
            await self.pace.due(slots[0])
            if pin.state is PinState.WANTED:
                await self.messenger.pin(pin.chat, pin.message)
            else:
                await self.messenger.unpin(pin.chat, pin.message)
        except Later as fault:
            await self.pace.pause(pin.chat, fault.seconds)
            raise
        finally:
            self.pace.give_back(slots)
