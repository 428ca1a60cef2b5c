"""What a bot costs: CPU and memory for 1,000 turns, while nobody speaks, and with many conversations known."""

import asyncio

from redis.asyncio import Redis

from bench.readings import memory_of
from bench.subjects import Subject
from bench.turns import AT_ONCE
from bench.walk import full_load

IDLE_S = 10.0
BATCH = 2_000
FIRST_CHAT = 5_000_000_000
"""Chats that nobody writes from; far from the playground's people."""


async def idle(subject: Subject, seconds: float = IDLE_S) -> dict[str, float]:
    """Return CPU milliseconds a second, and memory, while nobody speaks."""
    cpu = subject.cpu
    await asyncio.sleep(seconds)
    return {"cpu_ms_per_s": (subject.cpu - cpu) * 1000 / seconds, "memory_mb": subject.memory}


async def thousand_turns(subject: Subject, walks: int) -> dict[str, float]:
    """Return CPU seconds for 1,000 turns, and by how many MB the memory grew in them."""
    await subject.applicants.begin_again()
    walkers = await subject.applicants.make(walks)
    cpu, memory = subject.cpu, subject.memory
    loaded = await full_load(subject.phones, walkers, AT_ONCE)
    return {
        "cpu_s": (subject.cpu - cpu) * 1000 / loaded.turns,
        "grown_mb": (subject.memory - memory) * 1000 / loaded.turns,
        "memory_mb": subject.memory,
        "redis_mb": memory_of(subject.redis_pid) if subject.redis_pid else 0.0,
    }


async def know(subject: Subject, conversations: int) -> None:
    """Put that many conversations into the bot's Redis, each as large as one in the middle of the form.

    Ours are positions alone. The peer keeps its state there and what was answered, by the keys of aiogram's RedisStorage.
    """
    url = subject.environment.get("REDIS_URL")
    if url is None:
        return
    async with Redis.from_url(url) as redis:
        for start in range(0, conversations, BATCH):
            async with redis.pipeline(transaction=False) as pipeline:
                for number in range(start, min(start + BATCH, conversations)):
                    chat = FIRST_CHAT + number
                    if not subject.kind.ours:
                        pipeline.set(f"fsm:{chat}:{chat}:state", "Form:passport_issued")
                        pipeline.set(f"fsm:{chat}:{chat}:data", "d" * 160)
                        continue
                    pipeline.hset(
                        f"positions:1:{chat}:{chat}",
                        mapping={"aiogd:stack::data": "s" * 180, "aiogd:context:abcdef:data": "c" * 320},
                    )
                await pipeline.execute()
