"""Whether a PDF that somebody received is one of ours, and whole."""

import asyncio
import math
import os
import sys
from pathlib import Path

from core.gateways.received import told
from core.ports.papers import Soundness
from core.security.signing import SigningKey

SECONDS = 20.0
"""To start takes a few of them where the machine is busy."""
AT_ONCE = 2
ROOT = Path(__file__).parents[3]
PROGRAM = ("-m", "core.gateways.received")


class PadesReader:
    """`core.ports.PaperReader`. A parser sees only what has our certificate in it, and in a program that can be killed."""

    def __init__(self, key: SigningKey, *, seconds: float = SECONDS) -> None:
        self._own = key.certificate
        self._seconds = seconds
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def soundness(self, content: bytes) -> Soundness:
        """Return what the file is; one that cannot be read in time is UNREADABLE."""
        if not content[:1024].lstrip().startswith(b"%PDF-"):
            return Soundness.UNREADABLE
        if not await asyncio.to_thread(self._bears, content):
            return Soundness.FOREIGN if b"startxref" in content[-1024:] else Soundness.UNREADABLE
        async with self._turns:
            return await self._looked_at(content)

    def _bears(self, content: bytes) -> bool:
        return self._own in content or self._own.hex().encode() in content.lower()

    async def _looked_at(self, content: bytes) -> Soundness:
        # It is given no more of the surroundings than it takes to start: they hold secrets.
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            *PROGRAM,
            str(math.ceil(self._seconds)),
            cwd=ROOT,
            env={"PATH": os.defpath},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            answer, _ = await asyncio.wait_for(program.communicate(told(self._own, content)), self._seconds)
            return Soundness(answer.decode())
        except (TimeoutError, ValueError):
            return Soundness.UNREADABLE
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()
