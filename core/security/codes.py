"""One-time codes and random tokens."""

import hmac
import secrets

from core.security.keyring import KeyRing


class KeyedCodes:
    """`core.ports.Codes`: a million codes are soon tried, so the stored hash needs a key that the database lacks."""

    def __init__(self, keyring: KeyRing) -> None:
        self._key = keyring.derived("one-time codes")

    def fresh(self) -> str:
        """Return six random digits."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def digest(self, code: str, *, salt: bytes) -> bytes:
        """Return the keyed hash that is stored: 32 bytes."""
        return hmac.digest(self._key, len(salt).to_bytes(4) + salt + code.encode(), "sha256")

    def matches(self, code: str, digest: bytes, *, salt: bytes) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.digest(code, salt=salt), digest)

    def token(self) -> str:
        """Return 256 random bits as URL-safe text: 43 characters."""
        return secrets.token_urlsafe(32)
