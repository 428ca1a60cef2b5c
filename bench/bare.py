"""`python -m bench.bare`: the worker's own calls and nothing around them, as fast as they are answered, until it is stopped."""

import asyncio
import os

import uvloop

from bot.messenger import TelegramMessenger
from core.ports import Push
from ops.processes import stop_on_signals
from playground.settings import DEFAULT_TOKEN

AT_ONCE = 24
"""As many as a claim of the worker has under way."""


async def main() -> None:
    """Send to the chat BENCH_CHAT at BOT_API_URL."""
    stop, chat = stop_on_signals(), int(os.environ["BENCH_CHAT"])
    messenger = TelegramMessenger(DEFAULT_TOKEN, os.environ["BOT_API_URL"])

    async def one_after_another() -> None:
        while not stop.is_set():
            await messenger.send(chat, Push("Мы работаем."))

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_another())
    await messenger.close()


if __name__ == "__main__":
    uvloop.run(main())
