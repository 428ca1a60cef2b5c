"""What an operator has opened for somebody in a conversation: a step of the bot beside it, a paper that is asked for.

Kept for half an hour, by this process and in the notes that processes share. Where it is lost, what is typed goes to the
operator again, and a file is no answer to a question of theirs: nothing else.
"""

from collections import OrderedDict

from core.domain.ids import ChatId
from core.ports import ChatNotes

KEPT_S = 1800.0
REMEMBERED = 10_000
STEP, PAPER, TOLD = "step", "paper", "told"
"""A place is open beside the talk; the messages that ask for a paper, the operator's and the bot's; somebody in the queue knows
that we pass on.
"""


class Steps:
    """Small words about the chats that talk now, each good for one conversation: `of` is its id."""

    def __init__(self, notes: ChatNotes | None = None) -> None:
        self._notes = notes
        self._noted: OrderedDict[tuple[int, str], str] = OrderedDict()

    async def put(self, chat: ChatId, word: str, of: object, value: str = "") -> None:
        """Note a word."""
        noted = f"{of}/{value}"
        self._noted[chat, word] = noted
        self._noted.move_to_end((chat, word))
        if len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        if self._notes is not None:
            await self._notes.put(chat, f"talk_{word}", noted, KEPT_S)

    async def get(self, chat: ChatId, word: str, of: object) -> str | None:
        """Return what was noted of this conversation, None where nothing was."""
        found = await self._notes.get(chat, f"talk_{word}") if self._notes is not None else None
        noted = found if found is not None or self._notes is not None else self._noted.get((chat, word))
        before, mark, value = (noted or "").partition("/")
        return value if mark and before == str(of) else None

    async def first(self, chat: ChatId, word: str, of: object) -> bool:
        """Whether nobody has noted it of this conversation; from now on somebody has."""
        if self._noted.get((chat, word)) == f"{of}/" or await self.get(chat, word, of) is not None:
            return False
        await self.put(chat, word, of)
        return True

    async def forget(self, chat: ChatId, word: str) -> None:
        """Nothing is noted any more."""
        self._noted.pop((chat, word), None)
        if self._notes is not None:
            await self._notes.forget(chat, f"talk_{word}")
