"""Where people stand, in Redis: all of a chat in one hash, read in one round trip and written in one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, cast

import orjson
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import StateType, StorageKey
from redis.asyncio import Redis

from bot.positions import PagedStorage
from core.domain.update import HELD, Held, LostLock

LIFETIME_S = 30 * 24 * 3600
# Whoever lost the chat to somebody since has an older fence, and must not put the person back where they were.
WRITE = """
if tonumber(redis.call('HGET', KEYS[1], 'fence') or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'fence', ARGV[1])
local kept = 3 + 2 * ARGV[3]
for i = 4, kept, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = kept + 1, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""
Fields = dict[bytes, bytes]
"""What a chat's hash holds: `<destiny>:state` and `<destiny>:data`, and the newest `fence` under which it was written."""


class Page:
    """What an update has read and changed. None among the changes: the field goes."""

    def __init__(self) -> None:
        self.read: dict[str, Fields] = {}
        self.changed: dict[str, dict[bytes, bytes | None]] = {}


PAGE: ContextVar[Page | None] = ContextVar("PAGE", default=None)


class RedisPositions(PagedStorage):
    """aiogram's store. aiogram-dialog reads the stack, then the context, and writes both: two round trips together.

    Outside of a page every call goes to Redis by itself.
    """

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._fenced = redis.register_script(WRITE)

    @asynccontextmanager
    async def page(self) -> AsyncIterator[None]:
        """Keep what is changed until the end of the block."""
        page = Page()
        before = PAGE.set(page)
        try:
            yield
        finally:
            PAGE.reset(before)
        if page.changed:
            await self._write(page.changed)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Store a state; None forgets it."""
        name = state.state if isinstance(state, State) else state
        await self._set(key, "state", name.encode() if name else None)

    async def get_state(self, key: StorageKey) -> str | None:
        """Return a state."""
        found = await self._get(key, "state")
        return None if found is None else found.decode()

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Store data; nothing in it forgets them."""
        await self._set(key, "data", orjson.dumps(dict(data), option=orjson.OPT_NON_STR_KEYS) if data else None)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return data, or an empty dict."""
        found = await self._get(key, "data")
        return {} if found is None else dict(orjson.loads(found))

    async def close(self) -> None:
        """Leave the connection to whoever made it."""

    async def _get(self, key: StorageKey, part: str) -> bytes | None:
        name, field = _hash_of(key), _field_of(key, part)
        page = PAGE.get()
        if page is None:
            return cast("bytes | None", await self.redis.hget(name, field))
        changed = page.changed.get(name, {})
        if field in changed:
            return changed[field]
        if name not in page.read:
            # The client decodes nothing: it answers in bytes.
            page.read[name] = cast("Fields", await self.redis.hgetall(name))
        return page.read[name].get(field)

    async def _set(self, key: StorageKey, part: str, value: bytes | None) -> None:
        name, field = _hash_of(key), _field_of(key, part)
        page = PAGE.get()
        if page is None:
            await self._write({name: {field: value}})
        elif name in page.read and page.read[name].get(field) == value:
            page.changed.get(name, {}).pop(field, None)
        else:
            page.changed.setdefault(name, {})[field] = value

    async def _write(self, changed: Mapping[str, Mapping[bytes, bytes | None]]) -> None:
        """Write it; where other processes may hold the chat, under the fence. Raises LostLock."""
        held = HELD.get()
        if held is not None:
            for name, fields in changed.items():
                await self._write_under(held, name, fields)
            return
        async with self.redis.pipeline(transaction=False) as pipeline:
            for name, fields in changed.items():
                kept = {field: value for field, value in fields.items() if value is not None}
                gone = [field for field, value in fields.items() if value is None]
                if gone:
                    pipeline.hdel(name, *gone)
                if kept:
                    pipeline.hset(name, mapping=kept)  # type: ignore[arg-type]  # invariant in its keys
                if kept or gone:
                    pipeline.expire(name, LIFETIME_S)
            await pipeline.execute()

    async def _write_under(self, held: Held, name: str, fields: Mapping[bytes, bytes | None]) -> None:
        kept = [each for field, value in fields.items() if value is not None for each in (field, value)]
        gone = [field for field, value in fields.items() if value is None]
        args: list[bytes | int] = [held.fence, LIFETIME_S, len(kept) // 2, *kept, *gone]
        if fields and not await self._fenced(keys=[name], args=args):
            raise LostLock


def _hash_of(key: StorageKey) -> str:
    """Return the name of the hash of a chat (and of a topic or a business connection in it)."""
    more = f":{key.thread_id or ''}:{key.business_connection_id or ''}"
    return f"positions:{key.bot_id}:{key.chat_id}:{key.user_id}{'' if more == '::' else more}"


def _field_of(key: StorageKey, part: str) -> bytes:
    return f"{key.destiny}:{part}".encode()
