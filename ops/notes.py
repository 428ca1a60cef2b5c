"""Small words about chats that bots share and that outlive them, in Redis. Never personal, and nobody's error when it is away."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

PREFIX = "medkarta:note:"
AWAY = (RedisError, OSError)


class RedisNotes:
    """`core.ports.ChatNotes`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def first(self, chat: int, word: str, seconds: float) -> bool:
        """Whether nobody has noted this of the chat within the last so many seconds; from now on somebody has."""
        try:
            return bool(await self._redis.set(_key(chat, word), b"1", nx=True, px=int(seconds * 1000)))
        except AWAY:
            return True

    async def put(self, chat: int, word: str, value: str, seconds: float) -> None:
        """Note a value for so many seconds."""
        try:
            await self._redis.set(_key(chat, word), value.encode(), px=int(seconds * 1000))
        except AWAY:
            return

    async def get(self, chat: int, word: str) -> str | None:
        """Return the value that was noted."""
        try:
            found = await self._redis.get(_key(chat, word))
        except AWAY:
            return None
        return found.decode() if isinstance(found, bytes) else None

    async def forget(self, chat: int, word: str) -> None:
        """Nothing is noted any more."""
        try:
            await self._redis.delete(_key(chat, word))
        except AWAY:
            return


def _key(chat: int, word: str) -> str:
    return f"{PREFIX}{word}:{chat}"
