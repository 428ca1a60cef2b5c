"""What was asked in a chat: kept sealed for a day, so that an operator who takes over need not ask again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType, Protocol
from uuid import UUID

from core.domain.actor import Citizen, Visitor
from core.domain.ids import ArticleId

AskedId = NewType("AskedId", UUID)
ASKED_KEPT = timedelta(hours=24)
LONGEST_QUESTION = 500
"""Characters that are read and kept; what comes after them is not."""
TOLD_OVER = 5
"""How many of the last questions an operator is told."""
PATIENCE = 2
"""Answers in a row that did not help, before an operator is offered unasked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `article` answered it; None where the bot was not sure. `helped` is what the person said."""

    id: AskedId
    words: str = field(repr=False)
    article: ArticleId | None
    at: datetime
    helped: bool | None = None

    @property
    def failed(self) -> bool:
        """Whether the person was left without help."""
        return self.article is None or self.helped is False


def out_of_patience(recent: Sequence[Asked]) -> bool:
    """Whether the last answers in a row did not help; the oldest come first."""
    return len(recent) >= PATIENCE and all(each.failed for each in recent[-PATIENCE:])


class Questions(Protocol):
    """The questions of chats, sealed."""

    async def note(self, actor: Visitor | Citizen, asked: Asked) -> None: ...

    async def answer(self, actor: Visitor | Citizen, asked: AskedId, article: ArticleId) -> None:
        """The person chose this article of those that were near."""
        ...

    async def rate(self, actor: Visitor | Citizen, asked: AskedId, *, helped: bool) -> ArticleId | None:
        """Note it once; the article that was rated, None when it was rated before or is not this chat's."""
        ...

    async def recent(self, actor: Visitor | Citizen, since: datetime, limit: int) -> Sequence[Asked]:
        """The last ones, the oldest of them first."""
        ...

    async def forget_before(self, moment: datetime) -> int: ...
