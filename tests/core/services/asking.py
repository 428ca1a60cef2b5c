"""Who writes a request, and who answers it."""

from core.domain.actor import Citizen, Role, Staff
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket
from core.services.staff import AddStaff
from core.services.ticket import AttachToTicket, BeginTicket, DescribeTicket, SendTicket
from tests.core.services.town import Town

WORDS = "Не приходит код по СМС, хотя номер верный."


async def a_member(town: Town, login: str = "vera", role: Role = Role.OPERATOR) -> Staff:
    added = await town.call(AddStaff, login, login.title(), role)
    return Staff(added.id, role)  # type: ignore[attr-defined]


async def a_ticket(town: Town, citizen: Citizen, words: str = WORDS, *, files: int = 0) -> Ticket:
    await town.call(BeginTicket, citizen, SupportTopic.SECURITY)
    await town.call(DescribeTicket, citizen, words)
    for number in range(files):
        await town.call(AttachToTicket, citizen, f"screen-{number}.png", b"picture")
    sent = await town.call(SendTicket, citizen)
    assert isinstance(sent, Ticket)
    return sent
