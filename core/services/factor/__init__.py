"""The second factor: set up, shown, lost; the session it opens, and what goes with the session's end."""

from core.services.factor.checking import FactorCheck, Means, Typed, Wrong
from core.services.factor.herald import Herald
from core.services.factor.keeping import Ending, Sessions
from core.services.factor.messages import ClearMedical, ForgetMedical, NoteMedical, RetryMedical, TakeMedical
from core.services.factor.opening import ChangeSpan, EndSessions, LockRecord, SendFactorCode, UnlockRecord
from core.services.factor.setting import (
    BeginSms,
    BeginTotp,
    ConfirmSms,
    ConfirmTotp,
    Key,
    RenewRecovery,
    ViewKey,
    Workshop,
)
from core.services.factor.viewing import SecurityView, ViewSecurity

__all__ = [
    "BeginSms",
    "BeginTotp",
    "ChangeSpan",
    "ClearMedical",
    "ConfirmSms",
    "ConfirmTotp",
    "EndSessions",
    "Ending",
    "FactorCheck",
    "ForgetMedical",
    "Herald",
    "Key",
    "LockRecord",
    "Means",
    "NoteMedical",
    "RenewRecovery",
    "RetryMedical",
    "SecurityView",
    "SendFactorCode",
    "Sessions",
    "TakeMedical",
    "Typed",
    "UnlockRecord",
    "ViewKey",
    "ViewSecurity",
    "Workshop",
    "Wrong",
]
