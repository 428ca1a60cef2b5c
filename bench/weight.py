"""What one large bundle takes of memory in `api`, against what it weighs itself and what bare validation of it takes."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx

from bench.intake import FHIR, Door, door
from bench.readings import forget_peak, peak_of
from bench.services import ROOT
from tests.fhir.large import large

LIMIT_MB = 40
PIECE = 256 * 1024
BARE = (
    "import sys, orjson\n"
    "from bench.readings import forget_peak, peak_of\n"
    "from fhir.resources.R4B.bundle import Bundle\n"
    "Bundle.model_validate(orjson.loads(open(sys.argv[2], 'rb').read()))\n"
    "before = forget_peak('self')\n"
    "Bundle.model_validate(orjson.loads(open(sys.argv[1], 'rb').read()))\n"
    "print(peak_of('self') - before)\n"
)


@dataclass(frozen=True, slots=True)
class Weight:
    """In MB: the bundle on the wire, what the process grew by at most, what bare validation does; and the seconds."""

    wire: float
    grown: float
    bare: float
    seconds: float


async def weighed(folder: Path, keys: Path, megabytes: float) -> Weight:
    """Take a large bundle in over HTTP, in pieces of unknown length; nothing else is asked of `api` meanwhile."""
    async with door(folder, keys, FHIR_MAX_BODY_MB=str(LIMIT_MB)) as up:
        # The models are loaded, and the first of everything is made.
        await _sent(up, large(0.3, up.snils, copy=1_000_000))
        body = large(megabytes, up.snils)
        before, began = forget_peak(up.pid), perf_counter()
        await _sent(up, body)
        seconds, grown = perf_counter() - began, peak_of(up.pid) - before
        whole, some = folder / "whole.json", folder / "some.json"
        whole.write_bytes(body)
        some.write_bytes(large(0.3, up.snils, copy=1_000_000))
        return Weight(len(body) / 1e6, grown, _barely(whole, some), seconds)


async def _sent(up: Door, body: bytes) -> None:
    async def pieces() -> Any:  # noqa: ANN401 - an iterator of bytes
        for start in range(0, len(body), PIECE):
            yield body[start : start + PIECE]

    answer = await up.http.post("/fhir", content=pieces(), headers=FHIR)
    if answer.status_code != httpx.codes.OK:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:500]}")


def _barely(whole: Path, some: Path) -> float:
    command = [sys.executable, "-c", BARE, str(whole), str(some)]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)  # noqa: S603
