"""Where people stand, as the store that keeps it is used: read once an update, written once at its end."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager

from aiogram.fsm.storage.base import BaseStorage


class PagedStorage(BaseStorage):
    """A store of aiogram that can keep what an update changes until its end."""

    @abstractmethod
    def page(self) -> AbstractAsyncContextManager[None]:
        """Return a block whose changes are written together at its clean end, and forgotten when it fails."""
