"""The second factor of a citizen: what is set up, and the session it opens.

TOTP (RFC 6238) or a code by SMS; ten recovery codes, shown once.
"""

from core.domain.factor.entity import (
    IN_A_ROW,
    RECOVERY_CODES,
    Factor,
    FactorEnded,
    FactorKind,
    FactorLocked,
    Factors,
    NoFactor,
    NoPhone,
    NotYet,
    WrongFactor,
)
from core.domain.factor.session import FRESH, LONGEST, SPAN, SPANS, Shown, Unlock, Unlocks

__all__ = [
    "FRESH",
    "IN_A_ROW",
    "LONGEST",
    "RECOVERY_CODES",
    "SPAN",
    "SPANS",
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
]
