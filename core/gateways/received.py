"""The look into a PDF from anybody: a program of its own, with little time and memory, that whoever waits can kill.

It is told our certificate and the file on its input, and answers with one word of `Soundness`.
"""

import io
import math
import resource
import sys
from collections.abc import Sequence

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.ports.papers import Soundness

MOST_SIGNATURES = 20
"""A file with more of them is nobody's paper, and each costs time."""
MEMORY = 1 << 30
LENGTH = 4
"""In so many bytes the length of the certificate comes first."""


def told(own: bytes, content: bytes) -> bytes:
    """Return what the program reads."""
    return len(own).to_bytes(LENGTH, "big") + own + content


def look(own: bytes, content: bytes) -> Soundness:
    """Say what a file is that has our certificate, `own`, somewhere in it."""
    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures
        ours = [each for each in found[:MOST_SIGNATURES] if each.signer_cert.dump() == own]
    except Exception:  # whatever a hostile file makes a parser raise
        return Soundness.CHANGED
    if not ours:
        return Soundness.FOREIGN
    try:
        whole = len(found) == 1 and _is_whole(ours[0], own)
    except Exception:  # the same: a signature of ours that does not even read is a changed one
        whole = False
    return Soundness.GENUINE if whole else Soundness.CHANGED


def _is_whole(signature: EmbeddedPdfSignature, own: bytes) -> bool:
    trusted = ValidationContext(trust_roots=[Certificate.load(own)], allow_fetching=False)
    status = validate_pdf_signature(signature, trusted, skip_diff=True)
    covers = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid and status.trusted and covers)


def main(arguments: Sequence[str]) -> None:
    """Read the input, and print the answer. `arguments`: the seconds of the processor that it may take, its start aside."""
    (seconds,) = map(int, arguments)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    seconds += math.ceil(spent.ru_utime + spent.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    given = sys.stdin.buffer.read()
    start = LENGTH + int.from_bytes(given[:LENGTH], "big")
    answer = look(given[LENGTH:start], given[start:])
    sys.stdout.write(answer.value)


if __name__ == "__main__":
    main(sys.argv[1:])
