"""Anybody verifies a paper: by its page, or by the file itself. Neither shows what the paper says, nor about whom."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.actor import Actor, System
from core.domain.audit import AuditLog, Operation
from core.domain.extract import Extract, ExtractKind, ExtractNotThere, Extracts, ExtractState
from core.ports import PaperReader, Soundness, Transaction

PAGE = System("verify")
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
LEAST = 8
"""So many characters of the hash are told apart: one in four thousand million matches by chance."""


class TooFewCharacters(Exception):
    """Fewer than eight characters of the hash, or something else."""

    message_key = "verify.too_few"


class Genuineness(StrEnum):
    """What a received file is. WITHDRAWN is genuine and whole, but does not hold any more."""

    GENUINE = "genuine"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verified:
    """What anybody may know of a paper."""

    kind: ExtractKind
    number: str
    made_at: datetime
    withdrawn: bool
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class VerifyPaper:
    """Somebody opens the page of a paper. Raises ExtractNotThere."""

    transaction: Transaction
    extracts: Extracts
    audit: AuditLog

    async def __call__(self, token: str) -> Verified:
        async with self.transaction.looking():
            found = await by_token(self.extracts, token)
            self.audit.record(PAGE, Operation.EXTRACT_VERIFIED, found.account, extract=str(found.id), way="page")
        return _verified(found)


@dataclass(frozen=True, slots=True)
class ComparePaper:
    """Somebody compares a file in their hands: its SHA-256, or the last characters of it, typed. True: it is this paper.

    Raises ExtractNotThere, TooFewCharacters.
    """

    transaction: Transaction
    extracts: Extracts
    audit: AuditLog

    async def __call__(self, token: str, typed: str) -> tuple[Verified, bool]:
        tail = "".join(typed.split()).lower()
        async with self.transaction.looking():
            found = await by_token(self.extracts, token)
            if not LEAST <= len(tail) <= 64 or not re.fullmatch(r"[0-9a-f]+", tail):
                raise TooFewCharacters
            same = (found.digest or b"").hex().endswith(tail)
            self.audit.record(
                PAGE,
                Operation.EXTRACT_VERIFIED,
                found.account,
                extract=str(found.id),
                way="compare",
                same=str(same).lower(),
            )
        return _verified(found), same


@dataclass(frozen=True, slots=True)
class CheckFile:
    """Somebody sends a file to the bot, or forwards it. Never raises for what is in it.

    The hash, known of every paper, says whether it is one; it may have been declared invalid since. Only of a file with an
    unknown hash the signature is asked whether it was ours once.
    """

    transaction: Transaction
    extracts: Extracts
    reader: PaperReader
    audit: AuditLog

    async def __call__(self, actor: Actor, content: bytes) -> Genuineness:
        digest = hashlib.sha256(content).digest()
        async with self.transaction.looking():
            known = await self.extracts.by_digest(digest)
        soundness = await self.reader.soundness(content) if known is None else Soundness.GENUINE
        async with self.transaction:
            # Looked up again: it may have been made, or declared invalid, while the file was read.
            found = await self.extracts.by_digest(digest)
            outcome = Genuineness(soundness.value)
            if found is not None:
                outcome = Genuineness.WITHDRAWN if found.state is ExtractState.WITHDRAWN else Genuineness.GENUINE
            elif soundness is Soundness.GENUINE:
                # Not a byte that is signed differs, but the file is not the one that was made.
                outcome = Genuineness.CHANGED
            self.audit.record(
                actor,
                Operation.EXTRACT_VERIFIED,
                found.account if found else None,
                way="file",
                outcome=outcome.value,
                **({"extract": str(found.id)} if found else {}),
            )
        return outcome


async def by_token(extracts: Extracts, token: str) -> Extract:
    """Return the paper of a page; ExtractNotThere."""
    found = await extracts.by_token(token) if TOKEN.fullmatch(token) else None
    if found is None:
        raise ExtractNotThere
    return found


def _verified(found: Extract) -> Verified:
    return Verified(
        kind=found.kind,
        number=found.number,
        made_at=found.made_at or found.asked_at,
        withdrawn=found.state is ExtractState.WITHDRAWN,
        digest=found.digest or b"",
    )
