"""Blind indexes: personal values are looked up by keyed hashes, so that a stolen database tells nothing."""

import hmac

from core.security.keyring import KeyRing


class KeyedIndexes:
    """`core.ports.BlindIndexes` under the ring's index key, with a key of its own for each field."""

    def __init__(self, keyring: KeyRing) -> None:
        self._ring = keyring

    def of(self, field: str, canonical: str) -> bytes:
        """Return 32 bytes; the caller brings the value to its one canonical form first."""
        return hmac.digest(self._ring.derived(f"index {field}"), canonical.encode(), "sha256")
