"""The audit chain: lines linked by hashes, checkpoints signed over all heads, the check that names what was touched."""

from core.security.chain.check import AuditCheck, Fault, Finding, verify_lines
from core.security.chain.checkpoints import Checkpoint, sign_checkpoint
from core.security.chain.lines import GENESIS, AuditEntry, ChainLine, chain_of, link

__all__ = [
    "GENESIS",
    "AuditCheck",
    "AuditEntry",
    "ChainLine",
    "Checkpoint",
    "Fault",
    "Finding",
    "chain_of",
    "link",
    "sign_checkpoint",
    "verify_lines",
]
