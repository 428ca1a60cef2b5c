"""A process of its own that wants slots for many people at once: `python -m tests.core.services.racers URL KEYS FOLDER`.

Standard input: a line a try, `account chat slot moves`; it begins at an empty line. Standard output: a word a try.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

from dishka import AsyncContainer, Provider, Scope

from bot.intake.lines import AT_ONCE
from core.domain.actor import Citizen
from core.domain.ids import AccountId, BookingId, ChatId, SlotId
from core.domain.schedule import SlotTaken
from core.security.keyring import KeyRing
from core.services.booking import ConfirmBooking, HoldSlot
from ops.container import make_container
from ops.settings import Settings

TRIES = 5


async def attempt(
    container: AsyncContainer, hands: asyncio.Semaphore, citizen: Citizen, slot: SlotId, moves: BookingId | None
) -> str:
    """Hold and confirm, as soon as a hand is free; what it came to.

    What the database did not take in time is tried again, as the bot does with an update that it could not answer.
    """
    for _ in range(TRIES):
        async with hands:
            came = await held_and_confirmed(container, citizen, slot, moves)
        if came != "TimeoutError":
            break
    return came


async def held_and_confirmed(container: AsyncContainer, citizen: Citizen, slot: SlotId, moves: BookingId | None) -> str:
    try:
        async with container() as scope:
            held = await (await scope.get(HoldSlot))(citizen, slot, moves)
        async with container() as scope:
            await (await scope.get(ConfirmBooking))(citizen, held.booking.id)
    except SlotTaken:
        return "taken"
    except Exception as fault:
        return type(fault).__name__
    return "booked"


async def race(url: str, keys: Path, folder: Path) -> Counter[str]:
    """Wait for the signal, then try everything at once, in as many hands as a process of the bot has."""
    keyring = KeyRing.open(keys)
    provider = Provider(scope=Scope.APP)
    provider.provide(lambda: keyring, provides=KeyRing)
    container = make_container(Settings(database_url=url, state_dir=folder, database_connections=12), provider)
    tries, hands = [], asyncio.Semaphore(AT_ONCE)
    while line := sys.stdin.readline().strip():
        account, chat, slot, moves = line.split()
        citizen = Citizen(AccountId(UUID(account)), ChatId(int(chat)))
        old = None if moves == "-" else BookingId(UUID(moves))
        tries.append(attempt(container, hands, citizen, SlotId(UUID(slot)), old))
    try:
        return Counter(await asyncio.gather(*tries))
    finally:
        await container.close()


if __name__ == "__main__":
    for word, many in asyncio.run(race(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))).items():
        print(word, many)  # noqa: T201 - what the other process reads
