"""A request with something personal in everything that it holds."""

from datetime import datetime

from core.domain.actor import Citizen
from core.domain.ids import RemarkId, TicketId, new_id
from core.domain.support import SupportTopic
from core.domain.ticket import Attachment, Remark, RemarkSide, Ticket, TicketState
from core.security.blind import KeyedIndexes
from core.storage.ticket import SqlTickets, SqlTicketWords
from tests.core.storage.house import House, Request

ASKED = (
    "слова-обращения",
    "26-000777",
    "слова-оценки",
    "слова-ответа",
    "имя-файла-обращения.png",
    "bytes-of-a-request",
)


def tickets_of(house: House, here: Request) -> SqlTickets:
    """Return the collection in the open transaction."""
    return SqlTickets(here.transaction, here.seals, house.shelf)


async def ask_privately(house: House, here: Request, citizen: Citizen, now: datetime) -> Remark:
    """Fill every table of requests, in the open transaction; returns a remark with a file."""
    tickets = tickets_of(house, here)
    asked = Ticket(
        id=TicketId(new_id(now)),
        number="26-000001",
        account=citizen.account,
        chat=citizen.chat,
        language="ru",
        topic=SupportTopic.CARD,
        state=TicketState.IN_WORK,
        opened_at=now,
        changed_at=now,
        description=ASKED[0],
        earlier=ASKED[1],
        rated=ASKED[2],
    )
    await tickets.begin(asked)
    remark = Remark(RemarkId(new_id(now)), asked.id, RemarkSide.CITIZEN, now, ASKED[3], number=1)
    await tickets.say(remark)
    await tickets.attach(remark, Attachment(ASKED[4], "image/png", 18), ASKED[5].encode())
    words = SqlTicketWords(here.transaction, here.seals, house.shelf, KeyedIndexes(house.keyring))
    assert await words.index(10) == 1
    return remark
