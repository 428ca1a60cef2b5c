"""What another group has stays with it: merged, linked, and made of a conversation."""

import asyncio

import pytest

from core.domain.actor import Citizen, Role, Staff
from core.domain.audit import Operation, Sought
from core.domain.conversation import NotYours
from core.domain.ids import ConversationId
from core.domain.support import SupportTopic
from core.domain.ticket import Ticket, TicketNotThere, TooManyTickets
from core.services.audit import ReadAudit
from core.services.conversation import EndConversation
from core.services.ticket import (
    AssignTicket,
    LinkTickets,
    ListTickets,
    MergeTickets,
    TicketFromConversation,
    ViewTicketAtDesk,
)
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.talking import a_team, an_operator, call, take
from tests.core.services.test_ticket_desk import both
from tests.core.services.town import Town

SECRET = "Жалоба на врача, очень личное"


async def merged(town: Town, boss: Staff, citizen: Citizen, *, staying: bool) -> Ticket:
    """A group's request goes into another, which is another group's (`staying`) or nobody's."""
    gone, stays = await a_ticket(town, citizen, SECRET), await a_ticket(town, citizen, "Второе, обычное")
    await town.call(AssignTicket, boss, gone.id, None, await a_team(town, "Жалобы"))
    if staying:
        await town.call(AssignTicket, boss, stays.id, None, await a_team(town, "Карты"))
    into = await town.call(MergeTickets, boss, gone.id, stays.id)
    assert isinstance(into, Ticket)
    return into


async def test_what_a_group_had_is_not_carried_to_everybody_by_merging(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    boss = await a_member(town, "boss", Role.SENIOR)
    into = await merged(town, boss, citizen, staying=False)
    with pytest.raises(TicketNotThere):
        await town.call(ViewTicketAtDesk, vera, into.id)
    assert SECRET in [each.text for each in (await town.call(ViewTicketAtDesk, boss, into.id)).remarks]  # type: ignore[attr-defined]


async def test_nor_to_the_group_that_it_went_to(town: Town) -> None:
    citizen, boss = await town.sign_in(), await a_member(town, "boss", Role.SENIOR)
    into = await merged(town, boss, citizen, staying=True)
    lena = await an_operator(town, "lena", "Лена", team=into.team)
    view = await town.call(ViewTicketAtDesk, lena, into.id)
    assert (view.merged, SECRET in [each.text for each in view.remarks]) == ([], False)  # type: ignore[attr-defined]


async def test_a_link_stands_in_the_journals_of_both(town: Town) -> None:
    (citizen, boris), vera = await both(town), await a_member(town)
    one, other = await a_ticket(town, citizen), await a_ticket(town, boris)
    await town.call(LinkTickets, vera, one.id, other.id)
    auditor = await a_member(town, "auditor", Role.AUDITOR)
    for person in (citizen, boris):
        page = await town.call(ReadAudit, auditor, Sought(person=person.account), limit=100)
        noted = [each.operation for each in page.entries]  # type: ignore[attr-defined]
        assert noted.count(Operation.TICKET_LINKED) == 1


async def made(town: Town, staff: Staff, talk: ConversationId) -> Ticket:
    found = await town.call(TicketFromConversation, staff, talk, SupportTopic.CARD, "Карта не открывается")
    assert isinstance(found, Ticket)
    return found


async def test_only_who_has_the_conversation_writes_in_its_citizens_name(town: Town) -> None:
    citizen, zoya = await town.sign_in(), await an_operator(town)
    vera, boss = await an_operator(town, "vera", "Вера"), await an_operator(town, "boss", "Босс", Role.SENIOR)
    talk = await call(town, citizen)
    with pytest.raises(NotYours):
        await made(town, zoya, talk)
    await take(town, zoya, talk)
    with pytest.raises(NotYours):
        await made(town, vera, talk)
    await town.call(EndConversation, zoya, talk)
    with pytest.raises(NotYours):
        await made(town, zoya, talk)
    assert (await made(town, boss, talk)).account == citizen.account


async def test_two_at_once_make_one_request_and_not_a_sixth(town: Town) -> None:
    citizen, zoya = await town.sign_in(), await an_operator(town)
    for _ in range(4):
        await a_ticket(town, citizen)
    talk = await call(town, citizen)
    await take(town, zoya, talk)
    one, other = await asyncio.gather(made(town, zoya, talk), made(town, zoya, talk))
    assert one.id == other.id
    assert (await town.call(ListTickets, citizen)).paging.total == 5  # type: ignore[attr-defined]
    await town.call(EndConversation, zoya, talk)
    again = await call(town, citizen)
    await take(town, zoya, again)
    with pytest.raises(TooManyTickets):
        await made(town, zoya, again)
