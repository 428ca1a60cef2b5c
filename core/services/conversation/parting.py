"""Whose a chat's open conversation is, and how it ends from the citizen's side."""

from dataclasses import dataclass, replace

from core.domain.actor import Citizen, Visitor
from core.domain.audit import Operation
from core.domain.conversation import Conversation, Conversations, ConversationState, Ending, Happening
from core.domain.ids import ChatId
from core.ports import Clock
from core.services.conversation.floor import Carrier, Floor


def is_theirs(conversation: Conversation, actor: Visitor | Citizen) -> bool:
    """Whether it is this person's, not of whoever was signed in here before. A visitor's goes on when they sign in."""
    return conversation.account is None or (isinstance(actor, Citizen) and conversation.account == actor.account)


@dataclass(frozen=True, slots=True)
class Parting:
    """Ends a chat's open conversation, inside the open transaction of whoever uses it."""

    conversations: Conversations
    floor: Floor
    carrier: Carrier
    clock: Clock

    async def leave(self, actor: Visitor | Citizen, chat: ChatId, word: str = "signed_out") -> None:
        """End it, if there is one: what its operator has not sent by then does not come any more. `word`: why it ended."""
        found = await self.conversations.of_chat(chat)
        if found is None:
            return
        await self.carrier.event(found, f"conversation.event.{word}")
        epoch = await self.conversations.end(found, Ending.CITIZEN, self.clock.now(), fenced=False)
        if epoch is None:
            return
        over = replace(found, epoch=epoch, state=ConversationState.ENDED)
        await self.carrier.outdate(over)
        self.floor.note(actor, Operation.CONVERSATION_ENDED, found, by="citizen")
        self.floor.tell(Happening.ENDED, over, self.clock.now())
