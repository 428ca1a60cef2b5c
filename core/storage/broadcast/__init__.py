"""Broadcasts, and the people that they may be written to."""

from core.storage.broadcast.audience import SqlAudience
from core.storage.broadcast.rows import BroadcastRow, SqlBroadcasts

__all__ = ["BroadcastRow", "SqlAudience", "SqlBroadcasts"]
