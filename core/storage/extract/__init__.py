"""Papers from the card as rows, and where their files lie."""

from core.storage.extract.collection import SqlExtracts, owner_of
from core.storage.extract.rows import ExtractRow

__all__ = ["ExtractRow", "SqlExtracts", "owner_of"]
