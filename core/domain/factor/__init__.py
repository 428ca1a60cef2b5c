"""The second factor of a citizen: what is set up, and the session it opens.

TOTP (RFC 6238) or a code by SMS; ten recovery codes, shown once.
"""

from core.domain.factor.entity import (
    IN_A_ROW,
    LOCK,
    LONGEST_LOCK,
    RECOVERY_CODES,
    TRIES,
    Factor,
    FactorEnded,
    FactorKind,
    FactorLocked,
    Factors,
    NoFactor,
    NoPhone,
    NotYet,
    WrongFactor,
    lock_after,
)
from core.domain.factor.session import FRESH, LONGEST, SPAN, SPANS, Shown, Unlock, Unlocks

__all__ = [
    "FRESH",
    "IN_A_ROW",
    "LOCK",
    "LONGEST",
    "LONGEST_LOCK",
    "RECOVERY_CODES",
    "SPAN",
    "SPANS",
    "TRIES",
    "Factor",
    "FactorEnded",
    "FactorKind",
    "FactorLocked",
    "Factors",
    "NoFactor",
    "NoPhone",
    "NotYet",
    "Shown",
    "Unlock",
    "Unlocks",
    "WrongFactor",
    "lock_after",
]
