"""What is told of lines that were searched for."""

from uuid import UUID

from pydantic import BaseModel

from api.routes.conversation.shown import LineBody, line_body
from api.words import Words
from core.domain.conversation import ConversationState
from core.domain.ids import ConversationId
from core.services.conversation import FoundLine


class FoundBody(BaseModel):
    """A line that was searched for, and where it stands."""

    conversation: UUID
    state: ConversationState
    name: str | None
    line: LineBody


class FoundsBody(BaseModel):
    """A page of what was found, the latest first."""

    found: list[FoundBody]
    next: str | None


def found_body(found: FoundLine, words: Words) -> FoundBody:
    """Return what is told of a line that was searched for."""
    return FoundBody(
        conversation=ConversationId(found.conversation.id),
        state=found.conversation.state,
        name=found.name,
        line=line_body(found.line, {}, words),
    )
