"""Conversations in the database: sealed lines, fenced ownership, events numbered without gaps."""

from core.storage.conversation.beside import SqlDeskSettings, SqlDrafts
from core.storage.conversation.events import SqlDeskEvents
from core.storage.conversation.lines import SqlLines
from core.storage.conversation.owning import SqlConversations
from core.storage.conversation.relays import SqlRelays
from core.storage.conversation.rows import (
    ConversationRow,
    DeskCounterRow,
    DeskEventRow,
    DeskSettingRow,
    DraftRow,
    LineRow,
    VersionRow,
    WordRow,
)
from core.storage.conversation.showing import owner_of

__all__ = [
    "ConversationRow",
    "DeskCounterRow",
    "DeskEventRow",
    "DeskSettingRow",
    "DraftRow",
    "LineRow",
    "SqlConversations",
    "SqlDeskEvents",
    "SqlDeskSettings",
    "SqlDrafts",
    "SqlLines",
    "SqlRelays",
    "VersionRow",
    "WordRow",
    "owner_of",
]
