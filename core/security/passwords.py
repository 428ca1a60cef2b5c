"""Passwords of staff: argon2id off the event loop, two at a time, since each takes 64 MB and a fifth of a second."""

import asyncio
import secrets
from base64 import b64encode
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError


class Argon2Passwords:
    """`core.ports.Passwords`. Make one per process: the limit of two at a time is its own."""

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 2) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(at_once)
        self._nobody = _unmatched(self._hasher)

    async def hash(self, password: str) -> str:
        """Return the encoded hash with its salt and parameters, about 100 characters."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _canonical(password))

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Compare; with None takes as long and answers False, so that nobody learns which logins exist."""
        async with self._turns:
            return await asyncio.to_thread(
                self._verify, self._nobody if hashed is None else hashed, _canonical(password)
            )

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except VerifyMismatchError:
            return False


def _canonical(password: str) -> str:
    # The same letters typed on different keyboards must hash the same (NIST SP 800-63B, 3.1.1.2).
    return normalize("NFKC", password)


def _unmatched(hasher: PasswordHasher) -> str:
    # Built rather than computed: a hash that nobody's password has, with the same cost to compare.
    salt, body = (
        b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${body}"
