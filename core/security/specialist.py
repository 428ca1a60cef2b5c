"""Signatures that specialists make with keys of their own, outside of the product."""

import hashlib

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from core.ports import BadKey

RSA_BITS = 4096
LONGEST_FILE = 16 * 1024


class SpecialistSignatures:
    """`core.ports.Signatures`."""

    def usable(self, content: bytes) -> tuple[str, str]:
        """Return a public key as it is kept, PEM, and its fingerprint. Raises BadKey with a sentence."""
        if len(content) > LONGEST_FILE:
            raise BadKey("This is no key: it is far too long.")
        if b"PRIVATE KEY" in content:
            raise BadKey("This is a private key: it belongs to the specialist alone. The public one is wanted.")
        try:
            key = serialization.load_pem_public_key(content)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise BadKey("This is no public key in PEM form.") from None
        if isinstance(key, RSAPublicKey):
            if key.key_size != RSA_BITS:
                raise BadKey(f"An RSA key has to have {RSA_BITS} bits; this one has {key.key_size}.")
        elif not isinstance(key, Ed25519PublicKey):
            raise BadKey("The key has to be RSA of 4096 bits, or Ed25519.")
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        told = key.public_bytes(serialization.Encoding.DER, form)
        return key.public_bytes(serialization.Encoding.PEM, form).decode(), hashlib.sha256(told).hexdigest()

    def verify(self, pem: str, content: bytes, signature: bytes) -> bool:
        """Tell whether the key signed the content."""
        try:
            key = serialization.load_pem_public_key(pem.encode())
            if isinstance(key, Ed25519PublicKey):
                key.verify(signature, content)
            elif isinstance(key, RSAPublicKey):
                key.verify(signature, content, PKCS1v15(), hashes.SHA256())
            else:
                return False
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
            return False
        return True

    def is_ed25519(self, pem: str) -> bool:
        """Tell which of the two it is: the command that signs differs."""
        try:
            return isinstance(serialization.load_pem_public_key(pem.encode()), Ed25519PublicKey)
        except (ValueError, UnsupportedAlgorithm):
            return False
