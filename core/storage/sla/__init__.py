"""Limits, clocks and promises of an answer, and who waits for one."""

from core.storage.sla.ledger import ClockRow, LimitsRow, PromiseRow, SqlSla
from core.storage.sla.waits import SqlOpenWaits

__all__ = ["ClockRow", "LimitsRow", "PromiseRow", "SqlOpenWaits", "SqlSla"]
