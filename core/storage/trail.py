"""The journal looked after: checkpoints signed and kept twice, and everything checked against them."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.domain.audit import Finding
from core.security.chain import AuditCheck, Checkpoint, sign_checkpoint
from core.security.keyring import KeyRing
from core.storage.audit import SqlAuditTrail
from core.storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class SignedTrail:
    """`core.domain.audit.Trail`. `copy` is the file outside the database: one checkpoint a line, only ever added to."""

    transaction: SqlTransaction
    keyring: KeyRing
    copy: Path

    async def checkpoint(self, now: datetime) -> None:
        """Sign where every chain ends, unless nothing was added since the last time."""
        trail = SqlAuditTrail(self.transaction)
        before, heads = await trail.last_checkpoint(), await trail.heads()
        if before is not None and dict(before.heads) == dict(heads):
            return
        checkpoint = sign_checkpoint(now, heads, before, self.keyring.sign)
        if await trail.add_checkpoint(checkpoint):
            line = checkpoint.dumps() + "\n"

            async def put_outside() -> None:
                await asyncio.to_thread(_append, self.copy, line)

            self.transaction.after_commit(put_outside)

    async def verify(self) -> Sequence[Finding]:
        """Run the whole check: the copy outside first, then the database's checkpoints, then every line."""
        check, trail = AuditCheck(self.keyring.audit_key), SqlAuditTrail(self.transaction)
        found = []
        for number, line in enumerate(await asyncio.to_thread(_lines, self.copy), start=1):
            try:
                found += check.outside(Checkpoint.loads(line))
            except ValueError:
                return [Finding(f"{self.copy.name}, line {number}", "cannot be read")]
        async for number, line in trail.checkpoints():
            try:
                found += check.stored(Checkpoint.loads(line))
            except ValueError:
                return [Finding(f"checkpoint {number}", "cannot be read")]
        async for audit_line in trail.lines():
            found += check.line(audit_line)
        found += check.finish()
        return [Finding(*str(each).split(": ", 1)) for each in found]


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []
