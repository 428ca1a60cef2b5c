"""The key that signs papers, with its certificate: made on the first start beside the key ring, for its owner alone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.security import ringfile
from core.security.ringfile import KeyRingBroken

FILE = "signing.pem"
VALID_FOR = timedelta(days=20 * 365)
"""Papers are kept for long, and with it what proves them."""
DAY = timedelta(days=1)


class SigningKey(Protocol):
    """A key that signs papers: a file, later a hardware module. ECDSA on P-256 with SHA-256."""

    @property
    def certificate(self) -> bytes:
        """The X.509 certificate, DER."""
        ...

    def sign(self, content: bytes) -> bytes:
        """Return the signature of the content, DER."""
        ...


@dataclass(frozen=True, slots=True)
class FileSigningKey:
    """`SigningKey` in one PEM file: the private key and its self-signed certificate, which belong together."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the file in the ring's folder, or make it on the first start; raises KeyRingBroken."""
        path = folder / FILE
        if not path.exists():
            with ringfile.locked(folder):
                if not path.exists():
                    ringfile.write(path, _fresh(datetime.fromtimestamp((folder / ringfile.LOCK).stat().st_mtime, UTC)))
        content = ringfile.read(path)
        try:
            key = serialization.load_pem_private_key(content, None)
            certificate = x509.load_pem_x509_certificate(content)
        except ValueError as error:
            raise KeyRingBroken(f"{path} is damaged: put it back from the backup of the keys.") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise KeyRingBroken(f"{path} holds a key and a certificate that do not belong together: put it back.")
        return cls(key, certificate.public_bytes(serialization.Encoding.DER))

    def sign(self, content: bytes) -> bytes:
        """Return the signature of the content, DER."""
        return self.key.sign(content, ec.ECDSA(hashes.SHA256()))


def pem(certificate: bytes) -> bytes:
    """Return a DER certificate as PEM."""
    return x509.load_der_x509_certificate(certificate).public_bytes(serialization.Encoding.PEM)


def _fresh(made_at: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Медкарта"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Медкарта: подпись документов"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(made_at - DAY)
        .not_valid_after(made_at + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
