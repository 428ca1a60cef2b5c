"""PAdES signatures (ETSI EN 319 142-1, level B-B) on papers.

Level B-LT needs time stamps of an authority, which is outside; the day of signing is the product's own word.
"""

import asyncio
import io
from collections.abc import Callable

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.security.signing import SigningKey, pem

FIELD = "Medkarta"
LARGEST = 72
"""A DER signature of P-256 takes so many bytes at most; room is left for it before it is there."""


class PadesSigner:
    """`core.ports.Signer`: a signature is appended, and what was signed stays as it was."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    @property
    def certificate(self) -> bytes:
        """The certificate, PEM."""
        return pem(self._key.certificate)

    async def sign(self, pdf: bytes, reason: str) -> bytes:
        """Return the signed file."""
        return await asyncio.to_thread(self._sign, pdf, reason)

    def _sign(self, pdf: bytes, reason: str) -> bytes:
        signed = io.BytesIO()
        PdfSigner(
            PdfSignatureMetadata(
                field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
            ),
            signer=_KeySigner(self._key),
        ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=signed)
        return signed.getvalue()


class _KeySigner(Signer):
    """pyHanko's signer over a key of ours."""

    def __init__(self, key: SigningKey) -> None:
        certificate = Certificate.load(key.certificate)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # theirs
        store.register(certificate)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        self._sign: Callable[[bytes], bytes] = key.sign

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign, or make room; the digest is always SHA-256, as the key says."""
        if digest_algorithm != "sha256":
            raise ValueError("papers are signed over SHA-256")
        return bytes(LARGEST) if dry_run else self._sign(data)
