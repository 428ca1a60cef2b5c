"""Bot API calls a turn: those that a person waits for, up to and with the answering one, and all of them."""

import asyncio

from bench.subjects import Subject
from bench.walk import Ledger

QUIET_S = 0.15
"""After so long without a call a turn is over: what comes after the answer must not be counted to the next one."""


async def counted(subject: Subject, walks: int) -> dict[str, float]:
    """Let people walk one after another with a pause after each answer; returns calls a turn."""
    await subject.applicants.begin_again()
    phones = subject.phones
    phones.ledger = Ledger()
    for person, steps in await subject.applicants.make(walks):
        for step in steps:
            await phones.turn(person, step)
            before = -1
            while before != (now := sum(phones.ledger.methods.values())):
                before = now
                await asyncio.sleep(QUIET_S)
    ledger = phones.ledger
    return {
        "waited": ledger.waited_calls / ledger.turns,
        "all": sum(ledger.methods.values()) / ledger.turns,
        **{name: number / ledger.turns for name, number in sorted(ledger.methods.items())},
    }
