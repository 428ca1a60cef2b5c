"""Conversations for programs: the queue, one of them, who has it, what is said in it, what is kept beside it."""

from api.routes.conversation.keeping import rest as keeping
from api.routes.conversation.owning import rest as owning
from api.routes.conversation.reading import rest as reading
from api.routes.conversation.saying import rest as saying

rest = (reading, owning, saying, keeping)

__all__ = ["rest"]
