"""What a secret of our own making is found by."""

from hashlib import sha256


def hashed(secret: str) -> bytes:
    """Return what stands in a table in its place: SHA-256, which is enough for 256 random bits."""
    return sha256(secret.encode()).digest()
