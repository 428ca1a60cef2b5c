"""Which language each chat chose: for words that must reach people while the database is away."""

from collections import OrderedDict

from core.domain.chat import LANGUAGES
from core.ports import ChatNotes

REMEMBERED = 100_000
"""About 14 MB."""
WORD = "tongue"
KEPT_S = 30 * 24 * 3600.0


class Tongues:
    """The chats that this process met last in memory; `notes` remember those that others met, or that were met before."""

    def __init__(self, notes: ChatNotes | None = None, most: int = REMEMBERED) -> None:
        self._notes, self._most = notes, most
        self._chosen: OrderedDict[int, str] = OrderedDict()

    async def note(self, chat: int, language: str) -> None:
        """Remember how a chat is spoken to; the others are told when it is new here."""
        known = self._chosen.get(chat)
        self._chosen[chat] = language
        self._chosen.move_to_end(chat)
        if len(self._chosen) > self._most:
            self._chosen.popitem(last=False)
        if self._notes is not None and known != language:
            await self._notes.put(chat, WORD, language, KEPT_S)

    async def of(self, chat: int) -> str | None:
        """Return the language that the chat chose, None where nobody knows."""
        known = self._chosen.get(chat)
        if known is None and self._notes is not None:
            known = await self._notes.get(chat, WORD)
        return known if known in LANGUAGES else None
