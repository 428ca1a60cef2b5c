"""The key that protects all others: RSA-4096 with OAEP-SHA256, in a file today, in a hardware module later."""

from typing import Protocol, Self

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BITS = 4096
LEAST_BITS = 3072  # a key file brought by the owner may be smaller than ours, but not below this (ASVS 5.0, 11.2.3)


class MasterKey(Protocol):
    """Wraps keys of up to 400 bytes. A hardware module that keeps its private key inside implements just this."""

    def wrap(self, key: bytes) -> bytes:
        """Return the key, encrypted."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return what was wrapped; ValueError when it was wrapped by another key or changed."""
        ...


class RsaKey:
    """An RSA private key in memory. Unwrapping takes about 5 ms: for key-encryption keys at start, never per record."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private

    def __repr__(self) -> str:
        return f"RsaKey({self._private.key_size} bits)"

    @classmethod
    def generate(cls) -> Self:
        """Make a fresh key of 4096 bits; takes up to a few seconds."""
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=BITS))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read an unencrypted PKCS #8 file; ValueError when it is something else or shorter than 3072 bits."""
        try:
            private = serialization.load_pem_private_key(pem, password=None)
        except TypeError as error:
            raise ValueError("the key is protected by a password") from error
        if not isinstance(private, rsa.RSAPrivateKey) or private.key_size < LEAST_BITS:
            raise ValueError("not an RSA key of at least 3072 bits")
        return cls(private)

    def pem(self) -> bytes:
        """Return the private key as an unencrypted PKCS #8 file."""
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def wrap(self, key: bytes) -> bytes:
        return self._private.public_key().encrypt(key, _oaep())

    def unwrap(self, wrapped: bytes) -> bytes:
        return self._private.decrypt(wrapped, _oaep())


def _oaep() -> padding.OAEP:
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
