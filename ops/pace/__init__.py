"""Telegram's budget: shared over Redis in production, within the process otherwise; one law (docs/decisions/0017)."""

from ops.pace.budget import Budget
from ops.pace.local import LocalLedger
from ops.pace.shared import SharedLedger

__all__ = ["Budget", "LocalLedger", "SharedLedger"]
