"""The second factor, the sessions it opens, and the medical messages that go with them."""

from core.storage.factor.factors import SqlFactors
from core.storage.factor.rows import FactorRow, KnownChatRow, MedicalMessageRow, RecoveryCodeRow, UnlockRow
from core.storage.factor.unlocks import SqlUnlocks

__all__ = [
    "FactorRow",
    "KnownChatRow",
    "MedicalMessageRow",
    "RecoveryCodeRow",
    "SqlFactors",
    "SqlUnlocks",
    "UnlockRow",
]
