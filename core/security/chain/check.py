"""The check of the journal: reads checkpoints, then lines, one by one, and names what was touched.

Lines themselves are not kept in memory; of the checkpoints one hash a head that moved.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.security.chain.checkpoints import Checkpoint
from core.security.chain.lines import GENESIS, ChainLine, link


class Fault(StrEnum):
    """What is wrong with the lines (or, where a finding has no chain, with the checkpoints) that a finding names."""

    CHANGED = "changed"
    UNLINKED = "do not follow from one another: one was replaced, or something between them is gone"
    REMOVED = "removed"
    OUT_OF_PLACE = "inserted, or out of order"
    REWRITTEN = "differ from a signed checkpoint: rewritten"
    CUT_OFF = "cut off: a signed checkpoint has them"
    FORGED = "signature is wrong"
    COPIES_DIFFER = "differ in the database and outside it"
    ONE_COPY = "in one place only, the database or outside it"


@dataclass(frozen=True, slots=True)
class Finding:
    """Lines `seq` to `last` of a chain; with no chain, checkpoints of those numbers."""

    chain: int | None
    seq: int
    what: Fault
    last: int

    def __str__(self) -> str:
        where = "checkpoint" if self.chain is None else f"chain {self.chain}, line"
        span = f"{self.seq}" if self.seq == self.last else f"{self.seq} to {self.last}"
        return f"{where} {span}: {self.what}"


@dataclass(slots=True)
class _Chain:
    """How far one chain has been read."""

    signed: dict[int, bytes] = field(default_factory=dict)
    top: int = 0
    seq: int = 0
    hash: bytes = GENESIS
    sound: bool = True
    good: int = 0
    rewritten: tuple[int, int] | None = None


class AuditCheck:
    """One run of the check: all of `outside`, all of `stored`, all lines, `finish`; each returns what it found."""

    def __init__(self, key: Ed25519PublicKey, chains: Collection[int] | None = None) -> None:
        """`key` verifies checkpoints. `chains` limits the run to some chains, to check a long journal by parts."""
        self._key = key
        self._only = chains
        self._chains: dict[int, _Chain] = {}
        self._copies: dict[int, bytes] = {}
        self._oldest_copy = self._newest_copy = -1
        self._number = -1
        self._hash = GENESIS

    def outside(self, checkpoint: Checkpoint) -> list[Finding]:
        """Take one checkpoint of the copy outside the database. It may begin late, when older files were put away."""
        if not checkpoint.is_signed_by(self._key):
            return [_about(checkpoint.number, Fault.FORGED)]
        found = self._witness(checkpoint)
        if checkpoint.number in self._copies and self._copies[checkpoint.number] != checkpoint.hash():
            found.append(_about(checkpoint.number, Fault.COPIES_DIFFER))
        self._copies[checkpoint.number] = checkpoint.hash()
        if self._newest_copy < 0:
            self._oldest_copy = checkpoint.number
        self._newest_copy = max(self._newest_copy, checkpoint.number)
        return found

    def stored(self, checkpoint: Checkpoint) -> list[Finding]:
        """Take one checkpoint of the database; they come by number, from 0."""
        number, found = checkpoint.number, list[Finding]()
        if number <= self._number:
            return [_about(number, Fault.OUT_OF_PLACE)]
        if number > self._number + 1:
            found.append(Finding(None, self._number + 1, Fault.REMOVED, number - 1))
        elif checkpoint.previous != self._hash:
            found.append(_about(number, Fault.UNLINKED))
        self._number, self._hash = number, checkpoint.hash()
        if not checkpoint.is_signed_by(self._key):
            return [*found, _about(number, Fault.FORGED)]
        copy = self._copies.pop(number, None)
        if copy is None and self._oldest_copy < number < self._newest_copy:
            found.append(_about(number, Fault.ONE_COPY))
        if copy not in (None, self._hash):
            found.append(_about(number, Fault.COPIES_DIFFER))
        return found + self._witness(checkpoint)

    def line(self, line: ChainLine) -> list[Finding]:
        """Take one line; those of one chain come by number, chains may alternate."""
        entry, found = line.entry, list[Finding]()
        if not self._asked(entry.chain):
            return found
        chain = self._chains.setdefault(entry.chain, _Chain())
        sound = link(line.previous, entry) == line.hash
        if not sound:
            found.append(Finding(entry.chain, entry.seq, Fault.CHANGED, entry.seq))
        if entry.seq <= chain.seq:
            return [*found, Finding(entry.chain, entry.seq, Fault.OUT_OF_PLACE, entry.seq)]
        if entry.seq > chain.seq + 1:
            found.append(Finding(entry.chain, chain.seq + 1, Fault.REMOVED, entry.seq - 1))
        elif line.previous != chain.hash and sound and chain.sound:
            found.append(Finding(entry.chain, max(chain.seq, 1), Fault.UNLINKED, entry.seq))
        chain.seq, chain.hash, chain.sound = entry.seq, line.hash, sound
        return found + self._compare(entry.chain, chain)

    def finish(self) -> list[Finding]:
        """Return what can be told only at the end: cut tails, and checkpoints that the database lost."""
        found = list[Finding]()
        for name, chain in sorted(self._chains.items()):
            if chain.rewritten:
                found.append(Finding(name, chain.rewritten[0], Fault.REWRITTEN, chain.rewritten[1]))
            if chain.seq < chain.top:
                found.append(Finding(name, chain.seq + 1, Fault.CUT_OFF, chain.top))
        # The newest checkpoint may stand in one place only: the product stopped between writing the two copies.
        found += [_about(number, Fault.ONE_COPY) for number in sorted(self._copies) if number > self._number + 1]
        if 0 <= self._newest_copy < self._number - 1:
            found.append(Finding(None, self._newest_copy + 1, Fault.ONE_COPY, self._number))
        return found

    def _witness(self, checkpoint: Checkpoint) -> list[Finding]:
        found = list[Finding]()
        for name, (seq, head) in checkpoint.heads.items():
            if not self._asked(name) or seq == 0:
                continue
            chain = self._chains.setdefault(name, _Chain())
            if chain.signed.setdefault(seq, head) != head:
                found.append(Finding(name, seq, Fault.REWRITTEN, seq))
            chain.top = max(chain.top, seq)
        return found

    def _compare(self, name: int, chain: _Chain) -> list[Finding]:
        head = chain.signed.get(chain.seq)
        if head is None:
            return []
        if head != chain.hash:
            first = chain.rewritten[0] if chain.rewritten else chain.good + 1
            chain.rewritten = (first, chain.seq)
            return []
        found = [Finding(name, chain.rewritten[0], Fault.REWRITTEN, chain.rewritten[1])] if chain.rewritten else []
        chain.rewritten, chain.good = None, chain.seq
        return found

    def _asked(self, chain: int) -> bool:
        return self._only is None or chain in self._only


def verify_lines(
    lines: Iterable[ChainLine],
    stored: Iterable[Checkpoint],
    key: Ed25519PublicKey,
    outside: Iterable[Checkpoint] = (),
) -> list[Finding]:
    """Run the whole check over lines in order per chain and checkpoints by number; an empty list means all is well."""
    check = AuditCheck(key)
    found = [finding for checkpoint in outside for finding in check.outside(checkpoint)]
    found += [finding for checkpoint in stored for finding in check.stored(checkpoint)]
    found += [finding for line in lines for finding in check.line(line)]
    return found + check.finish()


def _about(number: int, what: Fault) -> Finding:
    return Finding(None, number, what, number)
