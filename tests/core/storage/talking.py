"""A conversation in the house: what is personal in it stands in every table of conversations."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.actor import Citizen
from core.domain.conversation import (
    Attached,
    Conversation,
    ConversationState,
    Line,
    LineKind,
    NewLine,
    Side,
)
from core.domain.ids import ConversationId, LineId, StaffId, new_id
from core.domain.support import SupportTopic, Urgency
from core.security.blind import KeyedIndexes
from core.storage.conversation import SqlConversations, SqlDeskEvents, SqlDrafts, SqlLines, SqlRelays
from ops.bell import LocalBell
from tests.core.storage.house import House, Request

SAID = ["Сказано-впервые", "Сказано-потом", "бумага-о-тайном", "черновик-тайный", "55.755811", "bytes-of-a-secret"]


@dataclass
class Talk:
    """The twins of conversations over one transaction."""

    house: House
    here: Request

    def __post_init__(self) -> None:
        transaction, seals, indexes = self.here.transaction, self.here.seals, KeyedIndexes(self.house.keyring)
        self.conversations = SqlConversations(transaction, indexes)
        self.lines = SqlLines(transaction, seals, self.house.shelf, indexes)
        self.drafts = SqlDrafts(transaction, seals)
        self.events = SqlDeskEvents(transaction, LocalBell())
        self.relays = SqlRelays(transaction, seals, self.house.shelf, self.here.staff, self.events)


def a_conversation(citizen: Citizen, now: datetime) -> Conversation:
    """Somebody calls an operator."""
    return Conversation(
        ConversationId(new_id(now)),
        citizen.chat,
        citizen.account,
        "ru",
        SupportTopic.CARD,
        Urgency.NORMAL,
        ConversationState.WAITING,
        now,
        waits_since=now,
    )


def a_line(talk: Conversation, now: datetime, text: str, **more: object) -> Line:
    """The citizen says something."""
    return Line(LineId(new_id(now)), talk.id, 0, Side.CITIZEN, LineKind.TEXT, now, text=text, **more)  # type: ignore[arg-type]


async def talk_privately(house: House, here: Request, citizen: Citizen, staff: StaffId, now: datetime) -> Line:
    """Fill every table of conversations, in the open transaction; returns a line with a file."""
    talk, open_one = Talk(house, here), a_conversation(citizen, now)
    assert await talk.conversations.open(open_one)
    line = await talk.lines.append(NewLine(a_line(open_one, now, SAID[0], point=(55.755811, 37.61))))
    await talk.lines.reword(line, SAID[1], now)
    file = a_line(open_one, now, "", file=Attached(SAID[2], "application/pdf", 17))
    await talk.drafts.keep(open_one, staff, SAID[3], now)
    return await talk.lines.append(NewLine(file, content=SAID[5].encode()))
